"use client";

import { useEffect, useState } from "react";

interface User {
  id: string | number;
  email: string;
  name: string;
}

export function TokenUser() {
  const [user, setUser] = useState<User | null | "unknown">("unknown");
  const [wrong, setWrong] = useState("");

  useEffect(() => {
    fetch("/api/tokens/session")
      .then(async (answer) => {
        const said = await answer.json();
        if (answer.ok) setUser(said?.user ?? null);
        else setWrong(said.message);
      })
      .catch(() => setWrong("Le service de connexion ne répond pas"));
  }, []);

  async function leave() {
    await fetch("/api/tokens/logout", { method: "POST" }).catch(() => null);
    window.location.assign("/login/user");
  }

  return (
    <div className="sheet">
      {wrong && <p role="alert">{wrong}</p>}
      {user === null && <p role="alert">Votre session a pris fin.</p>}
      {user !== null && user !== "unknown" && (
        <dl>
          <dt>Identifiant</dt>
          <dd>{user.id}</dd>
          <dt>E-mail</dt>
          <dd>{user.email}</dd>
          <dt>Nom</dt>
          <dd>{user.name}</dd>
        </dl>
      )}
      <button type="button" className="plain" onClick={leave}>
        Se déconnecter
      </button>
    </div>
  );
}
