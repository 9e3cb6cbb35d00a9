// The examples of examples/proxies, compiled, and called as each framework calls them, before a running Guichet.
// Environment: BASE, where it listens; SITE, the application's origin.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { run } from "./test-channel.mjs";

const { BASE, SITE } = process.env;
process.env.GUICHET_URL = BASE;
const COMPILER = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));

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

async function example(name) {
  const entry = fileURLToPath(new URL(`../../examples/proxies/${name}.ts`, import.meta.url));
  const built = await build({ configFile: false, logLevel: "warn", build: { ssr: entry, write: false, target: "node20" } });
  return import(`data:text/javascript,${encodeURIComponent(built.output[0].code)}`);
}

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
  const cookie = up.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
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

await run(async () => {
  const project = fileURLToPath(new URL("../../examples/proxies", import.meta.url));
  execFileSync(process.execPath, [COMPILER, "-p", project], { stdio: ["ignore", 2, 2] });
  for (const [name, called] of Object.entries(CALLS)) await passesOn(name, called(await example(name)));
});
