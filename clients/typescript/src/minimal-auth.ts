import type { BetterAuthClientPlugin } from "better-auth";
import { type AuthFetch, newAuthFetch } from "./auth-fetch.js";
import { type AuthSnapshot, AuthState, type SessionAtom } from "./auth-state.js";
import { type Client, type ClientOptions, newClient } from "./better-auth-client.js";
import { NotSignedInError, type Refusal, TokenError } from "./errors.js";
import { type Language, languageOfPage, words } from "./language.js";
import { attempt, type Journey, leading, told } from "./sign-in.js";
import { TokenCache, type TokenStatus } from "./token-cache.js";

export interface MinimalAuthOptions<P extends BetterAuthClientPlugin = never> extends ClientOptions<P> {
  /** Where a sign-in leads. Left out: nowhere, the caller goes on by itself. */
  afterSignIn?: string;
  /** Where a sign-up that also signs in leads. Default: as `afterSignIn`. */
  afterSignUp?: string;
  /** Where a sign-out leads. */
  afterSignOut?: string;
  /** Where a second factor is asked for. */
  twoFactorPath?: string;
  /** Where another provider's refusal leads, with `?error=…`. */
  errorPath?: string;
  /** Hears of every refusal of a sign-in, sign-up or sign-out, which the caller gets as `error` too. */
  onError?: (refusal: Refusal) => void;
  /** How one goes somewhere. Default: the browser loads the page. */
  navigate?: (path: string) => void;
  /** Origins of your APIs: `authFetch` sends a token nowhere else. Left out: wherever it is told to. */
  apis?: readonly string[];
  /** A token is renewed this many seconds before it ends (60), at most a quarter of its life. */
  renewBefore?: number;
  /** Of the kit's own messages. Default: the page's. */
  language?: Language;
  /** Whether `guichet()` on the console says if there is a token and until when. */
  debug?: boolean;
}

/** `{ session, user }`, as `GET /get-session` has it. */
export type Session<P extends BetterAuthClientPlugin = never> = Client<P>["$Infer"]["Session"];

export interface MinimalAuth<P extends BetterAuthClientPlugin = never> {
  /** The Better Auth client underneath, for all that is not here. */
  client: Client<P>;
  /** `email`, `username`, `emailOtp`, `social` and what plugins add; each gives `{ data, error }`. */
  signIn: Client<P>["signIn"];
  signUp: Client<P>["signUp"];
  signOut(): Promise<{ error: Refusal | null }>;
  /** Who is signed in, asked now. Throws a `TokenError` when that cannot be read. */
  getSession(): Promise<Session<P> | null>;
  /** A JWT for your APIs. Rejects with a `NotSignedInError` or a `TokenError`. */
  getToken(): Promise<string>;
  authFetch: AuthFetch;
  readonly isLoaded: boolean;
  readonly isSignedIn: boolean;
  snapshot(): AuthSnapshot<Session<P>>;
  serverSnapshot(): AuthSnapshot<Session<P>>;
  /** Calls back at every change; gives what ends that. */
  subscribe(listener: () => void): () => void;
  /** Asks who is signed in. In a browser that happens by itself. */
  load(): Promise<AuthSnapshot<Session<P>>>;
  /** Whether there is a token, and until when; never the token. */
  tokenStatus(): TokenStatus;
}

/** Everything that an application needs, in one object. Make one, in a module of its own. */
export function MinimalAuth<P extends BetterAuthClientPlugin = never>(
  options: MinimalAuthOptions<P> = {},
): MinimalAuth<P> {
  const client = newClient(options);
  const language = () => options.language ?? languageOfPage();
  const navigate = options.navigate ?? ((path: string) => window.location.assign(path));

  const tokens = new TokenCache(() => askForToken(), (options.renewBefore ?? 60) * 1000);
  const atom = client.useSession as unknown as SessionAtom<Session<P>>;
  const state = new AuthState(atom, () => tokens.forget());

  function check(): void {
    const { isLoaded, isSignedIn } = state.snapshot();
    if (!isLoaded) throw new NotSignedInError("AUTH_NOT_LOADED", language());
    if (!isSignedIn) throw new NotSignedInError("NOT_SIGNED_IN", language());
  }

  const unreachable = () => words(language()).unreachable;

  async function askForToken(): Promise<string> {
    // Somebody may have signed out while others waited.
    check();
    const ask = () => client.$fetch("/token", { method: "GET", cache: "no-store" });
    const { data, error } = await attempt(ask, { unreachable });
    const token = (data as { token?: string } | null)?.token;
    if (token) return token;
    if (error?.status === 401) {
      state.end();
      throw new NotSignedInError("AUTH_REQUIRED", language());
    }
    const { code, status, message } = told(error ?? {});
    throw new TokenError(code, status, message || words(language()).noToken);
  }

  async function getToken(): Promise<string> {
    check();
    return tokens.get();
  }

  async function getSession(): Promise<Session<P> | null> {
    const { session, error } = await state.refresh();
    if (error) throw new TokenError(error.code, error.status, error.message || unreachable());
    return session;
  }

  const journey: Journey = { ...options, navigate, refresh: () => state.refresh(), unreachable };

  async function signOut(): Promise<{ error: Refusal | null }> {
    tokens.forget();
    // The client tells the other tabs.
    const { data, error } = await attempt(() => client.signOut(), { unreachable });
    if (error) {
      const refusal = told(error);
      options.onError?.(refusal);
      return { error: refusal };
    }
    state.end();
    const { redirect, url } = (data ?? {}) as { redirect?: boolean; url?: string };
    // The client has left for the provider's own sign-out page.
    if (!(redirect && url) && options.afterSignOut !== undefined) navigate(options.afterSignOut);
    return { error: null };
  }

  const auth: MinimalAuth<P> = {
    client,
    signIn: leading(client.signIn, "signIn", journey),
    signUp: leading(client.signUp, "signUp", journey),
    signOut,
    getSession,
    getToken,
    authFetch: newAuthFetch({ tokens, check, origins: options.apis }),
    get isLoaded() {
      return state.snapshot().isLoaded;
    },
    get isSignedIn() {
      return state.snapshot().isSignedIn;
    },
    snapshot: state.snapshot,
    serverSnapshot: state.serverSnapshot,
    subscribe: state.subscribe,
    load: () => state.refresh(),
    tokenStatus: () => tokens.status(),
  };
  if (options.debug) (globalThis as { guichet?: () => TokenStatus }).guichet = auth.tokenStatus;
  return auth;
}
