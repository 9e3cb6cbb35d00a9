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

/** The newest code that was mailed to an address, once there are `count` mails to it. */
export async function mailedCode(base, to, count = 1) {
  const mails = await mailsTo(base, to, count);
  return /\b\d{6}\b/.exec(mails[0].text)[0];
}

/** The mails to an address, the newest first, once there are `count`. */
export async function mailsTo(base, to, count) {
  for (const began = Date.now(); Date.now() - began < 15_000; ) {
    const mails = (await (await fetch(`${base}/dev/mailbox.json`)).json()).filter((mail) => mail.to === to);
    if (mails.length >= count) return mails;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${count} mails to ${to}`);
}
