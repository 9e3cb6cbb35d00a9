// For the server of a Next.js application.
export { NotSignedInError, type Refusal } from "../errors.js";
export { returnPath } from "../return-path.js";
export { forwardedFor, recordClientAddress } from "./client-address.js";
export { guichetHandler, type GuichetHandlerOptions } from "./handler.js";
export { guichetMiddleware, type GuichetMiddlewareOptions } from "./middleware.js";
export { GuichetUnavailableError } from "./refusals.js";
export type { CookieStore, RequestScope } from "./request-scope.js";
export {
  type GuichetServer,
  type GuichetServerOptions,
  guichetServer,
  type Result,
  type ServerSession,
  type SignedIn,
} from "./server.js";
export { type TokenPair, tokenRefresher, type TokenRefresherOptions } from "./token-refresher.js";
export { tokenRoutes } from "./token-routes.js";
export {
  type Entered,
  type TokenRefusal,
  type TokenSession,
  tokenSession,
  type TokenSessionOptions,
  type TokenUser,
} from "./token-session.js";
