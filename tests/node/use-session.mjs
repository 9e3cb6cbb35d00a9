// `useSession` of the official clients for Vue, Svelte and Solid, and the one for plain JavaScript, outside of a browser:
// what it shows before, while and after somebody is signed in. React's has a whole application: react.mjs.
// Environment: BASE; NODE_OPTIONS=--conditions=browser, for Solid's stores as a browser has them.
import assert from "node:assert/strict";
import { createAuthClient as plain } from "better-auth/client";
import { createAuthClient as solid } from "better-auth/solid";
import { createAuthClient as svelte } from "better-auth/svelte";
import { createAuthClient as vue } from "better-auth/vue";
import { createRoot } from "solid-js";
import { effectScope } from "vue";
import { newBrowser } from "./cookies.mjs";
import { run } from "./test-channel.mjs";

const BASE = process.env.BASE;
const ORIGIN = "http://app.localhost:5173";
const PASSWORD = "correct horse battery";

// The clients ask nothing by themselves on a server, and know a browser by its window.
globalThis.window = new EventTarget();

/** How each framework reads what its client gives: the value at this moment. */
const FRAMEWORKS = {
  plain: { create: plain, read: (client) => follow(client.useSession) },
  svelte: { create: svelte, read: (client) => follow(client.useSession()) },
  vue: {
    create: vue,
    read: (client) => {
      const session = effectScope().run(() => client.useSession());
      return () => session.value;
    },
  },
  solid: { create: solid, read: (client) => createRoot(() => client.useSession()) },
};

/** A store as Svelte reads it. */
function follow(store) {
  let value;
  store.subscribe((next) => (value = next));
  return () => value;
}

function newClient(create) {
  const { visit } = newBrowser(ORIGIN);
  return create({ baseURL: BASE, fetchOptions: { customFetchImpl: visit } });
}

async function until(what, look) {
  for (const began = Date.now(); Date.now() - began < 10_000; ) {
    if (look()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail(what);
}

async function follows(name, { create, read }) {
  const client = newClient(create);
  const session = read(client);
  const is = (what, look) => until(`${name}: ${what}, but ${JSON.stringify(session())}`, () => look(session()));
  await is("nobody is in at first", (now) => !now.isPending && now.data === null && now.error === null);
  const email = `${name}@example.com`;
  const up = await client.signUp.email({ email, password: PASSWORD, name });
  assert.equal(up.error, null);
  await is("a sign-up is seen", (now) => now.data?.user.email === email && !now.isPending);
  assert.equal((await client.updateUser({ name: "Renamed" })).error, null);
  await is("a change is seen", (now) => now.data?.user.name === "Renamed");
  assert.equal(typeof session().refetch, "function");
  await session().refetch();
  await is("it can be asked again", (now) => now.data?.user.name === "Renamed" && now.error === null);
  assert.equal((await client.signOut()).error, null);
  await is("a sign-out is seen", (now) => now.data === null && now.error === null);
  const wrong = await client.signIn.email({ email, password: "not the one at all" });
  assert.equal(wrong.error.code, "INVALID_EMAIL_OR_PASSWORD");
  await is("a wrong password changes nothing", (now) => now.data === null);
}

await run(async () => {
  for (const [name, framework] of Object.entries(FRAMEWORKS)) await follows(name, framework);
});
