// `next start` of examples/nextjs, on a port of its own, until the program ends.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { APPLICATION } from "./kit-build.mjs";

const NEXT = fileURLToPath(new URL("../../node_modules/next/dist/bin/next", import.meta.url));

/** Starts it; `environment` is that of .env.example. Resolves when it answers. */
export async function startNext(port, environment) {
  const child = spawn(process.execPath, [NEXT, "start", "--hostname", "127.0.0.1", "--port", String(port)], {
    cwd: APPLICATION,
    env: { PATH: process.env.PATH, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  process.on("exit", () => child.kill("SIGKILL"));
  const began = Date.now();
  for (;;) {
    if (child.exitCode !== null) throw new Error(`next start ended with ${child.exitCode}:\n${said}`);
    const up = await fetch(`http://127.0.0.1:${port}/login`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (up) return { said: () => said };
    if (Date.now() - began > 60_000) throw new Error(`next start does not answer:\n${said}`);
    await pause(100);
  }
}

/** The folder of what browsers load. */
export const STATIC = join(APPLICATION, ".next/static");
