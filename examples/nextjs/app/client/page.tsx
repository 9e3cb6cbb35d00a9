import { redirect } from "next/navigation";
import { SignOutButton } from "@/components/sign-out-button";
import { getSession } from "@/lib/auth";

/** The middleware has looked already; where data is read, one looks again. */
export default async function Client() {
  const session = await getSession();
  if (!session) redirect("/client/login");
  const { user } = session;
  return (
    <main>
      <h1>Bonjour {user.name || user.email}</h1>
      <p className="quiet">Vos documents et vos quittances apparaîtraient ici.</p>
      <div className="sheet">
        <dl>
          <dt>E-mail</dt>
          <dd>{user.email}</dd>
          <dt>Rôle</dt>
          <dd>{user.role ?? "aucun"}</dd>
          <dt>Client</dt>
          <dd>{user.clientId ?? "aucun"}</dd>
        </dl>
      </div>
      <SignOutButton />
    </main>
  );
}
