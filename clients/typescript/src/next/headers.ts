import { forwardedFor } from "./client-address.js";

/** Headers of one connection (RFC 9110, section 7.6.1), and those that fetch sets by itself. */
const OF_THE_CONNECTION = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "host",
  "content-length",
  "expect",
];

/** What others say about the way here. Guichet knows its own address, and believes the next header alone. */
const OF_THE_WAY = ["forwarded", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-for"];

/** fetch asks for what it can undo itself. */
const OF_THE_ENCODING = ["accept-encoding", "content-encoding"];

/** What is handed on to Guichet: everything that belongs to the request, `Origin` and `Cookie` as they came. */
export function onwards(incoming: Headers, behindProxy: boolean): Headers {
  const headers = without(incoming, [...OF_THE_CONNECTION, ...OF_THE_WAY, ...OF_THE_ENCODING, ...namedBy(incoming)]);
  for (const name of [...headers.keys()]) {
    if (name.startsWith("x-middleware-") || name.startsWith("x-invoke-")) headers.delete(name);
  }
  const address = forwardedFor(incoming, behindProxy);
  if (address) headers.set("x-forwarded-for", address);
  return headers;
}

/** What is handed back, its encoding undone. */
export function back(answered: Headers): Headers {
  return without(answered, [...OF_THE_CONNECTION, ...OF_THE_ENCODING, ...namedBy(answered)]);
}

/** What a server asks for a visitor: whose cookies, language and device these are. */
export function onBehalfOf(incoming: Headers, behindProxy: boolean): Headers {
  const headers = new Headers({ accept: "application/json" });
  for (const name of ["cookie", "accept-language", "user-agent"]) {
    const value = incoming.get(name);
    if (value) headers.set(name, value);
  }
  const address = forwardedFor(incoming, behindProxy);
  if (address) headers.set("x-forwarded-for", address);
  return headers;
}

const namedBy = (headers: Headers) => (headers.get("connection") ?? "").split(",").map((name) => name.trim());

function without(given: Headers, names: readonly string[]): Headers {
  const headers = new Headers(given);
  for (const name of names) {
    if (/^[\w-]+$/.test(name)) headers.delete(name);
  }
  return headers;
}
