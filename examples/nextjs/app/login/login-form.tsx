"use client";

import { type FormEvent, useState } from "react";
import { auth } from "@/lib/auth-client";

export function LoginForm() {
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email"));
    const password = String(form.get("password"));
    // Where it leads is said once, in lib/auth-client.ts.
    const { error } = await auth.signIn.email({ email, password });
    if (error) {
      setWrong(error.message ?? "La connexion a échoué");
      setBusy(false);
    }
  }

  return (
    <form className="sheet" onSubmit={submit} method="post">
      <label>
        E-mail
        <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Mot de passe
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      {wrong && <p role="alert">{wrong}</p>}
      <button disabled={busy}>Se connecter</button>
    </form>
  );
}
