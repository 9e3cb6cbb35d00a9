import { GuichetUnavailableError, refusal } from "./refusals.js";
import type { Entered, TokenSession } from "./token-session.js";

type Handler = (request: Request) => Promise<Response>;

/**
 * `app/api/tokens/[action]/route.ts` for the browser: `POST login`, `two-factor`, `register`, `logout`; `GET token` gives
 * `{ access_token }`, `GET session` gives `{ user, access_token }` or null. The refresh token stays in its cookie.
 */
export function tokenRoutes(session: TokenSession): { GET: Handler; POST: Handler } {
  const answering = (actions: Record<string, (request: Request) => Promise<Response>>): Handler => {
    return async (request) => {
      const action = actions[new URL(request.url).pathname.split("/").at(-1) ?? ""];
      if (!action) return refusal(404, "NOT_FOUND", "unknown", request);
      if (!isOurs(request)) return refusal(403, "FORBIDDEN", "foreign", request);
      try {
        return await action(request);
      } catch (failure) {
        if (failure instanceof GuichetUnavailableError) {
          return refusal(503, "SERVICE_UNAVAILABLE", "unreachable", request);
        }
        throw failure;
      }
    };
  };

  // What a body must hold is for Guichet to say.
  const entering =
    <Body>(enter: (body: Body) => Promise<Entered>) =>
    async (request: Request) => {
      const { data, error } = await enter((await request.json().catch(() => ({}))) as Body);
      if (!error) return answer({ user: data });
      const { status, ...said } = error;
      return answer(said, status);
    };

  return {
    GET: answering({
      token: async (request) => {
        const token = await session.getAccessToken();
        return token ? answer({ access_token: token }) : refusal(401, "NOT_SIGNED_IN", "notSignedIn", request);
      },
      session: async () => {
        const found = await session.getSession();
        return answer(found && { user: found.user, access_token: found.accessToken });
      },
    }),
    POST: answering({
      login: entering(session.login),
      "two-factor": entering(session.twoFactor),
      register: entering(session.register),
      logout: async () => {
        await session.logout();
        return answer({ success: true });
      },
    }),
  };
}

const answer = (body: unknown, status = 200) =>
  Response.json(body, { status, headers: { "cache-control": "no-store" } });

/** Whether a page of the application asks: no other site signs anybody in or out here, or makes tokens change. */
function isOurs(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site && site !== "same-origin" && site !== "none") return false;
  const origin = request.headers.get("origin");
  if (!origin) return true;
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
