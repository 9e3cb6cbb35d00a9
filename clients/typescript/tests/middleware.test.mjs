import assert from "node:assert/strict";
import { test } from "node:test";
import { guichetMiddleware, returnPath } from "@guichet/client/next";
import { serveAuth } from "./servers.mjs";

const SITE = "https://app.example.fr";
const visit = (path, cookie) => new Request(SITE + path, { headers: cookie ? { cookie } : {} });

// Wishes: 92.
test("a protected path leads to its door, and back", async () => {
  const middleware = guichetMiddleware({
    protected: ["/client/:path*", { path: "/dashboard/:path*", signIn: "/login/user" }],
    signIn: "/client/login",
  });
  const led = async (path, cookie) => {
    const answer = await middleware(visit(path, cookie));
    if (!answer) return null;
    assert.equal(answer.status, 307);
    return answer.headers.get("location");
  };
  assert.equal(await led("/client"), `${SITE}/client/login?callbackURL=%2Fclient`);
  assert.equal(
    await led("/client/bills/3?year=2026"),
    `${SITE}/client/login?callbackURL=%2Fclient%2Fbills%2F3%3Fyear%3D2026`,
  );
  assert.equal(await led("/dashboard"), `${SITE}/login/user?callbackURL=%2Fdashboard`);
  for (const open of ["/", "/client/login", "/clients", "/login/user", "/api/client"]) {
    assert.equal(await led(open), null, open);
  }
  for (const name of ["better-auth.session_token", "__Secure-better-auth.session_token"]) {
    assert.equal(await led("/client", `a=1; ${name}=x.y`), null);
  }
  assert.ok(await led("/client", "xbetter-auth.session_token=x; other=better-auth.session_token"));
});

// Wishes: 92.
test("other cookies may stand for somebody: those of the token API", async () => {
  const cookies = ["guichet.refresh_token"];
  const middleware = guichetMiddleware({ protected: ["/user/:path+"], signIn: "/login/user", cookies });
  assert.equal(await middleware(visit("/user/me", "guichet.refresh_token=x")), undefined);
  assert.equal((await middleware(visit("/user/me"))).status, 307);
  assert.equal(await middleware(visit("/user")), undefined, "`+` is what lies below");
});

// Wishes: 58, 59, 92.
test("a real check asks Guichet; when it does not answer, nobody comes in", async () => {
  const server = await serveAuth();
  server.state.session = 7;
  const cookiePrefix = "x";
  const middleware = guichetMiddleware({
    protected: ["/client/:path*"],
    signIn: "/login",
    check: "session",
    url: server.origin,
    cookiePrefix,
  });
  // The server of these tests reads `session=`, the middleware looks for `x.session_token`.
  assert.equal(await middleware(visit("/client", "x.session_token=1; session=s7")), undefined);
  assert.equal((await middleware(visit("/client", "x.session_token=1; session=s6"))).status, 307);
  server.state.broken = true;
  const answer = await middleware(visit("/client", "x.session_token=1; session=s7"));
  assert.equal(answer.status, 503);
  assert.equal((await answer.json()).code, "SERVICE_UNAVAILABLE");
  assert.equal((await middleware(visit("/client"))).status, 307, "without a cookie nobody needs to be asked");
});

test("the way back never leads out of the application", () => {
  for (const path of ["/client", "/client/bills?year=2026#top"]) assert.equal(returnPath(path, "/"), path);
  for (const path of [
    null,
    undefined,
    "",
    "client",
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "/.//evil.test",
    "\\\\evil.test",
    "javascript:alert(1)",
  ]) {
    assert.equal(returnPath(path, "/home"), "/home", String(path));
  }
});
