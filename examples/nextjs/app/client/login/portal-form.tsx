"use client";

// The tenants' door, with a form of the application's own.
// Wishes: 100, 101, 126.

import { type FormEvent, useState } from "react";
import { auth } from "@/lib/auth-client";

type Step = "email" | "otp";

const UNREACHABLE = "Le service de connexion ne répond pas";

/** What two steps have in common: an answer, a refusal, or nobody who answers. */
async function messageOf(call: () => Promise<{ error: { message?: string } | null }>): Promise<string> {
  try {
    const { error } = await call();
    return error ? (error.message ?? "La demande a échoué") : "";
  } catch {
    return UNREACHABLE;
  }
}

export function PortalForm() {
  const [step, setStep] = useState<Step>("email");
  const [email, setEmail] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);

  async function attempt(call: Parameters<typeof messageOf>[0]): Promise<boolean> {
    setBusy(true);
    const message = await messageOf(call);
    setWrong(message);
    setBusy(false);
    return message === "";
  }

  async function askForCode(): Promise<void> {
    // The portal finds its people in the business database, and makes their user. The answer tells nobody who that is.
    const prepare = () => auth.client.$fetch("/client/prepare-login", { method: "POST", body: { email } });
    const send = () => auth.client.emailOtp.sendVerificationOtp({ email, type: "sign-in" });
    if ((await attempt(prepare)) && (await attempt(send))) setStep("otp");
  }

  async function submitEmail(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    await askForCode();
  }

  async function submitCode(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const otp = String(new FormData(event.currentTarget).get("otp")).trim();
    await attempt(() => auth.signIn.emailOtp({ email, otp }));
  }

  if (step === "email") {
    return (
      <form key="email" className="sheet" onSubmit={submitEmail} method="post">
        <label>
          E-mail
          <input
            name="email"
            type="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            required
          />
        </label>
        {wrong && <p role="alert">{wrong}</p>}
        <button disabled={busy}>Recevoir un code</button>
      </form>
    );
  }
  return (
    <form key="otp" className="sheet" onSubmit={submitCode} method="post">
      <p>
        Si cette adresse est connue ici, un code à six chiffres vient d’y être envoyé : <strong>{email}</strong>
      </p>
      <label>
        Code
        <input
          name="otp"
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="[0-9]{6}"
          maxLength={6}
          autoFocus
          required
        />
      </label>
      {wrong && <p role="alert">{wrong}</p>}
      <button disabled={busy}>Se connecter</button>
      <button type="button" className="plain" disabled={busy} onClick={askForCode}>
        Renvoyer un code
      </button>
      <button type="button" className="plain" disabled={busy} onClick={() => setStep("email")}>
        Changer d’adresse
      </button>
    </form>
  );
}
