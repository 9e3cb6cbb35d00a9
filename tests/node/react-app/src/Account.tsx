import { type FormEvent, useState } from "react";
import { signOut, updateUser } from "./auth-client";
import { trouble } from "./trouble";

export function Account({ user }: { user: { name: string; email: string } }) {
  const [told, setTold] = useState<string>();

  async function rename(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name"));
    setTold(await trouble(updateUser({ name })));
  }

  async function leave() {
    setTold(await trouble(signOut()));
  }

  return (
    <section>
      <h1>Hello {user.name}</h1>
      <p>{user.email}</p>
      <form onSubmit={(event) => void rename(event)}>
        <label>
          Name <input name="name" defaultValue={user.name} />
        </label>
        <button>Rename</button>
      </form>
      <button onClick={() => void leave()}>Sign out</button>
      {told && <p role="alert">{told}</p>}
    </section>
  );
}
