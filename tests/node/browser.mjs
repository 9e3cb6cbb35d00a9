// A visit in a headless Chromium. Environment: BASE (the server's address), DOOR (`/login`), VISITS (which, with commas),
// APPLICATION (where the settings lead, for visits that look at it), GUICHET_TEST_CHROMIUM (the browser's program).
// The visits stand in `browser-<group>.mjs`.
import { withChromium } from "./chromium.mjs";
import * as access from "./browser-access.mjs";
import * as account from "./browser-account.mjs";
import * as backupCodes from "./browser-backup-codes.mjs";
import * as errors from "./browser-errors.mjs";
import * as landing from "./browser-landing.mjs";
import * as passkey from "./browser-passkey.mjs";
import * as portal from "./browser-portal.mjs";
import * as signup from "./browser-signup.mjs";
import * as walk from "./browser-walk.mjs";
import { run } from "./test-channel.mjs";

const { BASE: base, DOOR: door = "/login", VISITS: names, APPLICATION: application } = process.env;
const known = { ...access, ...account, ...backupCodes, ...errors, ...landing, ...passkey, ...portal, ...signup, ...walk };

await run(() =>
  withChromium(async (browser) => {
    for (const name of names.split(",")) {
      const began = Date.now();
      if (!known[name]) throw new Error(`there is no visit ${name}`);
      await known[name]({ browser, base, door, application });
      process.stdout.write(`${JSON.stringify({ visit: name, milliseconds: Date.now() - began })}\n`);
    }
  }),
);
