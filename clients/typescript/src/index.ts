export type { AuthFetch } from "./auth-fetch.js";
export type { AuthSnapshot } from "./auth-state.js";
export type { Client } from "./better-auth-client.js";
export { type NotSignedInCode, NotSignedInError, type Refusal, TokenError } from "./errors.js";
export type { Language } from "./language.js";
export { MinimalAuth, type MinimalAuthOptions, type Session } from "./minimal-auth.js";
export { returnPath } from "./return-path.js";
export type { Destination } from "./sign-in.js";
export type { TokenStatus } from "./token-cache.js";
