import assert from "node:assert/strict";
import { test } from "node:test";
import { GuichetUnavailableError, tokenRoutes, tokenSession } from "@guichet/client/next";
import { newScope } from "./request-scope.mjs";
import { json, newToken, serve } from "./servers.mjs";

const JEAN = { id: 123, email: "jean@example.com", name: "Jean" };
const LOGIN = { identifier: "jean", password: "right" };

/** The token API: every refresh token works once. */
async function serveTokens() {
  const state = { rotations: 0, good: new Set(), broken: false };
  const pair = () => {
    const refresh = `r${(state.rotations += 1)}`;
    state.good.add(refresh);
    return {
      access_token: newToken(900, state.rotations),
      refresh_token: refresh,
      token_type: "bearer",
      expires_in: 900,
    };
  };
  const routes = {
    "/auth/login": (response, { password, identifier }) =>
      identifier === "careful"
        ? json(response, 403, { code: "TWO_FACTOR_REQUIRED", message: "Code", challenge: "c1", methods: ["totp"] })
        : password === "right"
          ? json(response, 200, { ...pair(), user: JEAN })
          : json(response, 401, { code: "INVALID_CREDENTIALS", message: "Non", detail: "Non" }),
    "/auth/two-factor": (response, { challenge, code }) =>
      challenge === "c1" && code === "123456"
        ? json(response, 200, { ...pair(), user: JEAN })
        : json(response, 401, { code: "INVALID_CODE", message: "Non" }),
    "/auth/register": (response, { email }) =>
      email === "proof@example.com"
        ? json(response, 201, {
            access_token: null,
            refresh_token: null,
            token_type: "bearer",
            expires_in: null,
            user: JEAN,
          })
        : email
          ? json(response, 201, { ...pair(), user: JEAN })
          : json(response, 422, { code: "VALIDATION_ERROR", message: "Champ", errors: [] }),
    "/auth/refresh": (response, { refresh_token }) =>
      state.good.delete(refresh_token)
        ? json(response, 200, pair())
        : json(response, 401, { code: "INVALID_REFRESH_TOKEN" }),
    "/auth/logout": (response, { refresh_token }) => json(response, 200, { success: state.good.delete(refresh_token) }),
    "/auth/me": (response) => json(response, 200, JEAN),
  };
  const { origin, asked } = await serve(async (request, response, body) => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (state.broken) return json(response, 503, {});
    return routes[request.url](response, body ? JSON.parse(body) : {});
  });
  return { origin, state, asked, count: (path) => asked.filter(({ url }) => url === path).length };
}

/** The browser's access cookie has ended. */
const expire = (scope) => scope.kept.delete("guichet.access_token");

// Wishes: 89, 90.
test("both tokens are kept in cookies that no script reads", async () => {
  const server = await serveTokens();
  const scope = newScope();
  const session = tokenSession({ url: server.origin }, scope);
  assert.equal(await session.getAccessToken(), null);
  const { data, error } = await session.login(LOGIN);
  assert.deepEqual([data, error], [JEAN, null]);
  for (const [name, maxAge] of [
    ["guichet.access_token", 870],
    ["guichet.refresh_token", 2_592_000],
  ]) {
    const { value: _, ...attributes } = scope.kept.get(name);
    assert.deepEqual(attributes, { name, path: "/", httpOnly: true, secure: false, sameSite: "lax", maxAge });
  }
  assert.match(await session.getAccessToken(), /^ey/);
  assert.equal(await session.getRefreshToken(), "r1");
  const { user, accessToken } = await session.getSession();
  assert.equal(user.id, 123);
  assert.equal(server.asked.at(-1).headers.authorization, `Bearer ${accessToken}`);
  const secure = tokenSession({ url: server.origin, secure: true }, newScope()).cookieNames;
  assert.deepEqual(secure, { access: "__Host-guichet.access_token", refresh: "__Host-guichet.refresh_token" });
});

// Wishes: 82, 91.
test("ten calls after the end make one exchange and sign nobody out", async () => {
  const server = await serveTokens();
  const scope = newScope();
  const session = tokenSession({ url: server.origin }, scope);
  await session.login(LOGIN);
  expire(scope);
  const tokens = await Promise.all(Array.from({ length: 10 }, () => session.getAccessToken()));
  assert.equal(new Set(tokens).size, 1);
  assert.ok(tokens[0]);
  assert.equal(server.count("/auth/refresh"), 1);
  assert.equal(await session.getRefreshToken(), "r2");

  // A request that left the browser before its cookies changed comes late.
  expire(scope);
  scope.kept.set("guichet.refresh_token", { value: "r1" });
  assert.equal(await session.getAccessToken(), tokens[0]);
  assert.equal(server.count("/auth/refresh"), 1);
});

