// Who cannot see, cannot use a mouse, or prefers the dark.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { askForCode, newVisitor, typeCode, WORDS } from "./chromium.mjs";
import { another, mailedCode } from "./mailbox.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Fails on what axe-core finds wrong on the page. */
export async function isAccessible(page, what) {
  // Handed over by the debugger, as the pages' policy lets no stranger's script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`);
  assert.deepEqual(told, [], what);
}

/** Every page, light and dark, on phone and desktop, has nothing that axe-core finds wrong. */
export async function axe({ browser, base, door }) {
  for (const [size, language, scheme] of [["phone", "fr", "light"], ["desktop", "en", "dark"], ["phone", "fr", "dark"], ["desktop", "fr", "light"]]) {
    const visitor = await newVisitor(browser, { size, language, scheme });
    const { page, words } = visitor;
    const email = `axe.${size}.${scheme}@example.com`;
    const look = (what) => isAccessible(page, `${what}, ${size}, ${language}, ${scheme}`);
    await page.goto(`${base}/nowhere`);
    await look("a page that is not there");
    await page.goto(base + door);
    await look("the door");
    await askForCode(visitor, base + door, email);
    await look("the code's page");
    const code = await mailedCode(base, email);
    await typeCode(visitor, another(code));
    await look("a wrong code");
    await typeCode(visitor, code);
    await page.waitForURL("**/signed-in");
    await look("signed in");
    await page.getByRole("button", { name: words.signOut, exact: true }).click();
    await page.waitForURL("**/signed-out");
    await look("signed out");
    await page.goto(`${base}/dev/mailbox`);
    await look("the mailbox");
    await visitor.leave();
  }
}

/** What has the focus, in words. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return element.name || element.textContent.trim().replace(/\s+/g, " ");
  });

/** The page gives a field the focus by itself, a moment after it is there. */
export const waitsFor = (page, name) => page.waitForFunction((wanted) => document.activeElement.name === wanted, name);

async function tabs(page, count) {
  const met = [];
  for (let i = 0; i < count; i += 1) {
    await page.keyboard.press("Tab");
    met.push(await focused(page));
  }
  return met;
}

/** In and out with the keyboard alone, in the order in which the page reads. */
export async function keyboard({ browser, base, door }) {
  const visitor = await newVisitor(browser);
  const { page, words } = visitor;
  const email = "clavier@example.com";
  await page.goto(base + door);
  await waitsFor(page, "email");
  assert.deepEqual(await tabs(page, 1), [words.send]);
  await page.keyboard.press("Shift+Tab");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus is seen");
  await page.keyboard.type(email);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/email-otp/code");
  await waitsFor(page, "code");
  assert.deepEqual(await tabs(page, 1), [words.signIn], "the resend button is held back");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.type(await mailedCode(base, email));
  await page.waitForURL("**/signed-in");
  const met = await tabs(page, 5);
  assert.deepEqual(met, ["Aller au contenu", "Français", "English", "Gérer mon compte", words.signOut]);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/signed-out");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  // The skip link skips; on a busy machine a moment later.
  await page.waitForFunction(() => location.hash === "#main");
  assert.deepEqual(await tabs(page, 1), ["Se connecter à nouveau"]);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/login");
  await visitor.leave();
}

/** Dark is dark, and light is light. */
export async function darkAndLight({ browser, base, door }) {
  const brightness = (page) =>
    page.evaluate(() => {
      const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
      return (r * 299 + g * 587 + b * 114) / 1000;
    });
  for (const [scheme, holds] of [["dark", (value) => value < 40], ["light", (value) => value > 200]]) {
    const visitor = await newVisitor(browser, { scheme });
    await visitor.page.goto(base + door);
    const value = await brightness(visitor.page);
    assert.ok(holds(value), `${scheme}: ${value}`);
    await visitor.leave();
  }
}

/** The language that was chosen stays, whatever the browser says; a step is not lost by choosing. */
export async function languageSwitch({ browser, base, door }) {
  const visitor = await newVisitor(browser, { language: "fr" });
  const { page } = visitor;
  await page.goto(base + door);
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  visitor.words = WORDS.en;
  await askForCode(visitor, base + door, "langue@example.com");
  await page.getByRole("link", { name: "Français" }).click();
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  assert.equal(await page.locator("input[name=code]").count(), 1, "the code can still be typed");
  assert.equal(await typeCode(visitor, await mailedCode(base, "langue@example.com")), 303);
  await page.waitForURL("**/signed-in");
  await page.goto(`${base}/nowhere`);
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await visitor.leave();
}
