"use client";

import { SessionProvider, signIn, signOut, useSession } from "next-auth/react";
import { type FormEvent, useState } from "react";

export function NextAuthForm() {
  return (
    <SessionProvider basePath="/api/nextauth">
      <Form />
    </SessionProvider>
  );
}

function Form() {
  const { data, status } = useSession();
  const [wrong, setWrong] = useState("");

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const credentials = Object.fromEntries(new FormData(event.currentTarget));
    const answer = await signIn("credentials", { ...credentials, redirect: false });
    setWrong(answer?.error ?? "");
  }

  if (status === "loading") return <p className="quiet">Authentification non chargée</p>;
  if (data) {
    return (
      <div className="sheet">
        {data.error && <p role="alert">Votre session a pris fin, reconnectez-vous.</p>}
        <dl>
          <dt>E-mail</dt>
          <dd>{data.user?.email}</dd>
          <dt>Jeton court</dt>
          <dd>{data.accessToken ? "présent" : "absent"}</dd>
        </dl>
        <button type="button" className="plain" onClick={() => signOut({ callbackUrl: "/nextauth" })}>
          Se déconnecter
        </button>
      </div>
    );
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
      <button>Se connecter</button>
    </form>
  );
}
