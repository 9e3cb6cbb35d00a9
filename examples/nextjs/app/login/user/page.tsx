import { TokenLoginForm } from "./token-login-form";

export default function TokenLogin() {
  return (
    <main className="narrow">
      <h1>Connexion par jetons</h1>
      <p className="quiet">Par /auth/login : e-mail ou nom d’utilisateur dans un seul champ.</p>
      <TokenLoginForm />
    </main>
  );
}
