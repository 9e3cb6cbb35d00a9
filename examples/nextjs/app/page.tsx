import Link from "next/link";
import { getSession } from "@/lib/auth";

export const dynamic = "force-dynamic";

export default async function Home() {
  const session = await getSession();
  return (
    <main>
      <h1>{session ? `Bonjour ${session.user.name || session.user.email}` : "Bienvenue"}</h1>
      <p className="quiet">
        Cette application n’a ni base de données ni mots de passe : chaque étape est un appel HTTP à Guichet.
      </p>
      <div className="sheet">
        <h2>À essayer</h2>
        <ul>
          <li>
            <Link href="/signup">Créer un compte</Link> (action serveur) ou <Link href="/login">se connecter</Link>{" "}
            (dans le navigateur)
          </li>
          <li>
            <Link href="/dashboard">Tableau de bord</Link> : deux API en Python, appelées avec un jeton court
          </li>
          <li>
            <Link href="/client/login">Espace locataire</Link> : un code par e-mail, sans inscription
          </li>
          <li>
            <Link href="/login/user">API de jetons</Link> et <Link href="/nextauth">NextAuth</Link> devant elle
          </li>
        </ul>
      </div>
    </main>
  );
}
