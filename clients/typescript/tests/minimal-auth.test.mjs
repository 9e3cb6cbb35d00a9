import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { MinimalAuth, NotSignedInError, TokenError } from "@guichet/client";
import { browserFetch, json, serve, serveAuth } from "./servers.mjs";

const RIGHT = { email: "jean@example.com", password: "right" };

/** An application beside a server of its own; `went` is where it was led. */
async function newApplication({ signedIn = true, life, ...options } = {}) {
  const server = await serveAuth({ life });
  const went = [];
  const auth = MinimalAuth({
    baseURL: server.origin,
    language: "fr",
    navigate: (path) => went.push(path),
    fetchOptions: { customFetchImpl: browserFetch() },
    ...options,
  });
  if (signedIn) {
    await auth.signIn.email(RIGHT);
    went.length = 0;
  }
  return { auth, server, went };
}

/** An API; `statuses` are its first answers, 200 comes after them. */
async function newApi(...statuses) {
  return serve((request, response) => {
    json(response, statuses.shift() ?? 200, { bearer: request.headers.authorization });
  });
}

// Wishes: 8, 133, 144.
test("twenty calls at once make one request", async () => {
  const { auth, server } = await newApplication();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => auth.getToken()));
  assert.equal(new Set(tokens).size, 1);
  await auth.getToken();
  assert.equal(server.count("/token"), 1);
});

// Wishes: 141, 142.
test("a token is renewed before it ends", async () => {
  const { auth, server } = await newApplication({ life: 100 });
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  try {
    const first = await auth.getToken();
    mock.timers.tick(74_000);
    assert.equal(await auth.getToken(), first);
    mock.timers.tick(2_000);
    const second = await auth.getToken();
    assert.notEqual(second, first, "a quarter of its life is left");
    assert.equal(server.state.tokens, 2);
    mock.timers.tick(76_000);
    server.state.broken = true;
    assert.equal(await auth.getToken(), second, "an early renewal that fails costs nothing");
    mock.timers.tick(25_000);
    await assert.rejects(auth.getToken(), (failure) => {
      assert.ok(failure instanceof TokenError);
      assert.deepEqual([failure.code, failure.status, failure.message], ["SERVICE_UNAVAILABLE", 503, "Plus tard"]);
      return true;
    });
    server.state.broken = false;
    assert.notEqual(await auth.getToken(), second);
  } finally {
    mock.timers.reset();
  }
});

// Wishes: 139, 140.
test("nothing is asked of an API while nobody is signed in, or nothing is known", async () => {
  for (const [language, notLoaded, notSignedIn] of [
    ["fr", "Authentification non chargée", "Vous devez être connecté"],
    ["en", "Authentication not loaded", "You must be signed in"],
  ]) {
    const { auth, server } = await newApplication({ signedIn: false, language });
    const api = await newApi();
    assert.deepEqual([auth.isLoaded, auth.isSignedIn], [false, false]);
    const refused = (code, message) => (failure) => {
      assert.ok(failure instanceof NotSignedInError);
      assert.deepEqual([failure.code, failure.message], [code, message]);
      return true;
    };
    await assert.rejects(auth.authFetch(api.origin), refused("AUTH_NOT_LOADED", notLoaded));
    await auth.load();
    assert.deepEqual([auth.isLoaded, auth.isSignedIn], [true, false]);
    await assert.rejects(auth.authFetch(api.origin), refused("NOT_SIGNED_IN", notSignedIn));
    await assert.rejects(auth.getToken(), refused("NOT_SIGNED_IN", notSignedIn));
    assert.equal(api.asked.length, 0);
    assert.equal(server.count("/token"), 0);
  }
});

// Wishes: 139.
test("a server that does not answer leaves it unknown who is signed in", async () => {
  const { auth, server } = await newApplication({ signedIn: false });
  server.state.broken = true;
  const { isLoaded, error } = await auth.load();
  assert.equal(isLoaded, false);
  assert.deepEqual([error.code, error.status], ["SERVICE_UNAVAILABLE", 503]);
  await assert.rejects(auth.getSession(), TokenError);
  server.state.broken = false;
  assert.equal(await auth.getSession(), null);
  assert.equal(auth.isLoaded, true);
});

// Wishes: 6, 142, 143.
test("a request that is refused is sent once more, whole, with a fresh token", async () => {
  const { auth, server } = await newApplication();
  const api = await newApi(401);
  const answer = await auth.authFetch(`${api.origin}/images`, { method: "POST", body: '{"prompt":"un chat"}' });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    api.asked.map(({ body }) => body),
    ['{"prompt":"un chat"}', '{"prompt":"un chat"}'],
  );
  const [first, second] = api.asked.map(({ headers }) => headers.authorization);
  assert.match(first, /^Bearer ey/);
  assert.notEqual(first, second);
  assert.equal(server.state.tokens, 2);
});

// Wishes: 143.
test("a second refusal is the caller's to see, and many at once ask for one token", async () => {
  const { auth, server } = await newApplication();
  const stubborn = await newApi(401, 401, 401);
  assert.equal((await auth.authFetch(stubborn.origin)).status, 401);
  assert.equal(stubborn.asked.length, 2);

  const before = server.state.tokens;
  const refused = `Bearer ${await auth.getToken()}`;
  const api = await serve(({ headers }, response) => json(response, headers.authorization === refused ? 401 : 200, {}));
  const answers = await Promise.all(Array.from({ length: 5 }, () => auth.authFetch(api.origin)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200],
  );
  assert.equal(server.state.tokens, before + 1);
});

