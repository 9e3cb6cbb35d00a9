"use client";

import { useState } from "react";
import { auth } from "@/lib/auth-client";

export function SignOutButton() {
  const [wrong, setWrong] = useState("");

  async function leave() {
    const { error } = await auth.signOut();
    setWrong(error?.message ?? "");
  }

  return (
    <div className="row">
      <button type="button" className="plain" onClick={leave}>
        Se déconnecter
      </button>
      {wrong && <p role="alert">{wrong}</p>}
    </div>
  );
}
