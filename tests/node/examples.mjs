// The example of docs/applications/fetch.md, compiled and used against a running Guichet. Environment: BASE, where it listens.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { sentBack } from "./cookies.mjs";
import { checkTypes, example, pathOf } from "./example.mjs";
import { listen } from "./listen.mjs";
import { run } from "./test-channel.mjs";

const BASE = process.env.BASE;
const SITE = process.env.SITE;
const PERSON = { email: "jean@example.com", password: "correct horse battery", name: "Jean" };

/** The Cookie header of a browser in which somebody has just signed up. */
async function signedUp() {
  const answer = await fetch(`${BASE}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(PERSON),
  });
  assert.equal(answer.status, 200);
  return sentBack(answer.headers.getSetCookie());
}

/** An API that refuses the first token it sees. */
async function theApi(cookie) {
  const { newApi } = await example("fetch/api.ts");
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(seen.length === 1 ? 401 : 200).end();
  });
  const where = await listen(server);
  let asked = 0;
  const browser = (jar) => (url, init) => {
    const ours = url.startsWith(BASE);
    if (ours) asked += 1;
    return fetch(url, ours ? { ...init, headers: { ...init.headers, cookie: jar } } : init);
  };
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
  checkTypes(pathOf(""));
  await theApi(await signedUp());
});
