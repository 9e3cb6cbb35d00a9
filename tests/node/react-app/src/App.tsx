import { useState } from "react";
import { Account } from "./Account";
import { useSession } from "./auth-client";
import { Door } from "./Door";

export function App() {
  const { data, error, isPending, refetch } = useSession();
  // Whoever is signed out is pending again at every refetch; a form that is being filled must not vanish then.
  const [asked, setAsked] = useState(false);
  if (!isPending && !asked) setAsked(true);
  if (!asked) return <p role="status">Loading…</p>;
  return (
    <main>
      {error && (
        <p role="alert">
          The session cannot be read. <button onClick={() => void refetch()}>Try again</button>
        </p>
      )}
      {data ? <Account key={data.user.id} user={data.user} /> : !error && <Door />}
    </main>
  );
}
