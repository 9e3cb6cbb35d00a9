import type { Cookie } from "./set-cookie.js";

/** The part of Next's `cookies()` that is used. */
export interface CookieStore {
  get(name: string): { value: string } | undefined;
  /** Throws where cookies cannot be set, as in a server component. */
  set(cookie: Cookie): unknown;
}

/** The request that is being answered. */
export interface RequestScope {
  headers(): Promise<Headers>;
  cookies(): Promise<CookieStore>;
}

/** As Next has it. Loaded when needed: the middleware, and tests, get along without it. */
export const nextScope: RequestScope = {
  async headers() {
    const { headers } = await import("next/headers.js");
    return new Headers(await headers());
  },
  async cookies() {
    const { cookies } = await import("next/headers.js");
    const store = await cookies();
    return {
      get: (name) => store.get(name),
      set: ({ name, value, ...options }) => store.set(name, value, options),
    };
  },
};
