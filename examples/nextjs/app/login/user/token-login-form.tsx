"use client";

import { returnPath } from "@guichet/client";
import { type FormEvent, useState } from "react";

export function TokenLoginForm() {
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    setBusy(true);
    const answer = await fetch("/api/tokens/login", {
      method: "POST",
      body: JSON.stringify(Object.fromEntries(new FormData(event.currentTarget))),
    }).catch(() => null);
    if (answer?.ok) {
      const wanted = new URLSearchParams(window.location.search).get("callbackURL");
      window.location.assign(returnPath(wanted, "/user"));
      return;
    }
    const { message } = answer ? await answer.json() : { message: "Le service de connexion ne répond pas" };
    setWrong(message);
    setBusy(false);
  }

  return (
    <form className="sheet" onSubmit={submit} method="post">
      <label>
        E-mail ou nom d’utilisateur
        <input name="identifier" autoComplete="username" required />
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
