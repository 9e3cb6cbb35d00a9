// Prints docker-compose.yml as JSON, on one line.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const file = new URL("../../docker-compose.yml", import.meta.url);
process.stdout.write(`${JSON.stringify(parse(readFileSync(file, "utf8"), { strict: true, uniqueKeys: true }))}\n`);