// Wishes: 83, 91.
test("a refusal signs out, an outage does not", async () => {
  const server = await serveTokens();
  const scope = newScope();
  const session = tokenSession({ url: server.origin }, scope);
  await session.login(LOGIN);
  expire(scope);
  server.state.broken = true;
  await assert.rejects(session.getAccessToken(), GuichetUnavailableError);
  assert.equal(await session.getRefreshToken(), "r1");
  server.state.broken = false;
  assert.ok(await session.getAccessToken());
  server.state.good.clear();
  expire(scope);
  assert.equal(await session.getAccessToken(), null);
  assert.equal(scope.kept.size, 0);

  await session.login(LOGIN);
  await session.logout();
  assert.equal(scope.kept.size, 0);
  assert.match(server.asked.at(-1).headers.authorization, /^Bearer ey/);
  assert.equal(JSON.parse(server.asked.at(-1).body).refresh_token, "r3");
});

// Wishes: 91.
test("nothing is exchanged where the successor could not be kept", async () => {
  const server = await serveTokens();
  const scope = newScope({}, { writable: false });
  scope.kept.set("guichet.refresh_token", { value: "r1" });
  assert.equal(await tokenSession({ url: server.origin }, scope).getAccessToken(), null);
  assert.equal(server.asked.length, 0);
});

// Wishes: 67, 75.
test("a second factor goes on with what the refusal named, and a proof is waited for without tokens", async () => {
  const server = await serveTokens();
  const scope = newScope();
  const session = tokenSession({ url: server.origin }, scope);
  const { error } = await session.login({ ...LOGIN, identifier: "careful" });
  assert.deepEqual(error, {
    code: "TWO_FACTOR_REQUIRED",
    message: "Code",
    status: 403,
    challenge: "c1",
    methods: ["totp"],
  });
  assert.equal((await session.twoFactor({ challenge: "c1", code: "000000" })).error.status, 401);
  assert.deepEqual(await session.register({ email: "proof@example.com", password: "x" }), { data: JEAN, error: null });
  assert.equal(scope.kept.size, 0);
  assert.equal((await session.twoFactor({ challenge: "c1", code: "123456" })).data.id, 123);
  assert.ok(await session.getAccessToken());
});

// Wishes: 75, 79, 81, 89.
test("the browser's routes never show the refresh token, and serve no other site", async () => {
  const server = await serveTokens();
  const scope = newScope();
  const routes = tokenRoutes(tokenSession({ url: server.origin }, scope));
  const call = async (method, action, body, headers = {}) => {
    const init = { method, headers: { host: "app.test", ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) };
    const answer = await routes[method](new Request(`http://app.test/api/tokens/${action}`, init));
    const text = await answer.text();
    assert.doesNotMatch(text, /refresh|"r\d"/);
    return [answer.status, JSON.parse(text)];
  };
  assert.equal((await call("GET", "token"))[0], 401);
  assert.deepEqual(await call("GET", "session"), [200, null]);
  assert.deepEqual(await call("POST", "login", { ...LOGIN, password: "no" }), [
    401,
    { code: "INVALID_CREDENTIALS", message: "Non" },
  ]);
  assert.deepEqual((await call("POST", "register", { name: "x" }))[1].errors, []);
  assert.deepEqual(await call("POST", "login", LOGIN, { origin: "http://app.test" }), [200, { user: JEAN }]);
  assert.match((await call("GET", "token"))[1].access_token, /^ey/);
  assert.equal((await call("GET", "session"))[1].user.id, 123);
  const foreign = [
    { origin: "http://evil.test" },
    { origin: "null" },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ];
  for (const headers of foreign) {
    assert.equal((await call("POST", "logout", {}, headers))[0], 403);
    assert.equal((await call("GET", "token", null, headers))[0], 403);
  }
  assert.equal((await call("GET", "other"))[0], 404);
  expire(scope);
  server.state.broken = true;
  assert.equal((await call("GET", "token"))[0], 503);
  server.state.broken = false;
  assert.deepEqual(await call("POST", "logout"), [200, { success: true }]);
  assert.equal((await call("GET", "token"))[0], 401);
});
