import type { TokenCache } from "./token-cache.js";

export type AuthFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export interface AuthFetchOptions {
  tokens: TokenCache;
  /** Throws when there is nobody to ask for. */
  check: () => void;
  /** Origins that a token may be sent to. All when left out. */
  origins?: readonly string[] | undefined;
}

/** `fetch` with `Authorization: Bearer`: nothing is sent while nobody is signed in, and once more after a 401. */
export function newAuthFetch({ tokens, check, origins }: AuthFetchOptions): AuthFetch {
  return async (input, init) => {
    check();
    const request = new Request(input, init);
    const { origin } = new URL(request.url);
    if (origins && !origins.includes(origin)) throw new TypeError(`No token goes to ${origin}: it is not in \`apis\``);

    const token = await tokens.get();
    request.signal.throwIfAborted();
    // The copy keeps the body for the second try.
    const answer = await fetch(bearing(request.clone(), token));
    if (answer.status !== 401) return answer;
    const fresh = await tokens.afterRefusal(token);
    request.signal.throwIfAborted();
    await answer.body?.cancel();
    return fetch(bearing(request, fresh));
  };
}

function bearing(request: Request, token: string): Request {
  request.headers.set("authorization", `Bearer ${token}`);
  return request;
}
