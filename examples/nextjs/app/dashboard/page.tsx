import { getSession } from "@/lib/auth";
import { leave } from "../signup/actions";
import { Studio } from "./studio";

export const dynamic = "force-dynamic";

/** Not protected: it shows what an application says while nothing is known, and to nobody. */
export default async function Dashboard() {
  const session = await getSession();
  const backends = [
    { name: "FastAPI", url: process.env.FASTAPI_URL ?? "http://127.0.0.1:8001" },
    { name: "Flask", url: process.env.FLASK_URL ?? "http://127.0.0.1:8002" },
  ];
  return (
    <main>
      <h1>Tableau de bord</h1>
      <p className="quiet">Le navigateur appelle les API avec un jeton court, qu’il garde en mémoire et renouvelle.</p>
      <Studio backends={backends} />
      {session && (
        <form action={leave} className="row">
          <button className="plain">Se déconnecter (action serveur)</button>
        </form>
      )}
    </main>
  );
}
