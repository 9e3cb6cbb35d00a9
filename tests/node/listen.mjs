// Servers on a free port of this machine.
import { createServer } from "node:net";

/** Starts it; gives its origin, at `host` (a name of this machine). It does not keep the program alive. */
export async function listen(server, host = "127.0.0.1") {
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `http://${host}:${server.address().port}`;
}

/** A port that is free now. */
export async function freePort() {
  const server = createServer();
  const { port } = new URL(await listen(server));
  await new Promise((resolve) => server.close(resolve));
  return Number(port);
}
