// What goes wrong, and what a person is told then.
import assert from "node:assert/strict";
import { askForCode, newVisitor, typeCode } from "./chromium.mjs";
import { another, mailedCode, mailsTo } from "./mailbox.mjs";
import { ask } from "./test-channel.mjs";

const seconds = (count) => ask("advance", { seconds: count });

/** The page says that the code is wrong, to eyes and to screen readers. */
async function saysInvalid({ page, words }) {
  const alert = page.locator("[role=alert]");
  assert.equal((await alert.textContent()).trim(), words.invalid);
  const field = page.locator("input[name=code]");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")).split(" ");
  assert.ok(described.includes(await alert.getAttribute("id")), "the field points at the words");
  assert.equal(await field.inputValue(), "", "a wrong code is not kept");
}

/** A wrong code is told, in both languages, with scripts and without; the right one still works. */
export async function wrongCode({ browser, base, door }) {
  for (const how of [{ language: "fr" }, { language: "en", scripts: false }]) {
    const visitor = await newVisitor(browser, how);
    const email = `faux.${how.language}@example.com`;
    await askForCode(visitor, base + door, email);
    const code = await mailedCode(base, email);
    assert.equal(await typeCode(visitor, another(code)), 400);
    await saysInvalid(visitor);
    assert.equal(await typeCode(visitor, code), 303);
    await visitor.page.waitForURL("**/signed-in");
    await visitor.leave();
  }
}

/** Three wrong codes end a code; a new one opens the door again. */
export async function threeWrongCodes({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, words } = visitor;
  const email = "trois@example.com";
  await askForCode(visitor, base + door, email);
  const code = await mailedCode(base, email);
  for (const by of [1, 2, 3]) {
    assert.equal(await typeCode(visitor, another(code, by)), 400);
    await saysInvalid(visitor);
  }
  assert.equal(await typeCode(visitor, code), 403, "even the right one is too late");
  const alert = page.locator("[role=alert]");
  assert.match(await alert.textContent(), /Trop d’essais/);
  await seconds(31);
  await page.reload();
  await page.goto(`${base}${door}/email-otp/code`);
  await page.getByRole("button", { name: words.resend, exact: true }).click();
  await page.getByText(words.resent).waitFor();
  assert.equal(await typeCode(visitor, await mailedCode(base, email, 2)), 303);
  await page.waitForURL("**/signed-in");
  await visitor.leave();
}

/** A code that has expired is refused in the same words. */
export async function expiredCode({ browser, base, door }) {
  const visitor = await newVisitor(browser, { size: "phone" });
  await askForCode(visitor, base + door, "tard@example.com");
  const code = await mailedCode(base, "tard@example.com");
  await seconds(601);
  assert.equal(await typeCode(visitor, code), 400);
  await saysInvalid(visitor);
  await visitor.leave();
}

/** Another code may be asked for after a while; the earlier one still works. */
export async function resend({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, words } = visitor;
  const email = "encore@example.com";
  await askForCode(visitor, base + door, email);
  const first = await mailedCode(base, email);
  const button = page.getByRole("button", { name: words.resend, exact: true });
  assert.ok(await button.isDisabled(), "not at once");
  const wait = page.locator("#email-otp-resend-wait");
  const left = async () => Number(/\d+/.exec(await wait.textContent())[0]);
  const before = await left();
  assert.ok(before > 20 && before <= 30, `${before} s`);
  await page.waitForFunction((shown) => Number(/\d+/.exec(document.querySelector("#email-otp-resend-wait").textContent)[0]) < shown, before);
  await seconds(31);
  await page.reload();
  assert.ok(await button.isEnabled());
  await button.click();
  await page.getByRole("status").filter({ hasText: words.resent }).waitFor();
  assert.equal((await mailsTo(base, email, 2)).length, 2);
  assert.ok(await button.isDisabled(), "nor at once again");
  assert.equal(await typeCode(visitor, first), 303);
  await page.waitForURL("**/signed-in");
  await visitor.leave();
}

/** The countdown frees its button without a reload. */
export async function countdown({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, words } = visitor;
  await askForCode(visitor, base + door, "attend@example.com");
  await seconds(28);
  await page.reload();
  const button = page.getByRole("button", { name: words.resend, exact: true });
  assert.ok(await button.isDisabled());
  await button.and(page.locator(":enabled")).waitFor();
  assert.match(await page.locator("#email-otp-resend-wait").textContent(), /Vous pouvez demander un nouveau code/);
  await visitor.leave();
}

/** A code is good only in the browser that asked for it. */
export async function anotherBrowser({ browser, base, door }) {
  const email = "cible@example.com";
  const [owner, thief] = [await newVisitor(browser), await newVisitor(browser, { size: "phone" })];
  await askForCode(thief, base + door, email);
  await mailedCode(base, email);
  await seconds(1);
  await askForCode(owner, base + door, email);
  const code = await mailedCode(base, email, 2);
  assert.equal(await typeCode(thief, code), 400);
  await saysInvalid(thief);
  assert.equal(await typeCode(owner, code), 303);
  await owner.page.waitForURL("**/signed-in");
  for (const visitor of [owner, thief]) await visitor.leave();
}

/** An address that is none is told before anything is sent, with scripts off too. */
export async function badAddress({ browser, base, door }) {
  const visitor = await newVisitor(browser, { scripts: false });
  const { page, words, posts } = visitor;
  await page.goto(base + door);
  const field = page.locator("input[name=email]");
  const send = page.getByRole("button", { name: words.send, exact: true });
  await send.click();
  assert.deepEqual(posts, [], "the browser itself asks for an address");
  // What a browser lets through.
  await field.fill("jean@example");
  await send.click();
  await page.locator("[role=alert]").waitFor();
  assert.match(await page.locator("[role=alert]").textContent(), /semble incomplète/);
  assert.equal(await field.inputValue(), "jean@example", "what was typed can be mended");
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  await visitor.leave();
}

/** A page that does not exist, an error that is told by the address, a form from elsewhere. */
export async function errorPages({ browser, base }) {
  for (const language of ["fr", "en"]) {
    const visitor = await newVisitor(browser, { language, size: "phone" });
    const { page, words } = visitor;
    assert.equal((await page.goto(`${base}/nowhere`)).status(), 404);
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), words.notFound);
    await page.goto(`${base}/api/auth/error?error=%3Cscript%3Ealert(1)%3C/script%3E`);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    assert.equal(await page.locator("main script").count(), 0);
    await page.getByRole("link", { name: language === "fr" ? "Revenir à l’accueil" : "Back to the start" }).click();
    await page.waitForURL("**/login");
    await visitor.leave();
  }
}
