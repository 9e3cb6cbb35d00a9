// Stands between an application and Guichet, hands everything on as it is, and counts.
import { createServer, request } from "node:http";

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
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  const count = (what) => seen.filter((one) => one === what).length;
  return { address: `http://127.0.0.1:${server.address().port}`, count };
}
