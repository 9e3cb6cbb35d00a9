// A back end as examples/fastapi is one, for tests that command it: it believes what Guichet has signed.
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { listen } from "./listen.mjs";

const MISSING = "Token d'authentification manquant";

/**
 * Listens on a free port. `guichet()` is where the keys are; `site` is issuer, audience and the page's origin. Gives
 * its origin, what it was `asked` with a token, and `rules`: `refuse` (how many of the next requests get 401),
 * `seconds` (that a job takes).
 */
export async function startImageService(guichet, site) {
  const [asked, jobs, rules] = [[], new Map(), { refuse: 0, seconds: 0 }];
  const keysOf = keptKeys(guichet);
  const ended = followFeed(guichet, site, keysOf);

  async function callerOf(request) {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (!token) throw new Error(MISSING);
    asked.push({ method: request.method, url: request.url, token });
    if (rules.refuse > 0) {
      rules.refuse -= 1;
      throw new Error("Ce jeton est refusé");
    }
    const { payload } = await jwtVerify(token, keysOf(), { issuer: site, audience: site, typ: "at+jwt" });
    if (ended.has(payload)) throw new Error("Cette session a pris fin");
    return payload;
  }

  const routes = {
    "GET /api/me": (_, { sub, role }) => [200, { user_id: sub, organization_id: null, role: role ?? null }],
    "POST /api/images": ({ user_id }, { sub }) => {
      if (user_id !== undefined && user_id !== sub)
        return [403, { code: "USER_MISMATCH", message: "Ce n’est pas vous" }];
      const job_id = String(jobs.size + 1);
      jobs.set(job_id, Date.now());
      return [202, { job_id }];
    },
  };

  const server = createServer(async (request, response) => {
    response.setHeader("access-control-allow-origin", site);
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    response.setHeader("access-control-max-age", "600");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const parts = [];
    for await (const part of request) parts.push(part);
    let [status, body] = [404, { code: "NOT_FOUND", message: "Rien ici" }];
    try {
      const caller = await callerOf(request);
      const job = /^\/api\/jobs\/(\w+)$/.exec(request.url)?.[1];
      const route = routes[`${request.method} ${request.url}`];
      if (route) [status, body] = route(JSON.parse(Buffer.concat(parts).toString() || "{}"), caller);
      else if (jobs.has(job)) [status, body] = [200, progressOf(job, jobs.get(job), rules.seconds)];
    } catch (failure) {
      [status, body] = [401, { code: "UNAUTHORIZED", message: failure.message }];
    }
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return { origin: await listen(server), asked, rules };
}

function keptKeys(guichet) {
  let keys;
  return () => (keys ??= createRemoteJWKSet(new URL(`${guichet()}/api/auth/jwks`)));
}

/** Follows the feed of what has ended; `has` says whether a token's claims are concerned. */
function followFeed(guichet, site, keysOf) {
  const [sessions, users] = [new Set(), new Map()];
  const follow = async (cursor) => {
    const from = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await fetch(`${guichet()}/api/auth/revocations?wait=20${from}`);
    const { payload } = await jwtVerify(await answer.text(), keysOf(), { issuer: site, typ: "revocations+jwt" });
    for (const { sid } of payload.sessions) sessions.add(sid);
    for (const { sub, not_before } of payload.users) users.set(sub, not_before);
    return payload.cursor;
  };
  (async () => {
    let cursor;
    for (;;) {
      try {
        cursor = await follow(cursor);
      } catch {
        // Guichet is away, or not there yet.
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  })();
  return { has: ({ sid, sub, iat }) => sessions.has(sid) || iat < (users.get(sub) ?? 0) };
}

function progressOf(job_id, began, seconds) {
  const progress = Math.min(1, (Date.now() - began) / 1000 / (seconds || 0.001));
  return { job_id, status: progress < 1 ? "running" : "done", progress, image_url: null };
}
