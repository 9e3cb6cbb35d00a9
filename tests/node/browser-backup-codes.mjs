// Backup codes: copied, kept as a file, printed, and without JavaScript written down.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAccessible } from "./browser-access.mjs";
import { PASSWORD, signUp } from "./browser-signup.mjs";
import { fits, newVisitor } from "./chromium.mjs";
import { ask } from "./test-channel.mjs";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an authenticator shows at a moment (RFC 6238). */
function codeOf(key, seconds) {
  const bits = [...key.replace(/\s/g, "")].map((c) => LETTERS.indexOf(c).toString(2).padStart(5, "0")).join("");
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Sets an app up; the page with the codes is shown then. */
async function enrol({ page }, base) {
  await page.goto(`${base}/account`);
  const begin = page.locator("form[action='/account/two-factor/begin']");
  await begin.locator("input[type=password]").fill(PASSWORD);
  await begin.locator("button").click();
  const key = await page.locator("form[action='/account/two-factor/confirm'], main").locator("code").first().textContent();
  await page.locator("input[name=code]").fill(codeOf(key, await ask("now")));
  await page.locator("form[action='/account/two-factor/confirm'] button[type=submit]").click();
  await page.locator("#two-factor-sheet").waitFor();
}

/** What paper would show. */
const printed = (page) => page.evaluate(() => document.body.innerText.trim());

export async function backupCodes({ browser, base }) {
  const ways = [
    { size: "phone", language: "fr", scheme: "light" },
    { size: "desktop", language: "en", scheme: "dark" },
    { size: "phone", language: "en", scheme: "dark" },
    { size: "desktop", language: "fr", scheme: "light" },
  ];
  for (const how of ways) {
    const visitor = await newVisitor(browser, how);
    const { page, context } = visitor;
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
    const email = `codes.${Object.values(how).join(".")}@example.com`;
    await signUp(visitor, base, email);
    await enrol(visitor, base);
    await isAccessible(page, `backup codes, ${Object.values(how)}`);
    await fits(page, "backup codes");
    const codes = await page.locator("#two-factor-codes code").allTextContents();
    assert.equal(codes.length, 10);
    if (process.env.PICTURES) {
      mkdirSync(process.env.PICTURES, { recursive: true });
      const path = join(process.env.PICTURES, `backup-codes-${Object.values(how).join("-")}.png`);
      await page.screenshot({ path, fullPage: true });
    }

    await page.locator("#two-factor-copy").click();
    await page.locator("#two-factor-said:not(:empty)").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    for (const part of [...codes, "Guichet", email]) assert.ok(copied.includes(part), `${part}: ${copied}`);

    const download = page.waitForEvent("download");
    await page.locator("#two-factor-download").click();
    const file = await download;
    assert.match(file.suggestedFilename(), /^[\w-]+\.txt$/);
    const kept = readFileSync(await file.path(), "utf8");
    assert.deepEqual(kept.replace(/\r/g, ""), copied.replace(/\r/g, ""));

    await page.evaluate(() => { globalThis.print = () => { globalThis.asked = true; }; });
    await page.locator("#two-factor-print").click();
    assert.equal(await page.evaluate(() => globalThis.asked), true);
    await page.emulateMedia({ media: "print" });
    const paper = (await printed(page)).split(/\s*\n\s*/);
    assert.deepEqual(paper.slice(-10), codes, paper.join("|"));
    assert.equal(paper.length, 13, `the site, the account, a sentence, and the codes: ${paper.join("|")}`);
    assert.ok(paper[0].includes("Guichet") && paper[1].includes(email), paper.join("|"));
    await page.emulateMedia({ media: "screen" });
    await visitor.leave();
  }
}

/** A browser that refuses the clipboard selects the codes and says so. */
export async function backupCodesWithoutClipboard({ browser, base }) {
  const visitor = await newVisitor(browser, { language: "en" });
  const { page } = visitor;
  await signUp(visitor, base, "codes.refused@example.com");
  await enrol(visitor, base);
  await page.evaluate(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } });
  });
  const codes = await page.locator("#two-factor-codes code").allTextContents();
  await page.locator("#two-factor-copy").click();
  await page.locator("#two-factor-said:not(:empty)").waitFor();
  const selected = await page.evaluate(() => getSelection().toString());
  assert.deepEqual(selected.trim().split(/\s+/), codes);
  await visitor.leave();
}

/** Without JavaScript there are no buttons, and a sentence that says what to do. */
export async function backupCodesWithoutScript({ browser, base }) {
  const visitor = await newVisitor(browser, { scripts: false, language: "en" });
  const { page } = visitor;
  await signUp(visitor, base, "codes.plain@example.com");
  await enrol(visitor, base);
  for (const id of ["copy", "download", "print"]) {
    assert.equal(await page.locator(`#two-factor-${id}`).isVisible(), false, id);
  }
  const sentence = page.locator("main noscript");
  assert.equal(await sentence.isVisible(), true);
  assert.match(await sentence.textContent(), /Write these codes down/);
  assert.equal(await page.locator("#two-factor-codes code").count(), 10);
  await visitor.leave();
}
