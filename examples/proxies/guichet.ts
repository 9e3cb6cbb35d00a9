// Guichet behind an application of any framework: browsers see one origin, the application's. The files beside this one
// mount it; all they need of their framework is its Request.
import { guichetHandler } from "@guichet/client/next";

/** Where Guichet listens, for this server; its base_url is the application's own public origin. */
const url = process.env.GUICHET_URL ?? "http://127.0.0.1:3000";

/** Only where a proxy in front sets X-Forwarded-For: otherwise visitors write it themselves, and could pass for anybody. */
const behindProxy = process.env.BEHIND_PROXY === "true";

/** One handler a verb. */
export const guichet = guichetHandler({ url, behindProxy });

/** Hands a request on to Guichet and its answer back, for frameworks that have one handler for all verbs. */
export async function handOn(request: Request): Promise<Response> {
  const known = Object.hasOwn(guichet, request.method);
  return known ? guichet[request.method as keyof typeof guichet](request) : new Response(null, { status: 405 });
}
