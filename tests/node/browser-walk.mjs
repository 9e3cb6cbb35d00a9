// What everybody does: in by code, read who it is, out again.
import assert from "node:assert/strict";
import { startApplication, whoIsIt } from "./application.mjs";
import { askForCode, fits, isSignedIn, newVisitor, signIn } from "./chromium.mjs";
import { mailedCode, mailsTo } from "./mailbox.mjs";

async function walk({ browser, base, door }, application, how) {
  const visitor = await newVisitor(browser, how);
  const { page, context, words } = visitor;
  const email = `jean.${Object.values(how).join(".")}@example.com`;
  await signIn(visitor, base, door, email);
  assert.equal(new URL(page.url()).pathname, "/signed-in");
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), words.signedIn);
  assert.equal(await page.locator("html").getAttribute("lang"), how.language);
  assert.equal(await page.locator(".person span").textContent(), email);
  await fits(page, "signed in");

  const session = await (await context.request.get(`${base}/api/auth/get-session`)).json();
  assert.equal(session.user.email, email);
  if (how.scripts) {
    const theirs = await context.newPage();
    await theirs.goto(`${application}/home`);
    assert.equal((await whoIsIt(theirs, base)).user.email, email, "the application reads the session across origins");
    await theirs.close();
  }
  const [mail] = await mailsTo(base, email, 1);
  assert.equal(mail.subject, how.language === "fr" ? "Votre code de connexion" : "Your sign-in code");

  await page.getByRole("button", { name: words.signOut, exact: true }).click();
  await page.waitForURL("**/signed-out");
  assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), words.signedOut);
  assert.equal(await isSignedIn(visitor, base), false);
  await page.goto(`${base}/signed-in`);
  assert.equal(new URL(page.url()).pathname, "/login", "nobody is signed in any more");
  await visitor.leave();
}

/** On phone and desktop, in French and English, with JavaScript and without. */
export async function everybody(visit) {
  const application = await startApplication();
  for (const size of ["phone", "desktop"]) {
    for (const language of ["fr", "en"]) {
      for (const scripts of [true, false]) await walk(visit, application, { size, language, scripts });
    }
  }
}

/** The code is pasted, with a space in it as mails show it. */
export async function pasted({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, context } = visitor;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
  await askForCode(visitor, base + door, "colle@example.com");
  const code = await mailedCode(base, "colle@example.com");
  await page.evaluate((text) => navigator.clipboard.writeText(text), ` ${code.slice(0, 3)} ${code.slice(3)}\n`);
  await page.waitForFunction(() => document.activeElement.name === "code");
  await page.keyboard.press("ControlOrMeta+V");
  await page.waitForURL("**/signed-in");
  await visitor.leave();
}

/** Back, forward and reload post nothing a second time. */
export async function backAndReload({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, posts } = visitor;
  const email = "retour@example.com";
  await askForCode(visitor, base + door, email);
  await page.reload();
  assert.equal(new URL(page.url()).pathname, `${door}/email-otp/code`);
  await page.goBack();
  assert.equal(new URL(page.url()).pathname, door);
  await page.goForward();
  assert.deepEqual(posts, [`${door}/email-otp/send`]);
  const code = await mailedCode(base, email);
  await page.locator("input[name=code]").pressSequentially(code);
  await page.waitForURL("**/signed-in");
  await page.reload();
  await page.goBack();
  await page.waitForURL(`**${door}`);
  await page.goForward();
  await page.goto(`${base}/signed-in`);
  assert.equal(await page.locator(".person span").textContent(), email);
  assert.deepEqual(posts, [`${door}/email-otp/send`, `${door}/email-otp/code`]);
  assert.equal((await mailsTo(base, email, 1)).length, 1);
  await visitor.leave();
}

/** A code of as many digits as the settings say. */
export async function eightDigits({ browser, base, door }) {
  for (const scripts of [true, false]) {
    const visitor = await newVisitor(browser, { scripts });
    const email = `huit.${scripts}@example.com`;
    await signIn(visitor, base, door, email);
    await visitor.page.waitForURL("**/signed-in");
    assert.match(await mailedCode(base, email), /^\d{8}$/);
    await visitor.leave();
  }
}
