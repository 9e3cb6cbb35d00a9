import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { guichetHandler } from "@guichet/client/next";
import { json, serve } from "./servers.mjs";

const SITE = "https://app.example.fr";
const warned = [];
console.warn = (text) => warned.push(text);
const visit = (path, init) => new Request(`${SITE}/api/auth${path}`, init);

// Wishes: 1, 5.
test("verbs, bodies, queries and the origin reach Guichet as they came", async () => {
  const { origin, asked } = await serve((_, response) => json(response, 200, {}));
  const handlers = guichetHandler({ url: origin });
  for (const verb of ["POST", "PUT", "PATCH", "DELETE"]) {
    const headers = { origin: SITE, cookie: "a=1; b=2", "content-type": "application/json" };
    await handlers[verb](visit("/x?a=1&a=2&b=%2F", { method: verb, headers, body: '{"é":1}' }));
    const { method, url, headers: sent, body } = asked.at(-1);
    assert.deepEqual([method, url, body], [verb, "/api/auth/x?a=1&a=2&b=%2F", '{"é":1}']);
    assert.deepEqual([sent.origin, sent.cookie, sent["content-type"]], [SITE, "a=1; b=2", "application/json"]);
    assert.equal(sent.host, new URL(origin).host);
  }
  await handlers.GET(visit("/y"));
  assert.deepEqual([asked.at(-1).method, asked.at(-1).body], ["GET", ""]);
});

// Wishes: 5, 37.
test("every Set-Cookie, redirects and refusals come back as they are", async () => {
  const answers = {
    "/api/auth/cookies": [
      200,
      { "set-cookie": ["a=1; Path=/; HttpOnly", "b=2; Expires=Thu, 01 Jan 2026 00:00:00 GMT", "c=%2B%3D"] },
    ],
    "/api/auth/away": [302, { location: "https://idp.example/?a=1", "set-cookie": ["state=1"] }],
    "/api/auth/no": [401, {}],
    "/api/auth/nothing": [204, {}],
    "/api/auth/unchanged": [304, { etag: '"1"' }],
  };
  const { origin } = await serve(({ url }, response) => {
    const [status, headers] = answers[url];
    response.writeHead(status, headers).end(status === 401 ? '{"code":"NO"}' : undefined);
  });
  const { GET } = guichetHandler({ url: origin });
  for (const [path, [status, headers]] of Object.entries(answers)) {
    const answer = await GET(new Request(SITE + path));
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("location"), headers.location ?? null);
    assert.deepEqual(answer.headers.getSetCookie(), headers["set-cookie"] ?? []);
    assert.equal(await answer.text(), status === 401 ? '{"code":"NO"}' : "");
  }
});

// Wishes: 5.
test("headers of one connection stay with it, and an encoding is undone", async () => {
  const { origin, asked } = await serve((_, response) => {
    const headers = {
      "content-encoding": "gzip",
      "content-type": "text/plain",
      connection: "x-secret",
      "x-secret": "1",
    };
    response.writeHead(200, headers).end(gzipSync("bonjour"));
  });
  const { POST } = guichetHandler({ url: origin });
  const headers = {
    connection: "x-hop",
    "x-hop": "1",
    te: "trailers",
    "x-forwarded-host": "evil.test",
    forwarded: "for=1.2.3.4",
    "accept-encoding": "zstd",
    "x-middleware-subrequest": "1",
    "accept-language": "fr",
    authorization: "Bearer a.b",
  };
  const answer = await POST(visit("/x", { method: "POST", headers, body: "{}" }));
  assert.equal(await answer.text(), "bonjour");
  assert.equal(answer.headers.get("content-encoding"), null);
  assert.equal(answer.headers.get("x-secret"), null);
  const sent = asked[0].headers;
  for (const name of ["x-hop", "te", "x-forwarded-host", "forwarded", "x-middleware-subrequest"]) {
    assert.equal(sent[name], undefined, name);
  }
  assert.deepEqual([sent["accept-language"], sent.authorization], ["fr", "Bearer a.b"]);
  assert.ok(!sent["accept-encoding"]?.includes("zstd"));
});

