// A React application with the official client's `useSession`, in Chromium, beside a Guichet on another origin.
// Asks the test for {"ask": "start", "origin": …} (gives the server's address), "stop" (ends it) and "start" again.
import assert from "node:assert/strict";
import { newVisitor, withChromium } from "./chromium.mjs";
import { buildReactApplication, serveApplication } from "./react-application.mjs";
import { ask, run } from "./test-channel.mjs";

const [EMAIL, PASSWORD] = ["jean@example.com", "correct horse battery"];

const hello = (page, name) => page.getByRole("heading", { name: `Hello ${name}`, exact: true }).waitFor();
const door = (page) => page.getByRole("heading", { name: "Who are you?" }).waitFor();
const alert = (page, text) => page.getByRole("alert").filter({ hasText: text }).waitFor();
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

async function fill(page, fields) {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
}

/** The tab comes to the front again. A headless browser has all of its tabs in front, so the page is only told so. */
const lookAt = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

/** The addresses that this page has asked for since, each with its method. */
function watched(page, base) {
  const asked = [];
  page.on("request", (request) => {
    if (request.url().startsWith(base)) asked.push(`${request.method()} ${new URL(request.url()).pathname}`);
  });
  return asked;
}

async function signsUpAndStays({ page }) {
  await door(page);
  await fill(page, { Name: "Jean", "E-mail": EMAIL, Password: "short" });
  await press(page, "Sign up");
  await alert(page, "Password too short");
  await fill(page, { Password: PASSWORD });
  await press(page, "Sign up");
  await hello(page, "Jean");
  assert.equal(await page.getByText(EMAIL).count(), 1);
  await page.reload();
  await hello(page, "Jean");
}

/** What one tab changes is seen in the other, which nobody touches. */
async function otherTabsFollow({ page, context, origin, base }) {
  const second = await context.newPage();
  await second.goto(origin);
  await hello(second, "Jean");
  const asked = watched(second, base);

  await fill(page, { Name: "Jean Dupont" });
  await press(page, "Rename");
  await hello(page, "Jean Dupont");
  await hello(second, "Jean Dupont");

  await press(page, "Sign out");
  await door(page);
  await door(second);
  assert.deepEqual([...new Set(asked)], ["GET /api/auth/get-session"], "the second tab only asked who it is");
  return second;
}

async function aWrongPasswordIsTold({ page }) {
  for (const email of [EMAIL, "nobody@example.com"]) {
    await fill(page, { "E-mail": email, Password: "not the password" });
    await press(page, "Sign in");
    await alert(page, "Invalid email or password");
  }
}

/** The client tells other tabs of a sign-in only when they are looked at again; what is typed there stays. */
async function aSecondTabSeesTheSignIn({ page }, second) {
  await fill(second, { "E-mail": "half-typed" });
  await lookAt(second);
  await second.waitForResponse((answer) => answer.url().endsWith("/get-session"));
  assert.equal(await second.getByLabel("E-mail").inputValue(), "half-typed", "a refetch empties no form");

  await fill(page, { "E-mail": EMAIL, Password: PASSWORD });
  await press(page, "Sign in");
  await hello(page, "Jean Dupont");
  await door(second);
  // The client asks at most once in five seconds when it is looked at.
  await second.waitForTimeout(5_500);
  await lookAt(second);
  await hello(second, "Jean Dupont");
}

async function theServerGoesAndComes({ page }, second) {
  await ask("stop");
  await page.waitForTimeout(5_500);
  await lookAt(page);
  await alert(page, "The session cannot be read.");
  await hello(page, "Jean Dupont");
  await press(page, "Sign out");
  await alert(page, "Nobody answers.");
  // A page that is loaded now cannot say who it is, which is not the same as being signed out.
  await second.reload();
  await alert(second, "The session cannot be read.");
  assert.equal(await second.getByRole("heading").count(), 0, "neither in nor out");

  await ask("start");
  for (const tab of [page, second]) {
    await press(tab, "Try again");
    await hello(tab, "Jean Dupont");
    await tab.getByText("The session cannot be read.").waitFor({ state: "detached" });
  }
  await press(second, "Sign out");
  await door(second);
  await door(page);
}

await run(async () => {
  let base = "";
  const origin = await serveApplication(await buildReactApplication(), () => base);
  base = await ask("start", { origin });
  await withChromium(async (browser) => {
    const foreseen = (url) => url.startsWith(`${base}/api/auth/`);
    const visitor = { ...(await newVisitor(browser, { language: "en", foreseen })), origin, base };
    await visitor.page.goto(origin);
    await signsUpAndStays(visitor);
    const second = await otherTabsFollow(visitor);
    await aWrongPasswordIsTold(visitor);
    await aSecondTabSeesTheSignIn(visitor, second);
    await theServerGoesAndComes(visitor, second);
    await visitor.leave();
  });
});
