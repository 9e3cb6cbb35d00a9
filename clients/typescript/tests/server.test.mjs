import assert from "node:assert/strict";
import { test } from "node:test";
import { GuichetUnavailableError, guichetServer, NotSignedInError } from "@guichet/client/next";
import { newScope } from "./request-scope.mjs";
import { json, serve, serveAuth } from "./servers.mjs";

const RIGHT = { email: "jean@example.com", password: "right" };

// Wishes: 3, 35, 37, 59.
test("a server action signs in, and the browser gets the cookies", async () => {
  const server = await serveAuth();
  const scope = newScope({
    "accept-language": "fr",
    "user-agent": "Firefox",
    origin: "https://app.example.fr",
    "x-other": "1",
  });
  const auth = guichetServer({ url: server.origin }, scope);
  assert.equal(await auth.getSession(), null);
  const { data, error } = await auth.signInEmail(RIGHT);
  assert.equal(error, null);
  assert.equal(data.user.email, RIGHT.email);
  const { headers } = server.asked.at(-1);
  assert.deepEqual(
    [headers["accept-language"], headers["user-agent"], headers.origin, headers["x-other"]],
    ["fr", "Firefox", "https://app.example.fr", undefined],
  );
  assert.deepEqual(scope.kept.get("session"), { name: "session", value: "s1", path: "/", httpOnly: true });
  assert.equal((await auth.getSession()).user.name, "Jean");
  assert.match(server.asked.at(-1).url, /disableRefresh=true/);
  await auth.signOut();
  assert.equal(scope.kept.size, 0);
  assert.equal(await auth.getSession(), null);
});

// Wishes: 9, 28.
test("a refusal is given as in the browser, also when nobody answers", async () => {
  const server = await serveAuth();
  const auth = guichetServer({ url: server.origin }, newScope());
  const { data, error } = await auth.signInEmail({ ...RIGHT, password: "wrong" });
  assert.equal(data, null);
  assert.deepEqual(error, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Non", status: 401 });
  const away = guichetServer({ url: "http://127.0.0.1:9" }, newScope({ "accept-language": "en" }));
  assert.deepEqual((await away.signInEmail(RIGHT)).error, {
    code: "UNREACHABLE",
    message: "The sign-in service does not answer",
    status: 0,
  });
});

// Wishes: 59.
test("whoever cannot be asked is not nobody", async () => {
  const server = await serveAuth();
  server.state.session = 1;
  const auth = guichetServer({ url: server.origin });
  const headers = new Headers({ cookie: "session=s1" });
  assert.equal((await auth.getSession(headers)).user.id, "u1");
  assert.equal(await auth.getSession(new Headers({ cookie: "session=s0" })), null);
  assert.equal(await auth.getSession(new Headers()), null);
  server.state.broken = true;
  await assert.rejects(
    auth.getSession(headers),
    (failure) => failure instanceof GuichetUnavailableError && failure.status === 503,
  );
  await assert.rejects(guichetServer({ url: undefined }).getSession(headers), /GUICHET_URL/);
});

// Wishes: 6, 138, 140, 143.
test("a server calls an API with a token, once more after a refusal, and never without", async () => {
  const server = await serveAuth();
  server.state.session = 1;
  const statuses = [401, 200];
  const api = await serve((_, response) => json(response, statuses.shift() ?? 200, {}));
  const auth = guichetServer({ url: server.origin });
  const headers = new Headers({ cookie: "session=s1" });
  const answer = await auth.serverFetch(`${api.origin}/me`, { method: "POST", body: "{}" }, headers);
  assert.equal(answer.status, 200);
  assert.equal(new Set(api.asked.map((asked) => asked.headers.authorization)).size, 2);
  const nobody = new Headers({ cookie: "session=s0", "accept-language": "fr" });
  for (const incoming of [nobody, new Headers()]) {
    await assert.rejects(auth.serverFetch(api.origin, {}, incoming), (failure) => {
      assert.ok(failure instanceof NotSignedInError);
      assert.equal(failure.message, "Vous devez être connecté");
      return true;
    });
  }
  assert.equal(api.asked.length, 2);
});

test("cookies keep their attributes and their signature on the way through", async () => {
  const lines = [
    "better-auth.session_token=a.b%2Bc%3D; Max-Age=604800; Path=/; HttpOnly; Secure; SameSite=Lax",
    "gone=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=example.fr; SameSite=None",
    "=nonsense",
    "odd=%E0%A4%A; Max-Age=soon",
  ];
  const { origin } = await serve((_, response) => json(response, 200, {}, { "set-cookie": lines }));
  const set = [];
  const scope = {
    headers: async () => new Headers(),
    cookies: async () => ({ get: () => undefined, set: (cookie) => set.push(cookie) }),
  };
  await guichetServer({ url: origin }, scope).post("/x", {});
  assert.deepEqual(set, [
    {
      name: "better-auth.session_token",
      value: "a.b+c=",
      maxAge: 604800,
      path: "/",
      httpOnly: true,
      secure: true,
      sameSite: "lax",
    },
    { name: "gone", value: "", maxAge: 0, expires: new Date(0), domain: "example.fr", sameSite: "none" },
    { name: "odd", value: "%E0%A4%A" },
  ]);
});
