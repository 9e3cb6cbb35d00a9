import { at } from "./address.js";
import { GuichetUnavailableError } from "./refusals.js";

/** What `/auth/login`, `/auth/register` and `/auth/refresh` give. */
export interface TokenPair {
  access_token: string;
  refresh_token: string;
  token_type: "bearer";
  /** Of the access token, in seconds. */
  expires_in: number;
}

export interface TokenRefresherOptions {
  /** Where Guichet listens, for this server: `process.env.GUICHET_URL`. */
  url: string | undefined;
  /** Where its token API is (`/auth`). */
  path?: string;
  /** For an answer, in milliseconds (10 000). */
  timeout?: number;
}

/** How long an exchange is remembered, for requests that left the browser before its cookies changed. */
const REMEMBERED = 20_000;

/**
 * Exchanges refresh tokens: once for each, however many requests come with the same one. Gives null when the token is
 * good no more, and throws when Guichet does not answer: nobody is signed out for that.
 */
export function tokenRefresher(options: TokenRefresherOptions): (refreshToken: string) => Promise<TokenPair | null> {
  const exchanges = new Map<string, Promise<TokenPair | null>>();

  return (refreshToken) => {
    const known = exchanges.get(refreshToken);
    if (known) return known;
    const exchange = exchanged(refreshToken, options);
    exchanges.set(refreshToken, exchange);
    const forget = () => exchanges.delete(refreshToken);
    exchange.then(() => void setTimeout(forget, REMEMBERED).unref?.(), forget);
    return exchange;
  };
}

async function exchanged(refreshToken: string, options: TokenRefresherOptions): Promise<TokenPair | null> {
  const answer = await callTokenApi(options, "/refresh", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ refresh_token: refreshToken }),
  });
  // It was not one, has ended, or was used up.
  if (answer.status === 400 || answer.status === 401 || answer.status === 422) return null;
  if (!answer.ok) throw new GuichetUnavailableError(answer.status);
  return (await answer.json()) as TokenPair;
}

export async function callTokenApi(options: TokenRefresherOptions, path: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(options.timeout ?? 10_000);
  const where = at(options.url, `${options.path ?? "/auth"}${path}`);
  try {
    return await fetch(where, { ...init, cache: "no-store", redirect: "manual", signal });
  } catch (cause) {
    throw new GuichetUnavailableError(0, { cause });
  }
}
