// The React application of `react-app`: its types are checked, Vite builds it, and it is served on a port of its own.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { checkTypes } from "./example.mjs";
import { listen } from "./listen.mjs";

const SOURCE = fileURLToPath(new URL("react-app", import.meta.url));
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css" };

/** Builds it; gives the folder, which goes with the program. */
export async function buildReactApplication() {
  checkTypes(SOURCE);
  const folder = mkdtempSync(join(tmpdir(), "guichet-react-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  await build({ root: SOURCE, logLevel: "warn", build: { outDir: folder, emptyOutDir: true } });
  return folder;
}

/** Serves it on a free port; `guichet()` is where Guichet is by then. Gives its origin. */
export async function serveApplication(folder, guichet) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
    try {
      const content = readFileSync(file);
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
      response.end(file.endsWith(".html") ? String(content).replace("{GUICHET}", guichet()) : content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return listen(server);
}
