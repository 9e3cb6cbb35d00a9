import { type Language, words } from "./language.js";

/** `AUTH_NOT_LOADED`: not known yet. `NOT_SIGNED_IN`: nobody. `AUTH_REQUIRED`: somebody was, and the session has ended. */
export type NotSignedInCode = "AUTH_NOT_LOADED" | "NOT_SIGNED_IN" | "AUTH_REQUIRED";

const KEYS = { AUTH_NOT_LOADED: "notLoaded", NOT_SIGNED_IN: "notSignedIn", AUTH_REQUIRED: "required" } as const;

/** There is nobody to make a request for. None was sent to your API; `message` can be shown. */
export class NotSignedInError extends Error {
  override readonly name = "NotSignedInError";
  readonly code: NotSignedInCode;

  constructor(code: NotSignedInCode, language: Language) {
    super(words(language)[KEYS[code]]);
    this.code = code;
  }
}

/** Guichet gave no token, for another reason than that nobody is signed in. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  /** Guichet's, such as `TOO_MANY_REQUESTS`; `UNREACHABLE` when it did not answer. */
  readonly code: string;
  /** Of the HTTP answer; 0 when there was none. */
  readonly status: number;

  constructor(code: string, status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }
}

/** A refusal in the form that Better Auth's client gives it. */
export interface Refusal {
  code: string;
  message: string;
  /** Of the HTTP answer; 0 when there was none. */
  status: number;
}