// Wishes: 57, 140.
test("after a sign-out the token is gone, also one that was under way", async () => {
  const { auth, server } = await newApplication();
  await auth.getToken();
  assert.equal(auth.tokenStatus().present, true);
  await auth.signOut();
  assert.equal(auth.tokenStatus().present, false);
  assert.equal(auth.isSignedIn, false);
  await auth.signIn.email(RIGHT);
  server.state.slow = 60;
  const late = assert.rejects(auth.getToken(), NotSignedInError);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await auth.signOut();
  await late;
  assert.equal(auth.tokenStatus().present, false);
});

// Wishes: 139.
test("a session that was ended elsewhere is noticed when a token is asked for", async () => {
  const { auth, server } = await newApplication();
  let told = 0;
  auth.subscribe(() => (told += 1));
  server.state.session += 1;
  const api = await newApi();
  await assert.rejects(auth.authFetch(api.origin), { code: "AUTH_REQUIRED", message: "Authentification requise" });
  assert.equal(api.asked.length, 0);
  assert.equal(auth.isSignedIn, false);
  assert.ok(told > 0);
});

// Wishes: 9, 10, 11, 93, 94.
test("sign-in, sign-up and sign-out lead where it was said once, by whatever method", async () => {
  const paths = { afterSignIn: "/dashboard", afterSignUp: "/", afterSignOut: "/login" };
  const { auth, went } = await newApplication({ signedIn: false, ...paths });
  const answers = [
    await auth.signIn.email(RIGHT),
    await auth.signIn.username({ username: "jean", password: "right" }),
    await auth.signIn.emailOtp({ email: RIGHT.email, otp: "123456" }),
    await auth.signUp.email({ ...RIGHT, name: "Jean" }),
  ];
  for (const { data, error } of answers) {
    assert.equal(error, null);
    assert.equal(data.user.email, RIGHT.email);
    assert.ok(data.token);
  }
  assert.equal(auth.isSignedIn, true);
  await auth.signOut();
  assert.deepEqual(went, ["/dashboard", "/dashboard", "/dashboard", "/", "/login"]);
  went.length = 0;
  await auth.signUp.email({ ...RIGHT, email: "proof@example.com", name: "Jean" });
  await auth.signIn.email({ ...RIGHT, callbackURL: "/elsewhere" });
  assert.deepEqual(went, [], "no session came of the one, and the client follows the other");
});

// Wishes: 10, 28.
test("a refusal leads nowhere: it is given, and told to whoever wants to hear", async () => {
  const heard = [];
  const onError = (refusal) => heard.push(refusal);
  const { auth, went, server } = await newApplication({ signedIn: false, afterSignIn: "/dashboard", onError });
  const { data, error } = await auth.signIn.email({ ...RIGHT, password: "wrong" });
  assert.equal(data, null);
  assert.deepEqual([error.code, error.message, error.status], ["INVALID_EMAIL_OR_PASSWORD", "Non", 401]);
  const nobody = MinimalAuth({ baseURL: "http://127.0.0.1:9", language: "fr", onError, afterSignOut: "/login" });
  const away = await nobody.signIn.email(RIGHT);
  assert.deepEqual([away.error.code, away.error.message], ["UNREACHABLE", "Le service de connexion ne répond pas"]);
  assert.equal((await nobody.signOut()).error.code, "UNREACHABLE");
  assert.deepEqual(
    heard.map(({ code }) => code),
    ["INVALID_EMAIL_OR_PASSWORD", "UNREACHABLE", "UNREACHABLE"],
  );
  assert.deepEqual(went, []);
  assert.equal(server.count("/sign-in/email"), 1);
});

// Wishes: 44, 46.
test("another provider is told where success and refusal lead", async () => {
  const { auth, server } = await newApplication({ signedIn: false, afterSignIn: "/dashboard", errorPath: "/oops" });
  await auth.signIn.social({ provider: "google" });
  const { body } = server.asked.at(-1);
  assert.deepEqual(JSON.parse(body), { callbackURL: "/dashboard", errorCallbackURL: "/oops", provider: "google" });
  await auth.signIn.social({ provider: "google", callbackURL: "/here" });
  assert.equal(JSON.parse(server.asked.at(-1).body).callbackURL, "/here");
});

test("a token goes to the application's own APIs alone, when they are named", async () => {
  const [api, stranger] = [await newApi(), await newApi()];
  const { auth } = await newApplication({ apis: [api.origin] });
  assert.equal((await auth.authFetch(api.origin)).status, 200);
  await assert.rejects(auth.authFetch(stranger.origin), TypeError);
  assert.equal(stranger.asked.length, 0);
});

test("an aborted call sends nothing", async () => {
  const { auth } = await newApplication();
  const api = await newApi();
  await assert.rejects(auth.authFetch(api.origin, { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(api.asked.length, 0);
});

// Wishes: 7.
test("the session is that of the Better Auth client, which is there for all the rest", async () => {
  const { auth } = await newApplication();
  const session = await auth.getSession();
  assert.equal(session.user.email, RIGHT.email);
  const { data } = await auth.client.getSession();
  assert.equal(data.user.id, session.user.id);
  assert.equal(auth.snapshot(), auth.snapshot(), "the same object until something changes");
});

// Wishes: 150.
test("one line on the console says whether there is a token, and never which", async () => {
  const { auth } = await newApplication({ debug: true, life: 100 });
  assert.deepEqual(globalThis.guichet(), { present: false, expiresAt: null, renewsAt: null });
  const token = await auth.getToken();
  const { present, expiresAt, renewsAt } = globalThis.guichet();
  assert.equal(present, true);
  assert.ok(expiresAt > renewsAt && renewsAt > new Date());
  assert.ok(!JSON.stringify(globalThis.guichet()).includes(token));
});
