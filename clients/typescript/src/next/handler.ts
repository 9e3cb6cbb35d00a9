import { at } from "./address.js";
import { back, onwards } from "./headers.js";
import { refusal } from "./refusals.js";

export interface GuichetHandlerOptions {
  /** Where Guichet listens, for this server: `process.env.GUICHET_URL`. */
  url: string | undefined;
  /** Whether a proxy in front of the application sets or extends X-Forwarded-For. */
  behindProxy?: boolean;
  /** For an answer, in milliseconds (30 000). */
  timeout?: number;
  /** The largest body that is handed on, in bytes (1 MiB). Guichet has a limit of its own. */
  bodyLimit?: number;
  /** The paths that are handed on (`/api/auth`). */
  basePath?: string;
}

type Handler = (request: Request) => Promise<Response>;
export type Verb = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";

/** `app/api/auth/[...all]/route.ts`: hands requests on to Guichet, and its answers back, as they are. */
export function guichetHandler(options: GuichetHandlerOptions): Record<Verb, Handler> {
  const handler: Handler = (request) => handOn(request, options);
  return {
    GET: handler,
    HEAD: handler,
    POST: handler,
    PUT: handler,
    PATCH: handler,
    DELETE: handler,
    OPTIONS: handler,
  };
}

async function handOn(request: Request, options: GuichetHandlerOptions): Promise<Response> {
  const { url, behindProxy = false, timeout = 30_000, bodyLimit = 1_048_576, basePath = "/api/auth" } = options;
  if (!url) return refusal(500, "GUICHET_URL_MISSING", "misconfigured", request);
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith(`${basePath}/`)) return refusal(404, "NOT_FOUND", "unknown", request);
  const body = await bodyOf(request, bodyLimit);
  if (body === "too large") return refusal(413, "PAYLOAD_TOO_LARGE", "tooLarge", request);
  let answer: Response;
  try {
    answer = await fetch(at(url, pathname, search), {
      method: request.method,
      headers: onwards(request.headers, behindProxy),
      body,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]),
    });
  } catch (failure) {
    const late = failure instanceof Error && failure.name === "TimeoutError";
    if (late) return refusal(504, "GATEWAY_TIMEOUT", "tooSlow", request);
    return refusal(502, "BAD_GATEWAY", "unreachable", request);
  }
  const { status, statusText } = answer;
  return new Response(answer.body, { status, statusText, headers: back(answer.headers) });
}

/** The whole body: one that streams could not be answered with a 413 before it is through. */
async function bodyOf(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | null | "too large"> {
  if (request.method === "GET" || request.method === "HEAD" || !request.body) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > limit) {
      await reader.cancel();
      return "too large";
    }
    parts.push(part.value);
  }
  if (length === 0) return null;
  const whole = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
