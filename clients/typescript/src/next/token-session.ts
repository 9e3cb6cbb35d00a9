import type { Refusal } from "../errors.js";
import { forwardedFor } from "./client-address.js";
import { type CookieStore, nextScope, type RequestScope } from "./request-scope.js";
import { callTokenApi, type TokenPair, tokenRefresher, type TokenRefresherOptions } from "./token-refresher.js";

export interface TokenSessionOptions extends TokenRefresherOptions {
  /** Whether a proxy in front of the application sets or extends X-Forwarded-For. */
  behindProxy?: boolean;
  /** Whether the cookies are for https alone, under names that no other host can set. Default: in production. */
  secure?: boolean;
  /** For how long the browser keeps the refresh token, in seconds (30 days). Guichet decides how long it is good. */
  refreshMaxAge?: number;
}

/** A user as `/auth/me` gives it. */
export type TokenUser = { id: string | number; email: string; name: string } & Record<string, unknown>;

/** A refusal of the token API; what more it says depends on the code. */
export interface TokenRefusal extends Refusal {
  /** `TWO_FACTOR_REQUIRED`: what `twoFactor` goes on with, and by which methods. */
  challenge?: string;
  methods?: string[];
  /** `VALIDATION_ERROR`: one for each field. */
  errors?: { field: string; code: string; message: string }[];
}

export type Entered = { data: TokenUser; error: null } | { data: null; error: TokenRefusal };

export interface TokenSession {
  login(body: { identifier: string; password: string }): Promise<Entered>;
  /** Goes on with a sign-in that was refused with `TWO_FACTOR_REQUIRED`. */
  twoFactor(body: { challenge: string; code: string; method?: string }): Promise<Entered>;
  /** Signs in as well, unless the address has to be proven first. */
  register(body: { email: string; password: string } & Record<string, unknown>): Promise<Entered>;
  logout(): Promise<void>;
  /** The short one, renewed when it has ended; null: nobody is signed in. */
  getAccessToken(): Promise<string | null>;
  /** The long one. It belongs on the server; no helper hands it to a browser's script. */
  getRefreshToken(): Promise<string | null>;
  /** `{ user, accessToken }`, or null. */
  getSession(): Promise<{ user: TokenUser; accessToken: string } | null>;
  /** The cookies' names, for `guichetMiddleware({ cookies })`. */
  readonly cookieNames: { access: string; refresh: string };
}

type Said = Partial<TokenPair> & { user?: TokenUser } & Partial<TokenRefusal>;

/** An access token's cookie ends this many seconds before the token, or at three quarters of its life. */
const EARLY = 30;

/**
 * The token API (`/auth/login`, `/auth/refresh`, …) with both tokens in HttpOnly cookies of the application: for a
 * front end that had an API of this form. Tokens are renewed in route handlers and server actions, where cookies can
 * be set; a server component whose token has ended gets null, and leaves it to them.
 */
export function tokenSession(options: TokenSessionOptions, scope: RequestScope = nextScope): TokenSession {
  const secure = options.secure ?? process.env["NODE_ENV"] === "production";
  const prefix = secure ? "__Host-" : "";
  const names = { access: `${prefix}guichet.access_token`, refresh: `${prefix}guichet.refresh_token` };
  const refresh = tokenRefresher(options);
  const attributes = { path: "/", httpOnly: true, secure, sameSite: "lax" } as const;

  function keep(store: CookieStore, { access_token, refresh_token, expires_in }: TokenPair): void {
    const shown = Math.max(1, Math.floor(expires_in - Math.min(EARLY, expires_in / 4)));
    const { refreshMaxAge = 2_592_000 } = options;
    store.set({ ...attributes, name: names.access, value: access_token, maxAge: shown });
    store.set({ ...attributes, name: names.refresh, value: refresh_token, maxAge: refreshMaxAge });
  }

  function clear(store: CookieStore): void {
    for (const name of [names.access, names.refresh]) store.set({ ...attributes, name, value: "", maxAge: 0 });
  }

  async function asking(): Promise<Headers> {
    const incoming = await scope.headers();
    const headers = new Headers({ "content-type": "application/json" });
    for (const name of ["accept-language", "user-agent"]) {
      const value = incoming.get(name);
      if (value) headers.set(name, value);
    }
    const address = forwardedFor(incoming, options.behindProxy ?? false);
    if (address) headers.set("x-forwarded-for", address);
    return headers;
  }

  async function enter(path: string, body: object): Promise<Entered> {
    const headers = await asking();
    const answer = await callTokenApi(options, path, { method: "POST", headers, body: JSON.stringify(body) });
    const said = (await answer.json().catch(() => null)) as Said | null;
    if (answer.ok && said?.user) {
      if (said.refresh_token) keep(await scope.cookies(), said as TokenPair);
      return { data: said.user, error: null };
    }
    const { code = "UNKNOWN", message = "", challenge, methods, errors } = said ?? {};
    const more = { ...(challenge && { challenge }), ...(methods && { methods }), ...(errors && { errors }) };
    return { data: null, error: { code, message, status: answer.status, ...more } };
  }

  async function getAccessToken(): Promise<string | null> {
    const store = await scope.cookies();
    const access = store.get(names.access)?.value;
    if (access) return access;
    const token = store.get(names.refresh)?.value;
    if (!token || !isWritable(store, { ...attributes, name: names.access, value: "", maxAge: 0 })) return null;
    const pair = await refresh(token);
    if (pair) keep(store, pair);
    else clear(store);
    return pair?.access_token ?? null;
  }

  return {
    cookieNames: names,
    login: (body) => enter("/login", body),
    twoFactor: (body) => enter("/two-factor", body),
    register: (body) => enter("/register", body),
    getAccessToken,
    getRefreshToken: async () => (await scope.cookies()).get(names.refresh)?.value ?? null,

    async logout() {
      const store = await scope.cookies();
      const [access, token] = [store.get(names.access)?.value, store.get(names.refresh)?.value];
      const headers = await asking();
      if (access) headers.set("authorization", `Bearer ${access}`);
      const body = JSON.stringify(token ? { refresh_token: token } : {});
      // The browser forgets them whatever Guichet says; who calls hears when it said nothing.
      clear(store);
      if (access || token) await callTokenApi(options, "/logout", { method: "POST", headers, body });
    },

    async getSession() {
      const accessToken = await getAccessToken();
      if (!accessToken) return null;
      const headers = { authorization: `Bearer ${accessToken}` };
      const answer = await callTokenApi(options, "/me", { headers });
      return answer.ok ? { user: (await answer.json()) as TokenUser, accessToken } : null;
    },
  };
}

/** Whether cookies can be set here; a refresh token must not be used up where its successor cannot be kept. */
function isWritable(store: CookieStore, cookie: Parameters<CookieStore["set"]>[0]): boolean {
  try {
    store.set(cookie);
    return true;
  } catch {
    return false;
  }
}
