import { languageOf, type Words, words } from "../language.js";

/** An answer of the application's server itself, in Guichet's form and the visitor's language. */
export function refusal(status: number, code: string, key: keyof Words, request: { headers: Headers }): Response {
  const message = words(languageOf(request.headers.get("accept-language")))[key];
  return Response.json({ code, message }, { status, headers: { "cache-control": "no-store" } });
}

/** Guichet did not answer, or not as it should: nobody knows who is signed in, which is not the same as nobody. */
export class GuichetUnavailableError extends Error {
  override readonly name = "GuichetUnavailableError";
  /** Of its answer; 0 when there was none. */
  readonly status: number;

  constructor(status: number, options?: ErrorOptions) {
    super(status === 0 ? "Guichet does not answer" : `Guichet answers ${status}`, options);
    this.status = status;
  }
}
