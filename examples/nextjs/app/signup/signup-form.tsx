"use client";

import { useActionState } from "react";
import { signUp } from "./actions";

export function SignUpForm() {
  const [state, submit, busy] = useActionState(signUp, { message: "", name: "", email: "" });
  return (
    <form className="sheet" action={submit}>
      <label>
        Nom
        <input name="name" autoComplete="name" defaultValue={state.name} />
      </label>
      <label>
        E-mail
        <input name="email" type="email" autoComplete="username" defaultValue={state.email} required />
      </label>
      <label>
        Mot de passe
        <input name="password" type="password" autoComplete="new-password" required />
      </label>
      {state.message && <p role="alert">{state.message}</p>}
      <button disabled={busy}>Créer mon compte</button>
    </form>
  );
}
