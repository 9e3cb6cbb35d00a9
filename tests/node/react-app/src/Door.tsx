import { type FormEvent, useState } from "react";
import { signIn, signUp } from "./auth-client";
import { trouble } from "./trouble";

/** Signs up or in, by the button that was pressed. */
export function Door() {
  const [told, setTold] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function enter(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const pressed = (event.nativeEvent as SubmitEvent).submitter;
    const fields = new FormData(event.currentTarget);
    const [name, email, password] = ["name", "email", "password"].map((field) => String(fields.get(field)));
    if (name === undefined || email === undefined || password === undefined) return;
    setBusy(true);
    const call = pressed?.id === "sign-up" ? signUp.email({ name, email, password }) : signIn.email({ email, password });
    setTold(await trouble(call));
    setBusy(false);
  }

  return (
    <form onSubmit={(event) => void enter(event)}>
      <h1>Who are you?</h1>
      <label>
        Name <input name="name" autoComplete="name" />
      </label>
      <label>
        E-mail <input name="email" type="email" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button id="sign-in" disabled={busy}>
        Sign in
      </button>
      <button id="sign-up" disabled={busy}>
        Sign up
      </button>
      {told && <p role="alert">{told}</p>}
    </form>
  );
}
