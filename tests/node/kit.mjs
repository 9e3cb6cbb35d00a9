// The kit of clients/typescript: its types, its own tests, and what its package would hold.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { buildKit, KIT, succeed } from "./kit-build.mjs";
import { run } from "./test-channel.mjs";

const SELF = process.execPath;

function theTests() {
  const tests = readdirSync(join(KIT, "tests")).filter((name) => name.endsWith(".test.mjs"));
  assert.ok(tests.length >= 6);
  const files = tests.map((name) => join("tests", name));
  // Inherited, this variable would make it a child of another test run.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  try {
    execFileSync(SELF, ["--test", "--test-reporter=tap", ...files], {
      cwd: KIT,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch ({ stdout }) {
    throw new Error(`the kit's own tests fail:\n${stdout}`);
  }
}

function thePackage() {
  const said = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: KIT, encoding: "utf8" });
  const [{ name, files }] = JSON.parse(said);
  assert.equal(name, "@guichet/client");
  const paths = files.map(({ path }) => path);
  for (const wanted of [
    "package.json",
    "README.md",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/react.js",
    "dist/next/index.js",
  ]) {
    assert.ok(paths.includes(wanted), `${wanted} is missing`);
  }
  for (const path of paths) assert.match(path, /^(dist\/[\w/-]+\.(js|d\.ts)|package\.json|README\.md|LICENSE-\w+)$/);
}

await run(async () => {
  await buildKit();
  await succeed("typescript/bin/tsc", ["--noEmit"], KIT);
  theTests();
  thePackage();
});
