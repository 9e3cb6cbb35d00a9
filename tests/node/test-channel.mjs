// The channel between a program and the test that started it: one JSON value a line, both ways.
//
// A program asks the test (for the server's clock, for a code that was mailed) and waits for the answer. When the
// test is gone, so is the program.
import { createInterface } from "node:readline";

const waiting = [];
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => waiting.shift()?.(JSON.parse(line)));
lines.on("close", () => process.exit(1));

/** Asks the test and gives its answer. */
export const ask = (what, details = {}) => {
  const answer = new Promise((resolve) => waiting.push(resolve));
  process.stdout.write(`${JSON.stringify({ ask: what, ...details })}\n`);
  return answer;
};

/** Runs the program's one job; a failure is told on standard error and by the exit code. */
export async function run(job) {
  try {
    await job();
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error?.stack ?? error}\n`, () => process.exit(1));
  }
}
