// Pictures of every page, light and dark, on phone and desktop, in French and English; and the README's picture.
//
//   GUICHET_RATE_LIMIT__ENABLED=false guichet serve --demo           in a folder of its own, in another terminal
//   GUICHET_TEST_CHROMIUM=/usr/bin/chromium node tests/node/screenshots.mjs http://127.0.0.1:3000 target/screenshots
//
// A third argument (docs/login.png) is where the README's picture goes.
//
// The demo has no passwords. The pages of passwords and of the own account, alone:
//
//   guichet --config tests/node/screenshots.toml serve               in a folder of its own, in another terminal
//   ACCOUNT=1 GUICHET_TEST_CHROMIUM=… node tests/node/screenshots.mjs http://127.0.0.1:3000 target/screenshots
//
// Those of a second factor that is required: GUICHET_PLUGINS__TWO_FACTOR__REQUIRED=true there, and SET_UP=1 here.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { askForCode, newVisitor, SIZES, typeCode, withChromium, WORDS } from "./chromium.mjs";
import { another, mailsTo } from "./mailbox.mjs";

const [base, folder = "target/screenshots", readme] = process.argv.slice(2);
const DOOR = "/client/login";
const EMAIL = "jean@example.com";
mkdirSync(folder, { recursive: true });

/** The code of the newest mail, which is newer than `before`. */
async function newCode(before) {
  for (let count = 1; ; count += 1) {
    const mails = await mailsTo(base, EMAIL, count);
    if (mails[0].id !== before) return /\b\d{6}\b/.exec(mails[0].text)[0];
  }
}

const newest = async () => (await (await fetch(`${base}/dev/mailbox.json`)).json()).find((mail) => mail.to === EMAIL)?.id;

async function pictures(browser, how) {
  const visitor = await newVisitor(browser, how);
  const { page, words } = visitor;
  const label = `${how.size}-${how.scheme}-${how.language}`;
  const take = (name) => page.screenshot({ path: join(folder, `${name}-${label}.png`), fullPage: true, caret: "initial" });
  await page.goto(`${base}/login`);
  await take("login");
  await page.goto(base + DOOR);
  await take("client-login");
  await page.locator("input[name=email]").fill("jean@example");
  await page.getByRole("button", { name: words.send, exact: true }).click();
  await page.locator("[role=alert]").waitFor();
  await take("bad-address");
  const before = await newest();
  await askForCode(visitor, base + DOOR, EMAIL);
  await take("code");
  const code = await newCode(before);
  await page.locator("input[name=code]").pressSequentially(code.slice(0, 3));
  await take("code-half");
  await page.locator("input[name=code]").fill("");
  await typeCode(visitor, another(code));
  await take("code-wrong");
  await typeCode(visitor, code);
  await page.goto(`${base}/signed-in`);
  await take("signed-in");
  await page.goto(`${base}/dev/mailbox`);
  await take("mailbox");
  await page.goto(`${base}/signed-in`);
  await page.getByRole("button", { name: words.signOut, exact: true }).click();
  await page.waitForURL("**/signed-out");
  await take("signed-out");
  await page.goto(`${base}/nowhere`);
  await take("not-found");
  await page.goto(`${base}/api/auth/error?error=INVALID_TOKEN`);
  await take("error");
  await visitor.leave();
}

/** The pages of passwords and of the own account, for a server with the settings of `screenshots.toml`. */
async function accountPictures(browser, how) {
  const visitor = await newVisitor(browser, how);
  const { page } = visitor;
  const label = `${how.size}-${how.scheme}-${how.language}`;
  const email = `pictures.${Date.now()}@example.com`;
  const take = (name) => page.screenshot({ path: join(folder, `${name}-${label}.png`), fullPage: true, caret: "initial" });
  await page.goto(`${base}/signup`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill("short");
  await page.locator("#email-password-sign-up").click();
  await page.locator("[role=alert]").waitFor();
  await take("signup-short");
  for (const path of ["login", "signup", "forgot-password", "verify-email", "reset-password", "verify-email?done=1"]) {
    await page.goto(`${base}/${path}`);
    await take(path === "login" ? "login-with-password" : path.replace(/\W/g, "-"));
  }
  await page.goto(`${base}/forgot-password`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("#email-password-ask").click();
  await take("forgot-password-sent");
  await page.goto(`${base}/signup`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill("correct horse 1");
  await page.locator("#email-password-sign-up").click();
  await page.waitForURL("**/signed-in");
  await take("signed-in-again");
  await page.goto(`${base}/account`);
  await page.locator("#profile-save").click();
  await page.locator("p.notice").waitFor();
  await take("account");
  for (const path of ["email-password/password", "deletion/confirm"]) {
    await page.goto(`${base}/account/${path}`);
    await take(`account-${path.replace("/", "-")}`);
  }
  await visitor.leave();
}

/** The pages where a second factor that is required is set up, for a server with the settings of `screenshots.toml`. */
async function setUpPictures(browser, how) {
  const visitor = await newVisitor(browser, how);
  const { page } = visitor;
  const label = `${how.size}-${how.scheme}-${how.language}`;
  const take = (name) => page.screenshot({ path: join(folder, `${name}-${label}.png`), fullPage: true, caret: "initial" });
  await page.goto(`${base}/signup`);
  await page.locator("input[name=email]").fill(`pictures.${Date.now()}@example.com`);
  await page.locator("input[name=password]").fill("correct horse 1");
  await page.locator("#email-password-sign-up").click();
  await page.waitForURL("**/two-factor/set-up");
  await take("second-factor-required");
  await page.locator("main button[type=submit]").click();
  await page.locator("main svg").waitFor();
  await take("second-factor-set-up");
  await page.locator("input[name=code]").fill("000000");
  await page.locator("main form button[type=submit]").click();
  await page.locator("[role=alert]").waitFor();
  await take("second-factor-wrong");
  await visitor.leave();
}

/** Says so at once where the server has other settings. */
async function expectsPage(path, settings) {
  const { status } = await fetch(base + path);
  if (status !== 200) throw new Error(`${base}${path} answers ${status}: start the server ${settings}`);
}

const { ACCOUNT, SET_UP } = process.env;
const takePictures = SET_UP ? setUpPictures : ACCOUNT ? accountPictures : pictures;
await (ACCOUNT || SET_UP
  ? expectsPage("/signup", "with --config tests/node/screenshots.toml")
  : expectsPage(DOOR, "with --demo"));
await withChromium(async (browser) => {
  for (const size of Object.keys(SIZES)) {
    for (const scheme of ["light", "dark"]) {
      for (const language of Object.keys(WORDS)) {
        await takePictures(browser, { size, scheme, language });
      }
    }
  }
  if (readme) {
    const { page, leave } = await newVisitor(browser);
    await page.setViewportSize({ width: 1040, height: 680 });
    await page.goto(base + DOOR);
    await page.locator("input[name=email]").fill(EMAIL);
    await page.screenshot({ path: readme });
    await leave();
  }
});
process.exit(0);
