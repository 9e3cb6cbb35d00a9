// The kit and the application that shows it, built once for whoever asks first: `clients/typescript` by its compiler,
// `examples/nextjs` by `next build`. Built again when a source has changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const KIT = join(ROOT, "clients/typescript");
export const APPLICATION = join(ROOT, "examples/nextjs");
const PACKAGES = join(ROOT, "node_modules");
/** What is made, not written. */
const MADE = new Set(["node_modules", "dist", ".next", "next-env.d.ts", ".env.local"]);

export const buildKit = () => once(KIT, "dist/.built-from", [KIT], compile);

export async function buildApplication() {
  await buildKit();
  await once(APPLICATION, ".next/.built-from", [KIT, APPLICATION], async () => {
    await succeed("next/dist/bin/next", ["build"], APPLICATION);
  });
}

async function compile() {
  rmSync(join(KIT, "dist"), { recursive: true, force: true });
  await succeed("typescript/bin/tsc", ["-p", "tsconfig.build.json"], KIT);
}

/** Runs a program of the packages; while it works, the test hears that it does. */
export async function succeed(program, options, cwd) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
  const child = spawn(process.execPath, [join(PACKAGES, program), ...options], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  // Nobody waits for it any more when the test has ended.
  const end = () => child.kill("SIGKILL");
  process.on("exit", end);
  const began = Date.now();
  const alive = setInterval(() => say({ working: program, seconds: Math.round((Date.now() - began) / 1000) }), 20_000);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(alive);
  process.off("exit", end);
  if (code !== 0) throw new Error(`${program} ${options.join(" ")} ended with ${code}:\n${said}`);
  return said;
}

export const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** Does the job unless `mark` says that it was done with these sources; others wait meanwhile. */
async function once(folder, mark, sources, job) {
  const lock = join(folder, ".building");
  await take(lock);
  try {
    const print = fingerprint([...sources, join(ROOT, "package-lock.json")]);
    const file = join(folder, mark);
    if (read(file) === print) return;
    rmSync(file, { force: true });
    await job();
    writeFileSync(file, print);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function take(lock) {
  for (let turn = 0; ; turn += 1) {
    try {
      const file = openSync(lock, "wx");
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (failure) {
      if (failure.code !== "EEXIST") throw failure;
    }
    // Who was killed does not give it back.
    if (!isAlive(Number(read(lock)))) rmSync(lock, { force: true });
    if (turn % 200 === 199) say({ waiting: lock });
    await pause(100);
  }
}

function isAlive(pid) {
  // Between making the file and writing into it, there is no number yet.
  if (!pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function fingerprint(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    let names;
    try {
      names = readdirSync(path).sort();
    } catch {
      hash.update(path).update("\0").update(readFileSync(path));
      return;
    }
    for (const name of names) if (!MADE.has(name) && name !== ".building") add(join(path, name));
  };
  paths.forEach(add);
  return hash.digest("hex");
}
