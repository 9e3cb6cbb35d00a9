// The application behind: pages of another origin, to which sign-ins lead and which read the session.
// Run by itself, it prints {"origin": …} and ends with its input.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { listen } from "./listen.mjs";

/** Starts it on a free port of `host`; gives its origin. It ends with the program. */
export async function startApplication(host = "127.0.0.1") {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>Application</title><link rel="icon" href="data:,"><h1>${request.method} ${request.url}</h1>`);
  });
  return listen(server, host);
}

/** Who is signed in, as a page of the application reads it: a fetch across origins, with cookies. */
export async function whoIsIt(page, base) {
  return page.evaluate(async (address) => {
    const answer = await fetch(`${address}/api/auth/get-session`, { credentials: "include" });
    return answer.json();
  }, base);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(`${JSON.stringify({ origin: await startApplication() })}\n`);
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}
