// Signing up, out, in, and a forgotten password.
import assert from "node:assert/strict";
import { isAccessible, waitsFor } from "./browser-access.mjs";
import { fits, newVisitor } from "./chromium.mjs";
import { mailsTo } from "./mailbox.mjs";

export const PASSWORD = "correct horse 1";

/** Types an address and a password at /signup and is in. */
export async function signUp({ page }, base, email, password = PASSWORD) {
  await page.goto(`${base}/signup`);
  await page.locator("input[name=email]").fill(email);
  await page.locator("input[name=password]").fill(password);
  await page.locator("#email-password-sign-up").click();
  await page.waitForURL("**/signed-in");
}

/** Everything that a person does with a password, on phone and desktop, in the light and in the dark, with and without JavaScript. */
export async function passwords({ browser, base }) {
  const ways = [
    { size: "phone", language: "fr", scheme: "light", scripts: true },
    { size: "desktop", language: "en", scheme: "dark", scripts: true },
    { size: "phone", language: "en", scheme: "dark", scripts: false },
  ];
  for (const how of ways) {
    const visitor = await newVisitor(browser, how);
    const { page } = visitor;
    const email = `new.${how.size}.${how.scripts}@example.com`;
    const look = async (what) => {
      if (how.scripts) await isAccessible(page, `${what}, ${Object.values(how)}`);
      await fits(page, what);
    };
    await page.goto(`${base}/login`);
    await look("the door");
    await page.locator("a[href='/signup']").click();
    await look("sign-up");
    await page.locator("input[name=email]").fill(email);
    await page.locator("input[name=password]").fill("short");
    await page.locator("#email-password-sign-up").click();
    await page.locator("[role=alert]").waitFor();
    await look("a short password");
    assert.equal(await page.locator("input[name=email]").inputValue(), email);
    assert.equal(await page.locator("input[name=password]").inputValue(), "");
    if (how.scripts) {
      await page.locator("input[name=password]").fill(PASSWORD);
      await page.locator("input[data-reveals]").check();
      assert.equal(await page.locator("input[name=password]").getAttribute("type"), "text");
    }
    await signUp(visitor, base, email);
    await look("signed in");
    await page.locator("form[action='/sign-out'] button").click();
    await page.waitForURL("**/signed-out");

    await page.goto(`${base}/login`);
    await page.locator("a[href='/forgot-password']").click();
    await look("forgotten");
    await page.locator("input[name=email]").fill(email);
    await page.locator("#email-password-ask").click();
    await page.waitForURL("**/forgot-password/sent");
    await look("sent");
    const [mail] = await mailsTo(base, email, 1);
    const link = mail.text.split(/\s+/).find((word) => word.startsWith(base));
    await page.goto(link);
    await look("a new password");
    await page.locator("input[name=password]").fill("battery staple 2");
    await page.locator("#email-password-reset").click();
    await page.waitForURL("**/signed-in");
    await page.goto(link);
    await look("a used link");
    assert.ok(await page.locator("a[href='/forgot-password']").isVisible());
    await page.goto(`${base}/verify-email`);
    await look("verify");
    await page.goto(`${base}/verify-email?done=1&error=TOKEN_EXPIRED`);
    await look("an expired link");
    await page.goto(`${base}/verify-email?done=1`);
    await look("proven");
    await visitor.leave();
  }
}

/** With the keyboard alone, and by pasting. */
export async function signUpByKeyboard({ browser, base }) {
  const visitor = await newVisitor(browser);
  const { page, context } = visitor;
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
  await page.goto(`${base}/signup`);
  await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD);
  await page.locator("input[name=name]").focus();
  await page.keyboard.type("Jean");
  await page.keyboard.press("Tab");
  await waitsFor(page, "email");
  await page.keyboard.type("clavier.neuf@example.com");
  await page.keyboard.press("Tab");
  await waitsFor(page, "password");
  await page.keyboard.press("ControlOrMeta+V");
  assert.equal(await page.locator("input[name=password]").inputValue(), PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/signed-in");
  await visitor.leave();
}
