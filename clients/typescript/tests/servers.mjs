// Real HTTP servers on free ports, and a browser's cookie jar. They end with the test's process.
import { createServer } from "node:http";

/** Serves with `answer(request, response, body)`; gives its origin and what was asked so far. */
export async function serve(answer) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    asked.push({ method: request.method, url: request.url, headers: request.headers, body });
    await answer(request, response, body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, server };
}

export function json(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A token with these seconds to live; nobody looks at its signature here. */
export function newToken(seconds, number) {
  const iat = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ iat, exp: iat + seconds, jti: String(number) })}.`;
}

/** Speaks as Guichet does, for one person: Jean. `life` is that of tokens, in seconds. */
export async function serveAuth({ life = 900 } = {}) {
  const state = { life, tokens: 0, session: 0, broken: false, slow: 0 };
  const signedIn = (request) => request.headers.cookie?.includes(`session=s${state.session}`) && state.session > 0;
  const user = { id: "u1", email: "jean@example.com", name: "Jean" };
  const enter = (response, more = {}) => {
    state.session += 1;
    const cookie = `session=s${state.session}; Path=/; HttpOnly`;
    json(response, 200, { redirect: false, token: `s${state.session}`, user, ...more }, { "set-cookie": cookie });
  };
  const routes = {
    "GET /get-session": (request, response) =>
      json(response, 200, signedIn(request) ? { session: { id: `id${state.session}`, userId: "u1" }, user } : null),
    "GET /token": (request, response) => {
      if (!signedIn(request)) return json(response, 401, { code: "UNAUTHORIZED", message: "Unauthorized" });
      state.tokens += 1;
      return json(response, 200, { token: newToken(state.life, state.tokens) });
    },
    "POST /sign-in/email": (_, response, { password, callbackURL }) => {
      if (password !== "right") return json(response, 401, { code: "INVALID_EMAIL_OR_PASSWORD", message: "Non" });
      return enter(response, callbackURL ? { redirect: true, url: callbackURL } : {});
    },
    "POST /sign-in/username": (_, response) => enter(response),
    "POST /sign-in/email-otp": (_, response) => enter(response),
    "POST /sign-in/social": (_, response) => json(response, 200, { redirect: true, url: "https://idp.example/" }),
    "POST /sign-up/email": (_, response, { email }) =>
      email === "proof@example.com" ? json(response, 200, { token: null, user }) : enter(response),
    "POST /sign-out": (_, response) => {
      state.session += 1;
      json(response, 200, { success: true }, { "set-cookie": "session=; Max-Age=0; Path=/" });
    },
  };
  const { origin, asked } = await serve(async (request, response, body) => {
    if (state.slow) await new Promise((resolve) => setTimeout(resolve, state.slow));
    if (state.broken) return json(response, 503, { code: "SERVICE_UNAVAILABLE", message: "Plus tard" });
    const route = routes[`${request.method} ${new URL(request.url, "http://h").pathname.replace("/api/auth", "")}`];
    return route ? route(request, response, body ? JSON.parse(body) : {}) : response.writeHead(404).end();
  });
  const count = (path) => asked.filter(({ url }) => new URL(url, "http://h").pathname === `/api/auth${path}`).length;
  return { origin, asked, state, count };
}

/** `fetch` with a cookie jar for one host. */
export function browserFetch() {
  const jar = new Map();
  return async (input, init) => {
    const request = new Request(input, init);
    if (jar.size) request.headers.set("cookie", [...jar].map(([name, value]) => `${name}=${value}`).join("; "));
    const answer = await fetch(request);
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(";");
      const [name, value] = pair.split("=");
      if (attributes.some((attribute) => attribute.trim() === "Max-Age=0")) jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
}
