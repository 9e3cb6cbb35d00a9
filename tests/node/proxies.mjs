// The examples of examples/proxies, compiled, and called as each framework calls them, before a running Guichet.
// Environment: BASE, where it listens, and believes this machine about visitors' addresses; SITE, the application's origin.
import assert from "node:assert/strict";
import { sentBack } from "./cookies.mjs";
import { checkTypes, example, pathOf } from "./example.mjs";
import { buildKit } from "./kit-build.mjs";
import { freePort } from "./listen.mjs";
import { run } from "./test-channel.mjs";

const { BASE, SITE } = process.env;
process.env.GUICHET_URL = BASE;

// What Nuxt provides without an import: an event has its request.
globalThis.defineEventHandler = (handler) => handler;
globalThis.toWebRequest = (event) => event.web.request;

/** How a framework calls what its file exports. */
const CALLS = {
  next: ({ GET, POST }) => (request) => (request.method === "POST" ? POST : GET)(request),
  nuxt: ({ default: handler }) => (request) => handler({ web: { request } }),
  sveltekit: ({ fallback }) => (request) => fallback({ request, params: {} }),
  astro: ({ ALL }) => (request) => ALL({ request, params: {} }),
  hono: ({ mountGuichet }) => {
    const routes = [];
    mountGuichet({ all: (path, handler) => routes.push([path, handler]) });
    assert.deepEqual(routes.map(([path]) => path), ["/api/auth/*"]);
    return (request) => routes[0][1]({ req: { raw: request } });
  },
  "tanstack-start": ({ handlers }) => (request) => handlers[request.method]({ request, params: {} }),
};

const post = (path, body, headers = {}) =>
  new Request(`${SITE}/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, ...headers },
    body: JSON.stringify(body),
  });
const get = (path, headers = {}) => new Request(`${SITE}/api/auth${path}`, { headers });
const person = (name) => ({ email: `${name}@example.com`, password: "correct horse battery", name });

/** The same through the framework as asked directly: status, body, cookies, redirects. */
async function passesOn(name, call) {
  const up = await call(post("/sign-up/email", { ...person(name), rememberMe: false }));
  assert.equal(up.status, 200, name);
  assert.equal(up.headers.getSetCookie().length, 2, `${name}: each cookie by itself`);
  const cookie = sentBack(up.headers.getSetCookie());
  const me = await call(get("/get-session", { cookie }));
  assert.equal((await me.json()).user.email, person(name).email, name);
  const wrong = await call(post("/sign-in/email", { ...person(name), password: "not this one" }));
  assert.deepEqual([wrong.status, (await wrong.json()).code], [401, "INVALID_EMAIL_OR_PASSWORD"], name);
  const evil = await call(post("/sign-out", {}, { origin: "https://evil.test", cookie }));
  assert.equal(evil.status, 403, `${name}: the browser's origin is handed on`);
  const away = await call(get(`/verify-email?token=nonsense&callbackURL=${SITE}/in`));
  assert.equal(away.status, 302, `${name}: a redirect is the browser's to follow`);
  assert.ok(away.headers.get("location").startsWith(`${SITE}/in?error=`), name);
  assert.equal((await call(get("/no-such-route"))).status, 404, name);
  const out = await call(post("/sign-out", {}, { cookie }));
  assert.ok(out.headers.getSetCookie().some((line) => line.includes("Max-Age=0")), name);
  assert.equal(await (await call(get("/get-session", { cookie }))).json(), null, name);
}

/** The address that Guichet notes for somebody whose request says where it comes from. */
async function notedAddress(name, call, claims) {
  const up = await call(post("/sign-up/email", person(name), claims));
  assert.equal(up.status, 200, name);
  const cookie = sentBack(up.headers.getSetCookie());
  return (await (await call(get("/get-session", { cookie }))).json()).session.ipAddress;
}

/** Without a proxy in front, it is the visitor who wrote these headers; with one, the proxy has seen the visitor. */
async function believesNoVisitor(name, called) {
  const claims = { "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6", "x-forwarded-host": "evil.test" };
  const alone = called(await example(`proxies/${name}.ts`));
  assert.notEqual(await notedAddress(`${name}.alone`, alone, claims), "6.6.6.6", `${name}: a forged address is believed`);
  process.env.BEHIND_PROXY = "true";
  const behind = called(await example(`proxies/${name}.ts`, "behind a proxy"));
  delete process.env.BEHIND_PROXY;
  const added = { ...claims, "x-forwarded-for": "6.6.6.6, 203.0.113.9" };
  assert.equal(await notedAddress(`${name}.behind`, behind, added), "203.0.113.9", `${name}: a proxy's word is handed on`);
}

/** When Guichet is not there, a JSON answer says so. */
async function saysThatNobodyAnswers(name, called) {
  process.env.GUICHET_URL = `http://127.0.0.1:${await freePort()}`;
  const call = called(await example(`proxies/${name}.ts`, "Guichet is away"));
  process.env.GUICHET_URL = BASE;
  const answer = await call(get("/get-session"));
  assert.deepEqual([answer.status, (await answer.json()).code], [502, "BAD_GATEWAY"], name);
}

await run(async () => {
  await buildKit();
  checkTypes(pathOf("proxies"));
  for (const [name, called] of Object.entries(CALLS)) {
    await passesOn(name, called(await example(`proxies/${name}.ts`)));
    await believesNoVisitor(name, called);
    await saysThatNobodyAnswers(name, called);
  }
});
