// Prints [{name, area, needs}] of the scenarios in the folder that is named.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv[1];
const scenarios = [];
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort()) {
  const module = await import(pathToFileURL(path.join(folder, file)).href);
  for (const { name, area, needs = [] } of [].concat(module.default)) scenarios.push({ name, area, needs });
}
process.stdout.write(JSON.stringify(scenarios));
