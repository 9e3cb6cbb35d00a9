// The examples of docs/applications, compiled and used against a running Guichet. Environment: BASE, where it listens.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { run } from "./test-channel.mjs";

const BASE = process.env.BASE;
process.env.GUICHET_URL = BASE;
const SITE = process.env.SITE;
const COMPILER = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
const PERSON = { email: "jean@example.com", password: "correct horse battery", name: "Jean" };

/** An example as a module. */
async function example(path) {
  const entry = fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
  const built = await build({ configFile: false, logLevel: "warn", build: { ssr: entry, write: false, target: "node20" } });
  return import(`data:text/javascript,${encodeURIComponent(built.output[0].code)}`);
}

const post = (path, body, headers = {}) =>
  new Request(`${SITE}/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, ...headers },
    body: JSON.stringify(body),
  });
const cookies = (answer) => answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");

/** Next's route handler: verbs, cookies, redirects, refusals. Gives the signed-in browser's Cookie header. */
async function theRoute() {
  const { GET, POST, DELETE } = await example("nextjs/app/api/auth/[...all]/route.ts");
  const up = await POST(post("/sign-up/email", { ...PERSON, rememberMe: false }));
  assert.equal(up.status, 200);
  assert.ok(up.headers.getSetCookie().length >= 2, "each cookie by itself");
  const cookie = cookies(up);
  const me = await GET(new Request(`${SITE}/api/auth/get-session`, { headers: { cookie } }));
  assert.equal((await me.json()).user.email, PERSON.email);
  const wrong = await POST(post("/sign-in/email", { ...PERSON, password: "not this one" }));
  assert.equal(wrong.status, 401);
  assert.equal((await wrong.json()).code, "INVALID_EMAIL_OR_PASSWORD");
  const evil = await POST(post("/sign-out", {}, { origin: "https://evil.test", cookie }));
  assert.equal(evil.status, 403, "the browser's origin is handed on");
  const away = await GET(new Request(`${SITE}/api/auth/verify-email?token=nonsense&callbackURL=${SITE}/in`));
  assert.equal(away.status, 302, "a redirect is the browser's to follow");
  assert.ok(away.headers.get("location").startsWith(`${SITE}/in?error=`));
  assert.equal((await DELETE(new Request(`${SITE}/api/auth/get-session`, { method: "DELETE" }))).status, 404);
  return cookie;
}

async function theGuard(cookie) {
  const { proxy } = await example("nextjs/proxy.ts");
  const visit = (headers) => proxy(new Request(`${SITE}/client/bills?year=2026`, { headers }));
  assert.equal(await visit({ cookie }), undefined);
  for (const headers of [{}, { cookie: "better-auth.session_token=nonsense" }]) {
    const away = await visit(headers);
    assert.equal(away.status, 307);
    assert.equal(away.headers.get("location"), `${SITE}/sign-in?from=%2Fclient%2Fbills%3Fyear%3D2026`);
  }
}

/** An API that refuses the first token it sees. */
async function theApi(cookie) {
  const { newApi } = await example("fetch/api.ts");
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(seen.length === 1 ? 401 : 200).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  let asked = 0;
  const browser = (jar) => (url, init) => {
    const ours = url.startsWith(BASE);
    if (ours) asked += 1;
    return fetch(url, ours ? { ...init, headers: { ...init.headers, cookie: jar } } : init);
  };
  const where = `http://127.0.0.1:${server.address().port}`;
  const api = newApi(BASE, where, browser(cookie));
  const tokens = await Promise.all(Array.from({ length: 20 }, () => api.getToken()));
  assert.equal(new Set(tokens).size, 1);
  assert.equal(asked, 1, "twenty callers, one request");
  assert.equal((await api.call("/images", { method: "POST", body: "{}" })).status, 200, "once more with a fresh token");
  assert.equal(asked, 2);
  assert.ok(seen.every((header) => header.startsWith("Bearer ey")));
  await assert.rejects(newApi(BASE, where, browser("")).call("/images"), /Nobody is signed in/);
  assert.equal(seen.length, 2, "nothing is asked of the API then");
}

await run(async () => {
  const project = fileURLToPath(new URL("../../examples", import.meta.url));
  execFileSync(process.execPath, [COMPILER, "-p", project], { stdio: ["ignore", 2, 2] });
  const cookie = await theRoute();
  await theGuard(cookie);
  await theApi(cookie);
});
