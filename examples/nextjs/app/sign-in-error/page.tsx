import Link from "next/link";

/** Where another provider's refusal leads. */
export default async function SignInError({ searchParams }: { searchParams: Promise<{ error?: string | string[] }> }) {
  const { error } = await searchParams;
  const denied = error === "access_denied";
  return (
    <main className="narrow">
      <h1>La connexion n’a pas abouti</h1>
      <p role="alert">{denied ? "Vous avez refusé l’accès." : "Le fournisseur n’a pas confirmé votre identité."}</p>
      <Link href="/login">Réessayer</Link>
    </main>
  );
}
