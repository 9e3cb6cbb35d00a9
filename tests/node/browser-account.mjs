// One's own account.
import assert from "node:assert/strict";
import { isAccessible } from "./browser-access.mjs";
import { PASSWORD, signUp } from "./browser-signup.mjs";
import { fits, isSignedIn, newVisitor } from "./chromium.mjs";

async function signIn({ page }, base, email, password) {
  await page.goto(`${base}/login`);
  await page.locator("#method-email-password input[name=email]").fill(email);
  await page.locator("#method-email-password input[name=password]").fill(password);
  await page.locator("#email-password-submit").click();
  await page.waitForURL("**/signed-in");
}

const said = (page) => page.locator("p.notice[role=status]").textContent();

/** Name, password, devices, end: on phone and desktop, in the light and in the dark, with and without JavaScript. */
export async function ownAccount({ browser, base }) {
  const ways = [
    { size: "phone", language: "fr", scheme: "light", scripts: true },
    { size: "desktop", language: "en", scheme: "dark", scripts: true },
    { size: "phone", language: "fr", scheme: "dark", scripts: false },
  ];
  for (const how of ways) {
    const [visitor, other] = [await newVisitor(browser, how), await newVisitor(browser)];
    const { page } = visitor;
    const email = `own.${how.size}.${how.scripts}@example.com`;
    const look = async (what) => {
      if (how.scripts) await isAccessible(page, `${what}, ${Object.values(how)}`);
      await fits(page, what);
    };
    const isIn = (who) => isSignedIn(who, base);
    await signUp(visitor, base, email);
    await signIn(other, base, email, PASSWORD);
    await page.locator("a[href='/account']").click();
    await look("the account");
    await page.locator("input[name=name]").fill("Jeanne Doe");
    await page.locator("#profile-save").click();
    await page.locator("p.notice[role=status]").waitFor();
    assert.equal(new URL(page.url()).pathname, "/account");
    assert.ok((await said(page)).length > 5);
    assert.equal(await page.locator(".account-person").textContent(), "Jeanne Doe");

    assert.equal(await page.locator(".rows > li").count(), 2);
    await page.locator("form[action='/account/sessions/end'] button").click();
    await page.locator("p.notice[role=status]").waitFor();
    assert.equal(await page.locator(".rows > li").count(), 1);
    assert.equal(await isIn(other), false);

    await signIn(other, base, email, PASSWORD);
    await page.locator("a[href='/account/email-password/password']").click();
    await look("the password");
    await page.locator("input[name=current]").fill("not the password");
    await page.locator("input[name=password]").fill("battery staple 2");
    await page.locator("#email-password-change").click();
    await page.locator("[role=alert]").waitFor();
    await look("a wrong password");
    await page.locator("input[name=current]").fill(PASSWORD);
    await page.locator("input[name=password]").fill("battery staple 2");
    await page.locator("#email-password-change").click();
    await page.waitForURL("**/account");
    await look("after a change");
    assert.deepEqual([await isIn(visitor), await isIn(other)], [true, false]);

    await page.locator("a[href='/account/deletion/confirm']").click();
    await look("the end");
    await page.locator("input[type=password]").fill("battery staple 2");
    await page.locator("#deletion-submit").click();
    await page.waitForURL("**/account-deleted");
    await look("deleted");
    assert.equal(await isIn(visitor), false);
    await visitor.leave();
    await other.leave();
  }
}