test("an address that a visitor writes is believed behind a proxy alone", async () => {
  const { origin, asked } = await serve((_, response) => json(response, 200, {}));
  const forged = () => visit("/x", { headers: { "x-forwarded-for": "6.6.6.6" } });
  await guichetHandler({ url: origin }).GET(forged());
  await guichetHandler({ url: origin }).GET(forged());
  assert.deepEqual(
    asked.map(({ headers }) => headers["x-forwarded-for"]),
    [undefined, undefined],
  );
  assert.equal(warned.length, 1, "said once");
  await guichetHandler({ url: origin, behindProxy: true }).GET(forged());
  assert.equal(asked[2].headers["x-forwarded-for"], "6.6.6.6");
});

test("nobody answers, or too late, or it is not known where: a clear refusal in the visitor's language", async () => {
  const { origin } = await serve(() => {});
  const said = async (answer) => {
    assert.equal(answer.headers.get("cache-control"), "no-store");
    return [answer.status, ...Object.values(await answer.json())];
  };
  const french = (init) => visit("/x", { ...init, headers: { "accept-language": "fr-FR, en;q=0.5" } });
  const english = () => visit("/x", { headers: { "accept-language": "en" } });
  const closed = createServer();
  await new Promise((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const nobody = `http://127.0.0.1:${closed.address().port}`;
  await new Promise((resolve) => closed.close(resolve));

  assert.deepEqual(await said(await guichetHandler({ url: nobody }).GET(french())), [
    502,
    "BAD_GATEWAY",
    "Le service de connexion ne répond pas",
  ]);
  assert.deepEqual(await said(await guichetHandler({ url: nobody }).GET(english())), [
    502,
    "BAD_GATEWAY",
    "The sign-in service does not answer",
  ]);
  const late = await guichetHandler({ url: origin, timeout: 50 }).GET(french());
  assert.deepEqual(await said(late), [504, "GATEWAY_TIMEOUT", "Le service de connexion met trop longtemps à répondre"]);
  const unset = await guichetHandler({ url: undefined }).GET(french());
  assert.deepEqual(await said(unset), [500, "GUICHET_URL_MISSING", "Le service de connexion n’est pas configuré"]);
  const large = await guichetHandler({ url: origin, bodyLimit: 10 }).POST(
    french({ method: "POST", body: "x".repeat(11) }),
  );
  assert.deepEqual(await said(large), [413, "PAYLOAD_TOO_LARGE", "La requête est trop volumineuse"]);
});

test("no path leads to another host or out of the mount", async () => {
  const { origin, asked } = await serve((_, response) => json(response, 200, {}));
  const { GET } = guichetHandler({ url: origin });
  for (const path of [
    "//evil.test/x",
    "/api/auth/../../admin",
    "/api/auth/%2e%2e/%2e%2e/admin",
    "/api/authx/y",
    "/auth/login",
  ]) {
    const answer = await GET(new Request(`${SITE}${path}`));
    assert.equal(answer.status, 404, path);
  }
  assert.equal(asked.length, 0);
  await GET(new Request(`${SITE}/api/auth/@evil.test/x`));
  assert.equal(asked[0].url, "/api/auth/@evil.test/x");
});

test("who goes away ends the request", async () => {
  const going = new AbortController();
  let ended;
  const closed = new Promise((resolve) => (ended = resolve));
  const { origin } = await serve((request) => {
    request.socket.on("close", ended);
    going.abort();
  });
  const answer = await guichetHandler({ url: origin }).GET(visit("/x", { signal: going.signal }));
  assert.equal(answer.status, 502);
  await closed;
});

// Wishes: 60.
test("any server that speaks Request and Response can hand requests on: nothing of Next is needed", async () => {
  const cookies = ["a=1; Path=/", "b=2; Path=/"];
  const guichet = await serve((request, response) =>
    json(response, 200, { url: request.url }, { "set-cookie": cookies }),
  );
  const handlers = guichetHandler({ url: guichet.origin, behindProxy: true });
  const site = await serve(async ({ method, url, headers }, response, body) => {
    const init = { method, headers, ...(body ? { body } : {}) };
    const answer = await handlers[method](new Request(`http://${headers.host}${url}`, init));
    response.writeHead(answer.status, { "set-cookie": answer.headers.getSetCookie() }).end(await answer.text());
  });
  const answer = await fetch(`${site.origin}/api/auth/sign-in/email?x=1`, { method: "POST", body: "{}" });
  assert.deepEqual([answer.status, answer.headers.getSetCookie()], [200, cookies]);
  assert.deepEqual(await answer.json(), { url: "/api/auth/sign-in/email?x=1" });
  assert.equal(guichet.asked[0].body, "{}");
});
