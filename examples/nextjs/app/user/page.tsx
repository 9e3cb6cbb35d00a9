import { TokenUser } from "./token-user";

/** Protected by the middleware, which knows the token API's cookie. */
export default function User() {
  return (
    <main>
      <h1>Compte par jetons</h1>
      <p className="quiet">Le jeton long reste dans un cookie que le script de cette page ne lit pas.</p>
      <TokenUser />
    </main>
  );
}
