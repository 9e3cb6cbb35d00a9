import { NotSignedInError, type Refusal } from "../errors.js";
import { languageOf, words } from "../language.js";
import { at } from "./address.js";
import { onBehalfOf } from "./headers.js";
import { GuichetUnavailableError } from "./refusals.js";
import { nextScope, type RequestScope } from "./request-scope.js";
import { readSetCookie } from "./set-cookie.js";

export interface GuichetServerOptions {
  /** Where Guichet listens, for this server: `process.env.GUICHET_URL`. */
  url: string | undefined;
  /** Whether a proxy in front of the application sets or extends X-Forwarded-For. */
  behindProxy?: boolean;
  /** For an answer, in milliseconds (10 000). */
  timeout?: number;
}

export interface ServerSession {
  session: { id: string; userId: string; expiresAt: string };
  user: { id: string; email: string; name: string; role?: string | null; clientId?: string | null };
}

/** As in the browser: one of the two is null. */
export type Result<T> = { data: T; error: null } | { data: null; error: Refusal };

export interface SignedIn {
  token: string | null;
  user: ServerSession["user"];
  twoFactorRedirect?: boolean;
}

type Fields = Record<string, unknown>;

/** Everything is an HTTP call with the visitor's cookies; what Guichet sets reaches the visitor's browser. */
export interface GuichetServer {
  /** Who sent these headers; null is nobody. Without an argument, those of the request that Next is answering. */
  getSession(headers?: Headers): Promise<ServerSession | null>;
  /** A JWT for an API. Throws a `NotSignedInError` when nobody is signed in. */
  getToken(headers?: Headers): Promise<string>;
  /** `fetch` with that JWT, once more with another one after a 401. */
  serverFetch(input: string | URL, init?: RequestInit, headers?: Headers): Promise<Response>;
  /** In server actions and route handlers, where cookies can be set. */
  signInEmail(body: { email: string; password: string; rememberMe?: boolean }): Promise<Result<SignedIn>>;
  signInUsername(body: { username: string; password: string }): Promise<Result<SignedIn>>;
  signUpEmail(body: { email: string; password: string; name?: string } & Fields): Promise<Result<SignedIn>>;
  /** Prepares a portal's door; the code that follows makes the same check. */
  prepareLogin(portal: string, body: { email: string }): Promise<Result<{ success: boolean }>>;
  sendCode(body: { email: string }): Promise<Result<{ success: boolean }>>;
  signInEmailOtp(body: { email: string; otp: string }): Promise<Result<SignedIn>>;
  signOut(): Promise<Result<{ success: boolean }>>;
  /** Any other endpoint below `/api/auth`. */
  post<T>(path: string, body: Fields): Promise<Result<T>>;
}

export function guichetServer(options: GuichetServerOptions, scope: RequestScope = nextScope): GuichetServer {
  const { behindProxy = false } = options;

  async function call(path: string, init: RequestInit, search = ""): Promise<Response> {
    const signal = AbortSignal.timeout(options.timeout ?? 10_000);
    const where = at(options.url, `/api/auth${path}`, search);
    try {
      return await fetch(where, { ...init, cache: "no-store", redirect: "manual", signal });
    } catch (cause) {
      throw new GuichetUnavailableError(0, { cause });
    }
  }

  async function getSession(headers?: Headers): Promise<ServerSession | null> {
    const incoming = headers ?? (await scope.headers());
    if (!incoming.get("cookie") && !incoming.get("authorization")) return null;
    const asking = onBehalfOf(incoming, behindProxy);
    const bearer = incoming.get("authorization");
    if (bearer) asking.set("authorization", bearer);
    // A session is prolonged where the browser gets the new cookie.
    const answer = await call("/get-session", { headers: asking }, "?disableRefresh=true");
    if (!answer.ok) throw new GuichetUnavailableError(answer.status);
    return (await answer.json()) as ServerSession | null;
  }

  async function getToken(headers?: Headers): Promise<string> {
    const incoming = headers ?? (await scope.headers());
    const language = languageOf(incoming.get("accept-language"));
    if (!incoming.get("cookie")) throw new NotSignedInError("NOT_SIGNED_IN", language);
    const answer = await call("/token", { headers: onBehalfOf(incoming, behindProxy) });
    if (answer.status === 401) throw new NotSignedInError("NOT_SIGNED_IN", language);
    if (!answer.ok) throw new GuichetUnavailableError(answer.status);
    return ((await answer.json()) as { token: string }).token;
  }

  async function serverFetch(input: string | URL, init: RequestInit = {}, headers?: Headers): Promise<Response> {
    const once = async () => {
      const sent = new Headers(init.headers);
      sent.set("authorization", `Bearer ${await getToken(headers)}`);
      return fetch(input, { cache: "no-store", ...init, headers: sent });
    };
    const answer = await once();
    // A body that streams is gone after the first try.
    if (answer.status !== 401 || init.body instanceof ReadableStream) return answer;
    await answer.body?.cancel();
    return once();
  }

  async function post<T>(path: string, body: Fields): Promise<Result<T>> {
    const incoming = await scope.headers();
    const headers = onBehalfOf(incoming, behindProxy);
    headers.set("content-type", "application/json");
    // Next has compared the origin of a server action with the host already.
    const origin = incoming.get("origin");
    if (origin) headers.set("origin", origin);
    let answer: Response;
    try {
      answer = await call(path, { method: "POST", headers, body: JSON.stringify(body) });
    } catch {
      const message = words(languageOf(incoming.get("accept-language"))).unreachable;
      return { data: null, error: { code: "UNREACHABLE", message, status: 0 } };
    }
    await handOutCookies(answer, scope);
    const said = (await answer.json().catch(() => null)) as (T & Partial<Refusal>) | null;
    if (answer.ok) return { data: said as T, error: null };
    const { code = "UNKNOWN", message = "" } = said ?? {};
    return { data: null, error: { code, message, status: answer.status } };
  }

  return {
    getSession,
    getToken,
    serverFetch,
    post,
    signInEmail: (body) => post("/sign-in/email", body),
    signInUsername: (body) => post("/sign-in/username", body),
    signUpEmail: (body) => post("/sign-up/email", body),
    prepareLogin: (portal, body) => post(`/${encodeURIComponent(portal)}/prepare-login`, body),
    sendCode: ({ email }) => post("/email-otp/send-verification-otp", { email, type: "sign-in" }),
    signInEmailOtp: (body) => post("/sign-in/email-otp", body),
    signOut: () => post("/sign-out", {}),
  };
}

async function handOutCookies(answer: Response, scope: RequestScope): Promise<void> {
  const lines = answer.headers.getSetCookie();
  if (lines.length === 0) return;
  const store = await scope.cookies();
  for (const line of lines) {
    const cookie = readSetCookie(line);
    if (cookie) store.set(cookie);
  }
}
