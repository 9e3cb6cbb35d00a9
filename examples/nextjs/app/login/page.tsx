import Link from "next/link";
import { LoginForm } from "./login-form";

export default function Login() {
  return (
    <main className="narrow">
      <h1>Connexion</h1>
      <LoginForm />
      <p className="quiet">
        Pas encore de compte ? <Link href="/signup">Inscription</Link>
      </p>
    </main>
  );
}
