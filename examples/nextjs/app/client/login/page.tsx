import { PortalForm } from "./portal-form";

export default function ClientLogin() {
  return (
    <main className="narrow">
      <h1>Espace locataire</h1>
      <p className="quiet">Entrez l’adresse que votre gestionnaire connaît. Un code vous est envoyé par e-mail.</p>
      <PortalForm />
    </main>
  );
}
