// Programs in TypeScript, such as the examples: their types are checked, and each is loaded as a module.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const COMPILER = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
const EXAMPLES = new URL("../../examples/", import.meta.url);

/** The path of an example's file or folder. */
export const pathOf = (name) => fileURLToPath(new URL(name, EXAMPLES));

/** Fails on what the compiler finds wrong with the `tsconfig.json` of a folder. */
export function checkTypes(folder) {
  execFileSync(process.execPath, [COMPILER, "-p", folder], { stdio: ["ignore", 2, 2] });
}

/** An example as a module, with the packages that it uses. It reads `process.env` anew for another `label`. */
export async function example(name, label = "") {
  const built = await build({
    configFile: false,
    logLevel: "warn",
    build: { ssr: pathOf(name), write: false, target: "node20", rollupOptions: { output: { codeSplitting: false } } },
    ssr: { noExternal: true, external: ["next"] },
  });
  return import(`data:text/javascript,${encodeURIComponent(built.output[0].code)}//${label}`);
}
