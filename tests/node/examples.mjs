// The example of docs/applications/fetch.md, compiled and used against a running Guichet. Environment: BASE, where it listens.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { run } from "./test-channel.mjs";

const BASE = process.env.BASE;
const SITE = process.env.SITE;
const COMPILER = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
const PERSON = { email: "jean@example.com", password: "correct horse battery", name: "Jean" };

/** An example as a module. */
async function example(path) {
  const entry = fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
  const built = await build({ configFile: false, logLevel: "warn", build: { ssr: entry, write: false, target: "node20" } });
  return import(`data:text/javascript,${encodeURIComponent(built.output[0].code)}`);
}

/** The Cookie header of a browser in which somebody has just signed up. */
async function signedUp() {
  const answer = await fetch(`${BASE}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(PERSON),
  });
  assert.equal(answer.status, 200);
  return answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
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
  await theApi(await signedUp());
});
