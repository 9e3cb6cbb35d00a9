// Whose address Guichet counts. Next keeps the X-Forwarded-For that comes in, so that a visitor who writes that header
// could pass for anybody: it is believed only when something that can be relied on has added the last entry.
import type { Channel } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const RECORDED = Symbol.for("guichet.client-address-is-recorded");
// Neither of the two is there in every runtime.
const here = globalThis as { [RECORDED]?: boolean; process?: NodeJS.Process };

/**
 * Adds the address of each connection to X-Forwarded-For, as a proxy would. For a Next server that visitors reach
 * without a proxy; to be called in `register()` of `instrumentation.ts`. Does nothing outside Node, or a second time.
 */
export function recordClientAddress(): void {
  if (here[RECORDED]) return;
  const diagnostics = here.process?.getBuiltinModule?.("node:diagnostics_channel");
  if (!diagnostics) return;
  const channel: Channel = diagnostics.channel("http.server.request.start");
  channel.subscribe((message) => append((message as { request: IncomingMessage }).request));
  here[RECORDED] = true;
}

function append({ headers, socket }: IncomingMessage): void {
  const before = headers["x-forwarded-for"];
  const all = [...(before === undefined ? [] : [before].flat()), socket.remoteAddress ?? "unknown"];
  headers["x-forwarded-for"] = all.join(", ");
}

/** What Guichet is told, or nothing: then all visitors count as one. `behindProxy`: a proxy sets or extends the header. */
export function forwardedFor(headers: Headers, behindProxy: boolean): string | null {
  if (behindProxy || here[RECORDED]) return headers.get("x-forwarded-for");
  warnOnce();
  return null;
}

let warned = false;

function warnOnce(): void {
  if (warned) return;
  warned = true;
  console.warn(
    "@guichet/client: visitors' addresses are not known, so that limits count everybody as one. " +
      "Set `behindProxy: true` when a proxy sets X-Forwarded-For, else call `recordClientAddress()` in instrumentation.ts.",
  );
}
