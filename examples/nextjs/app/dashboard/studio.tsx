"use client";

// What an application says while nothing is known, to nobody, and to somebody whose call is refused.
// Wishes: 139, 140, 143, 144.

import { useAuth } from "@guichet/client/react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { SignOutButton } from "@/components/sign-out-button";
import { auth } from "@/lib/auth-client";
import { generate, whoAmI } from "@/lib/images";
import { TokenStatus } from "./token-status";

interface Backend {
  name: string;
  url: string;
}

const messageOf = (failure: unknown) =>
  // A fetch that nobody answers is a TypeError, in the browser's own words.
  failure instanceof TypeError || !(failure instanceof Error) ? "Le service ne répond pas" : failure.message;

export function Studio({ backends }: { backends: Backend[] }) {
  const { isLoaded, isSignedIn, session, error } = useAuth(auth);
  const [backend, setBackend] = useState(backends[0]?.url ?? "");
  const [wrong, setWrong] = useState("");
  const [told, setTold] = useState("");
  const [image, setImage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function attempt(call: () => Promise<string>) {
    setBusy(true);
    setWrong("");
    setTold("");
    setImage(null);
    try {
      setTold(await call());
    } catch (failure) {
      setWrong(messageOf(failure));
    }
    setBusy(false);
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const prompt = String(new FormData(event.currentTarget).get("prompt"));
    void attempt(async () => {
      const percent = (progress: number) => `${Math.round(progress * 100)} %`;
      const job = await generate(backend, prompt, ({ progress }) => setTold(`Image en cours : ${percent(progress)}`));
      if (job.status !== "done") throw new Error("L’image n’a pas pu être faite");
      setImage(job.image_url);
      return "Image prête";
    });
  }

  const showMe = () =>
    attempt(async () => {
      const { user_id, organization_id, role } = await whoAmI(backend);
      return `Pour l’API, vous êtes ${user_id}, organisation ${organization_id ?? "aucune"}, rôle ${role ?? "aucun"}`;
    });

  /** One token is asked for, however many calls want one. */
  const askTwentyTimes = () =>
    attempt(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => whoAmI(backend)));
      return `${answers.length} réponses avec un seul jeton`;
    });

  return (
    <>
      <div className="sheet">
        <h2>Générer une image</h2>
        {!isLoaded && (
          <p className="quiet" data-testid="state">
            Authentification non chargée
          </p>
        )}
        {isLoaded && !isSignedIn && (
          <p data-testid="state">
            Vous devez être connecté pour générer des images.{" "}
            <Link href="/login?callbackURL=/dashboard">Connexion</Link>
          </p>
        )}
        {isSignedIn && (
          <p data-testid="state">
            Connecté en tant que <strong>{session?.user.email}</strong>
          </p>
        )}
        {error && <p role="alert">Le service de connexion ne répond pas</p>}
        <form onSubmit={submit}>
          <label>
            Service
            <select value={backend} onChange={(event) => setBackend(event.target.value)}>
              {backends.map(({ name, url }) => (
                <option key={url} value={url}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <label>
            Description
            <input name="prompt" defaultValue="Un guichet sous la neige" required />
          </label>
          {told && <p role="status">{told}</p>}
          {wrong && <p role="alert">{wrong}</p>}
          {image && <img src={image} alt="Image générée" />}
          <div className="row">
            <button disabled={busy}>Générer</button>
            <button type="button" className="plain" disabled={busy} onClick={showMe}>
              Qui suis-je pour l’API ?
            </button>
            <button type="button" className="plain" disabled={busy} onClick={askTwentyTimes}>
              Vingt appels à la fois
            </button>
          </div>
        </form>
      </div>
      <TokenStatus />
      {isSignedIn && <SignOutButton />}
    </>
  );
}
