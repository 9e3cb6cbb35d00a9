import type { BetterAuthClientPlugin } from "better-auth";
import { type AuthFetch, newAuthFetch } from "./auth-fetch.js";
import { type AuthSnapshot, AuthState, type SessionAtom } from "./auth-state.js";
import { type Client, type ClientOptions, newClient } from "./better-auth-client.js";
import { NotSignedInError, type Refusal, TokenError } from "./errors.js";
import { type Language, languageOfPage, words } from "./language.js";
import { attempt, type Destination, type Journey, leading, pathOf, told } from "./sign-in.js";
import { TokenCache, type TokenStatus } from "./token-cache.js";

export interface MinimalAuthOptions<P extends BetterAuthClientPlugin = never> extends ClientOptions<P> {
  /** Where a sign-in leads. Left out: nowhere, the caller goes on by itself. */
  afterSignIn?: Destination;
  /** Where a sign-up that also signs in leads. Default: as `afterSignIn`. */
  afterSignUp?: Destination;
  /** Where a sign-out leads. */
  afterSignOut?: Destination;
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

/** `{ session, user }`, as `GET /get-session` has it; `role` and `clientId` where your Guichet has them. */
export type Session = Client["$Infer"]["Session"] & { user: { role?: string | null; clientId?: string | null } };

/** A part of the client that depends on its plugins. */
type Part<C, K extends string> = C extends Record<K, infer Methods> ? Methods : never;

export interface MinimalAuth<P extends BetterAuthClientPlugin = never> {
  /** The Better Auth client underneath, for all that is not here. */
  client: Client<P>;
  /** `email`, `username`, `emailOtp`, `social` and what plugins add; each gives `{ data, error }`. */
  signIn: Part<Client<P>, "signIn">;
  signUp: Part<Client<P>, "signUp">;
  signOut(): Promise<{ error: Refusal | null }>;
  /** Who is signed in, asked now. Throws a `TokenError` when that cannot be read. */
  getSession(): Promise<Session | null>;
  /** A JWT for your APIs. Rejects with a `NotSignedInError` or a `TokenError`. */
  getToken(): Promise<string>;
  authFetch: AuthFetch;
  readonly isLoaded: boolean;
  readonly isSignedIn: boolean;
  snapshot(): AuthSnapshot<Session>;
  serverSnapshot(): AuthSnapshot<Session>;
  /** Calls back at every change; gives what ends that. */
  subscribe(listener: () => void): () => void;
  /** Asks who is signed in. In a browser that happens by itself. */
  load(): Promise<AuthSnapshot<Session>>;
  /** Whether there is a token, and until when; never the token. */
  tokenStatus(): TokenStatus;
}

/** Everything that an application needs, in one object. Make one, in a module of its own. */
export function MinimalAuth<P extends BetterAuthClientPlugin = never>(
  options: MinimalAuthOptions<P> = {},
): MinimalAuth<P> {
  const client = newClient(options);
  // What every client has, whatever its plugins.
  const base = client as unknown as Client;
  const language = () => options.language ?? languageOfPage();
  const navigate = options.navigate ?? ((path: string) => window.location.assign(path));

  const tokens = new TokenCache(() => askForToken(), (options.renewBefore ?? 60) * 1000);
  const atom = base.useSession as unknown as SessionAtom<Session>;
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
    const ask = () => base.$fetch("/token", { method: "GET", cache: "no-store" });
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

  async function getSession(): Promise<Session | null> {
    const { session, error } = await state.refresh();
    if (error) throw new TokenError(error.code, error.status, error.message || unreachable());
    return session;
  }

  const journey: Journey = { ...options, navigate, refresh: () => state.refresh(), unreachable };

  async function signOut(): Promise<{ error: Refusal | null }> {
    tokens.forget();
    // The client tells the other tabs.
    const { data, error } = await attempt(() => base.signOut(), { unreachable });
    if (error) {
      const refusal = told(error);
      options.onError?.(refusal);
      return { error: refusal };
    }
    state.end();
    const { redirect, url } = (data ?? {}) as { redirect?: boolean; url?: string };
    // The client has left for the provider's own sign-out page.
    const target = pathOf(options.afterSignOut);
    if (!(redirect && url) && target !== undefined) navigate(target);
    return { error: null };
  }

  const auth: MinimalAuth<P> = {
    client,
    signIn: leading(base.signIn, "signIn", journey) as Part<Client<P>, "signIn">,
    signUp: leading(base.signUp, "signUp", journey) as Part<Client<P>, "signUp">,
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
