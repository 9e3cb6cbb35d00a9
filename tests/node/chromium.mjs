// A headless Chromium and its visitors. Each visitor is a browser of its own (a context), and is watched: an error on
// the console or a breach of the content security policy fails the test.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { mailedCode } from "./mailbox.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };
export const SIZES = { phone: PHONE, desktop: DESKTOP };

/** What the pages say, by language. */
export const WORDS = {
  fr: {
    locale: "fr-FR",
    send: "Recevoir un code",
    checkInbox: "Consultez votre messagerie",
    sent: "Si cette adresse est connue ici, un code à six chiffres vient d’y être envoyé :",
    signIn: "Se connecter",
    invalid: "Code invalide ou expiré",
    resend: "Renvoyer un code",
    resent: "Nouvelle demande prise en compte. Le code précédent reste valable.",
    signedIn: "Vous êtes connecté",
    signOut: "Se déconnecter",
    signedOut: "Vous êtes déconnecté",
    notFound: "Page introuvable",
  },
  en: {
    locale: "en-GB",
    send: "Get a code",
    checkInbox: "Check your inbox",
    sent: "If this address is known here, a six-digit code has just been sent to it:",
    signIn: "Sign in",
    invalid: "Invalid or expired code",
    resend: "Send another code",
    resent: "Your new request is in. The previous code remains valid.",
    signedIn: "You are signed in",
    signOut: "Sign out",
    signedOut: "You are signed out",
    notFound: "Page not found",
  },
};

/** Runs a job with a browser that ends with it. */
export async function withChromium(job) {
  const browser = await chromium.launch({
    executablePath: process.env.GUICHET_TEST_CHROMIUM,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync"],
    ],
  });
  try {
    await job(browser);
  } finally {
    await browser.close();
  }
}

/**
 * A visitor: `size` of SIZES, `language` of WORDS, `scripts` (false: JavaScript is off), `scheme` "light" or "dark".
 * `foreseen` says which addresses may fail to load without that being a trouble.
 * Gives `page`, `context`, `words`, `posts` (what was posted so far) and `leave()`, which asserts that all was well.
 */
export async function newVisitor(
  browser,
  { size = "desktop", language = "fr", scripts = true, scheme = "light", foreseen = () => false } = {},
) {
  const words = WORDS[language];
  const options = { ...SIZES[size], locale: words.locale, colorScheme: scheme, javaScriptEnabled: scripts };
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const [troubles, refusals, posts] = [[], new Set(), []];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  context.on("request", (request) => {
    if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
  });
  // A page that is refused shows why; that Chromium also notes its status on the console is no trouble.
  context.on("response", (response) => {
    if (response.request().isNavigationRequest() && response.status() >= 400) refusals.add(response.url());
  });
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const { url } = message.location();
    const noted = message.text().startsWith("Failed to load resource") && (refusals.has(url) || foreseen(url));
    if (!noted) troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => troubles.push(`script: ${error.error()}`));
  const page = await context.newPage();
  const leave = async () => {
    await context.close();
    assert.deepEqual(troubles, [], "nothing on the console");
  };
  return { context, page, words, scripts, posts, leave };
}

/** Types an address at a door and arrives at the code's page. */
export async function askForCode(visitor, door, email) {
  const { page, words } = visitor;
  const answer = await page.goto(door);
  assert.equal(answer.status(), 200);
  await page.locator("input[name=email]").fill(email);
  await page.getByRole("button", { name: words.send, exact: true }).click();
  await page.waitForURL("**/email-otp/code");
  assert.equal(await page.getByRole("heading", { level: 2 }).textContent(), words.checkInbox);
}

/** Types a code; with scripts the last digit sends it, without them the button does. Gives the answer's status. */
export async function typeCode({ page, words, scripts }, code) {
  const posted = page.waitForRequest((request) => request.method() === "POST");
  const loaded = page.waitForEvent("load");
  await page.locator("input[name=code]").pressSequentially(code);
  if (!scripts) await page.getByRole("button", { name: words.signIn, exact: true }).click();
  const answer = await (await posted).response();
  await loaded;
  return answer.status();
}

/** Signs in at a door, by the code that was mailed. */
export async function signIn(visitor, base, door, email) {
  await askForCode(visitor, base + door, email);
  assert.equal(await typeCode(visitor, await mailedCode(base, email)), 303);
}

/** Whether this visitor's browser is signed in. */
export const isSignedIn = async ({ context }, base) =>
  (await (await context.request.get(`${base}/api/auth/get-session`)).json()) !== null;

/** Fails when a page must be moved sideways to be read. */
export const fits = async (page, what) =>
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits`);
