"use client";

/** Guichet does not answer: nobody knows who is signed in, which is not the same as nobody. */
export default function Failure({ reset }: { error: Error; reset: () => void }) {
  return (
    <main className="narrow">
      <h1>Un instant…</h1>
      <p role="alert">Cette page n’a pas pu être préparée. Le service de connexion ne répond peut-être pas.</p>
      <button type="button" onClick={reset}>
        Réessayer
      </button>
    </main>
  );
}
