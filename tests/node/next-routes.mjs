// Every route that Guichet serves below /api/auth, asked directly and through the application's catch-all route.
import assert from "node:assert/strict";
import { request } from "node:http";
import { sentBack } from "./cookies.mjs";
import { say } from "./kit-build.mjs";

/** Of each answer alone, or of one connection. */
const PASSING = new Set(["date", "connection", "keep-alive", "transfer-encoding", "content-length", "x-request-id"]);

/** Asked again and again, these would end the session that the others need. */
const ENDING = new Set(["/sign-out", "/delete-user", "/revoke-sessions"]);

const VALUES = { provider: "google", id: "x", token: "x", callbackID: "x" };

/** `cookie` is somebody's who is signed in. */
// Wishes: 5.
export async function everyRouteIsTheSame(guichet, site, cookie) {
  const { paths } = await (await fetch(`${guichet}/openapi.json`)).json();
  let compared = 0;
  for (const [path, verbs] of Object.entries(paths)) {
    if (!path.startsWith("/api/auth/")) continue;
    const target = path.replaceAll(/\{(\w+)\}/g, (_, name) => VALUES[name] ?? "x");
    for (const verb of Object.keys(verbs)) {
      const visitors = ENDING.has(target.replace("/api/auth", "")) ? [""] : ["", cookie];
      for (const who of visitors) {
        await sameBothWays(guichet, site, verb.toUpperCase(), target, who);
        compared += 1;
      }
    }
  }
  for (const verb of ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS"]) {
    await sameBothWays(guichet, site, verb, "/api/auth/nothing/here?a=1&a=2", "");
  }
  assert.ok(compared > 60, `only ${compared} were compared`);
  say({ "routes compared": compared });
}

async function sameBothWays(guichet, site, verb, path, cookie) {
  const headers = { origin: site, "accept-language": "fr", "user-agent": "tests", ...(cookie ? { cookie } : {}) };
  const init = { method: verb, headers, redirect: "manual" };
  if (verb !== "GET" && verb !== "HEAD") {
    headers["content-type"] = "application/json";
    init.body = "{}";
  }
  const direct = comparable(await fetch(guichet + path, init));
  const through = comparable(await fetch(site + path, init));
  const what = `${verb} ${path}${cookie ? ", signed in" : ""}`;
  // Next adds to `Vary` for its own pages.
  const varies = through.headers.vary ?? "";
  for (const name of (direct.headers.vary ?? "").split(",")) assert.ok(varies.includes(name.trim()), `${what}: Vary`);
  delete direct.headers.vary;
  delete through.headers.vary;
  assert.deepEqual(through, direct, what);
}

function comparable(answer) {
  const headers = {};
  for (const [name, value] of answer.headers) {
    if (!PASSING.has(name) && name !== "set-cookie") headers[name] = steady(value);
  }
  const cookies = answer.headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, "=…").replace(/Max-Age=[1-9]\d*/, "Max-Age=…"));
  return { status: answer.status, headers, cookies };
}

/** What is drawn anew for each answer: states, challenges, tokens. */
const steady = (value) =>
  value.replaceAll(/ey[\w-]+\.[\w-]+\.[\w-]+/g, "JWT").replaceAll(/(state|nonce|code_challenge)=[^&]*/g, "$1=…");

/** A program without cookies: the token of its sign-in, and what it is good for, through the route. */
// Wishes: 6, 7, 8.
export async function aBearerIsHandedOn(site, { email, password }) {
  const headers = { "content-type": "application/json", origin: site };
  const signIn = await fetch(`${site}/api/auth/sign-in/email`, {
    method: "POST",
    headers,
    body: JSON.stringify({ email, password }),
  });
  const authorization = `Bearer ${signIn.headers.get("set-auth-token")}`;
  const ask = (path, sent) => fetch(`${site}/api/auth${path}`, { headers: sent });
  assert.equal((await (await ask("/get-session", { authorization })).json()).user.email, email);
  assert.equal(await (await ask("/get-session", {})).json(), null);
  const { token } = await (await ask("/token", { authorization })).json();
  assert.equal(token.split(".").length, 3);
  assert.equal((await ask("/token", {})).status, 401);
}

/** The address that Guichet notes for a sign-up that comes from `from`, and claims another one. */
export async function notedAddress(port, from, site) {
  const body = JSON.stringify({ email: `${from}@example.com`, password: "correct horse battery", name: "" });
  const headers = { "content-type": "application/json", origin: site, "x-forwarded-for": "6.6.6.6" };
  const cookie = await new Promise((resolve, reject) => {
    const options = {
      host: "127.0.0.1",
      port,
      localAddress: from,
      method: "POST",
      path: "/api/auth/sign-up/email",
      headers,
    };
    request(options, (answer) => {
      answer.resume();
      resolve(sentBack(answer.headers["set-cookie"] ?? []));
    })
      .on("error", reject)
      .end(body);
  });
  const { session } = await (await fetch(`${site}/api/auth/get-session`, { headers: { cookie } })).json();
  return session.ipAddress;
}
