import { at } from "./address.js";
import { matcher } from "./path-pattern.js";
import { refusal } from "./refusals.js";

export interface GuichetMiddlewareOptions {
  /** Paths for people who are signed in, as Next's `matcher` writes them; each may have a door of its own. */
  protected: readonly (string | { path: string; signIn: string })[];
  /** Where everybody else is sent, with `?callbackURL=` and the way they were on. */
  signIn: string;
  /**
   * `"cookie"`: whether there is a session's cookie at all, without asking anybody: for speed and comfort.
   * `"session"`: Guichet is asked, at `url`. Either way, check the session again where data is read.
   */
  check?: "cookie" | "session";
  url?: string | undefined;
  /** Guichet's `session.cookie_prefix` (`better-auth`). */
  cookiePrefix?: string;
  /** Names of other cookies that stand for somebody signed in, such as `REFRESH_COOKIE` of `tokenSession`. */
  cookies?: readonly string[];
  /** For Guichet's answer, in milliseconds (5 000). */
  timeout?: number;
}

/** `export const middleware = guichetMiddleware({ … })`. */
export function guichetMiddleware(
  options: GuichetMiddlewareOptions,
): (request: Request) => Promise<Response | undefined> {
  const rules = options.protected.map((rule) => {
    const { path, signIn } = typeof rule === "string" ? { path: rule, signIn: options.signIn } : rule;
    return { matches: matcher(path), signIn };
  });
  const doors = new Set([options.signIn, ...rules.map(({ signIn }) => signIn)]);

  return async (request) => {
    const here = new URL(request.url);
    const rule = rules.find(({ matches }) => matches(here.pathname));
    if (!rule || doors.has(here.pathname)) return undefined;
    const admitted = await isAdmitted(request, options);
    if (admitted === "unknown") return refusal(503, "SERVICE_UNAVAILABLE", "unreachable", request);
    if (admitted) return undefined;
    const door = new URL(rule.signIn, here);
    door.searchParams.set("callbackURL", here.pathname + here.search);
    const headers = { location: door.href, "cache-control": "no-store" };
    return new Response(null, { status: 307, headers });
  };
}

async function isAdmitted(request: Request, options: GuichetMiddlewareOptions): Promise<boolean | "unknown"> {
  const { check = "cookie", url, cookiePrefix = "better-auth", cookies = [], timeout = 5_000 } = options;
  const cookie = request.headers.get("cookie");
  const names = (cookie ?? "").split(";").map((pair) => pair.split("=")[0]?.trim() ?? "");
  if (names.some((name) => cookies.includes(name))) return true;
  const session = `${cookiePrefix}.session_token`;
  if (!cookie || !names.some((name) => name === session || name === `__Secure-${session}`)) return false;
  if (check === "cookie") return true;
  try {
    const answer = await fetch(at(url, "/api/auth/get-session", "?disableRefresh=true"), {
      headers: { cookie },
      cache: "no-store",
      signal: AbortSignal.timeout(timeout),
    });
    if (!answer.ok) return answer.status === 401 ? false : "unknown";
    return (await answer.json()) !== null;
  } catch {
    return "unknown";
  }
}
