// Stands between an application and Guichet, hands everything on as it is, and counts.
import { createServer, request } from "node:http";
import { listen } from "./listen.mjs";

/** `target()` is where Guichet listens by now. Gives the gate's address and `count("POST /auth/refresh")`. */
export async function openGate(target) {
  const seen = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    seen.push(`${method} ${url.split("?")[0]}`);
    const onwards = request(target() + url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onwards.on("error", () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  const address = await listen(server);
  const count = (what) => seen.filter((one) => one === what).length;
  return { address, count };
}
