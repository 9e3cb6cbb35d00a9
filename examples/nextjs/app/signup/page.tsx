import Link from "next/link";
import { SignUpForm } from "./signup-form";

export default function SignUp() {
  return (
    <main className="narrow">
      <h1>Inscription</h1>
      <SignUpForm />
      <p className="quiet">
        Déjà un compte ? <Link href="/login">Connexion</Link>
      </p>
    </main>
  );
}
