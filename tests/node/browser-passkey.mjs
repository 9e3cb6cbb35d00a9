// Passkeys, with Chromium's virtual authenticator.
import assert from "node:assert/strict";
import { isAccessible } from "./browser-access.mjs";
import { signUp } from "./browser-signup.mjs";
import { fits, isSignedIn, newVisitor } from "./chromium.mjs";

/** Gives a page an authenticator that is part of the device and always agrees. */
async function authenticatorOf({ context, page }) {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const given = { options: { ...options, isUserVerified: true, automaticPresenceSimulation: true } };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", given);
  return { devtools, authenticatorId };
}

/** Added in the account, used at the door, named, removed; each page as people see it. */
export async function passkeys({ browser, base, door }) {
  for (const how of [{ size: "phone", language: "fr", scheme: "light" }, { size: "desktop", language: "en", scheme: "dark" }]) {
    const visitor = await newVisitor(browser, how);
    const { page } = visitor;
    const look = async (what) => {
      await isAccessible(page, `${what}, ${Object.values(how)}`);
      await fits(page, what);
    };
    await signUp(visitor, base, `passkey.${how.size}@example.com`);
    const { devtools, authenticatorId } = await authenticatorOf(visitor);
    const presence = (enabled) => devtools.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
    // By the button; or from what the browser fills in, which the device agrees to at once.
    const byButton = how.size === "desktop";
    if (byButton) await page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
    const enter = async () => {
      await presence(true);
      await page.goto(`${base}${door}`, { waitUntil: "commit" });
      if (byButton) await page.locator("#passkey-submit").click();
    };
    await page.goto(`${base}/account`);
    await look("an account without passkeys");
    await page.locator("a[href='/account/passkey/add']").click();
    await look("adding one");
    await page.locator("#passkey-name").fill("Laptop");
    await page.locator("#passkey-add").click();
    await page.locator("p.notice[role=status]").waitFor();
    assert.equal(new URL(page.url()).pathname, "/account");
    assert.equal(await page.locator("#passkey-title + .rows strong").textContent(), "Laptop");
    await look("an account with one");
    const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
    assert.equal(credentials.length, 1);

    // The same device says that it has one.
    await page.locator("a[href='/account/passkey/add']").click();
    await page.locator("#passkey-add").click();
    await page.locator("[data-passkey-trouble]:not([hidden])").waitFor();
    await look("one too many");

    await visitor.context.clearCookies();
    assert.equal(await isSignedIn(visitor, base), false);
    await presence(false);
    await page.goto(`${base}${door}`);
    await look("the door");
    const filled = await page.locator("input[name=email]").first().getAttribute("autocomplete");
    assert.equal(/webauthn/.test(filled), !byButton);
    await enter();
    await page.waitForURL("**/signed-in");
    assert.equal(await isSignedIn(visitor, base), true);

    await page.goto(`${base}/account`);
    await page.locator("a[href^='/account/passkey/edit-']").click();
    await look("naming one");
    await page.locator("#passkey-name").fill("Work laptop");
    await page.locator("#passkey-rename").click();
    await page.locator("p.notice[role=status]").waitFor();
    await page.locator("a[href^='/account/passkey/edit-']").click();
    await page.locator("a[href^='/account/passkey/remove-']").click();
    await look("removing one");
    await page.locator("#passkey-remove").click();
    await page.locator("p.notice[role=status]").waitFor();
    assert.equal(await page.locator("#passkey-title + .rows").count(), 0);

    // What was removed is told at the door, with a way to the other methods.
    await visitor.context.clearCookies();
    await enter();
    await page.locator(`#method-passkey a[href='${door}']`).waitFor();
    assert.equal(await isSignedIn(visitor, base), false);
    await look("a passkey that nobody knows");
    await visitor.leave();
  }
}

/** Without JavaScript there is no button, and the other methods work. */
export async function passkeysWithoutScript({ browser, base, door }) {
  const visitor = await newVisitor(browser, { scripts: false });
  const { page } = visitor;
  await page.goto(`${base}${door}`);
  assert.equal(await page.locator("#passkey-submit").isVisible(), false);
  assert.equal(await page.locator("#method-passkey noscript, #method-passkey .hint").first().isVisible(), true);
  await signUp(visitor, base, "passkey.plain@example.com");
  await page.goto(`${base}/account/passkey/add`);
  assert.equal(await page.locator("#passkey-add").isVisible(), false);
  await visitor.leave();
}
