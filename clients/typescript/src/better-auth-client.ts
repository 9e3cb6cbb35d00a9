import type { BetterAuthClientOptions, BetterAuthClientPlugin } from "better-auth";
import { type AuthClient, createAuthClient } from "better-auth/client";
import { emailOTPClient, usernameClient } from "better-auth/client/plugins";

const ownPlugins = () => [emailOTPClient(), usernameClient()];
export type OwnPlugin = ReturnType<typeof ownPlugins>[number];

/** The official client with e-mail codes and names; `P` are further plugins. */
export type Client<P extends BetterAuthClientPlugin = never> = AuthClient<{ plugins: Array<OwnPlugin | P> }>;

export interface ClientOptions<P extends BetterAuthClientPlugin> {
  /** Origin of the application (or of Guichet). Default: the page's own. */
  baseURL?: string | undefined;
  /** Default: `/api/auth`. */
  basePath?: string | undefined;
  /** Plugins of the Better Auth client beside e-mail codes and names, such as `twoFactorClient()`. */
  plugins?: P[] | undefined;
  /** Options of the Better Auth client's fetch, as its documents have them. */
  fetchOptions?: BetterAuthClientOptions["fetchOptions"] | undefined;
}

export function newClient<P extends BetterAuthClientPlugin>(options: ClientOptions<P>): Client<P> {
  const { baseURL, basePath, plugins = [], fetchOptions } = options;
  return createAuthClient<{ plugins: Array<OwnPlugin | P> }>({
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(basePath === undefined ? {} : { basePath }),
    ...(fetchOptions === undefined ? {} : { fetchOptions }),
    plugins: [...ownPlugins(), ...plugins],
  });
}
