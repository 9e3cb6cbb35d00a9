// Visits at the doors of examples/nextjs: the portal, sign-up, sign-in, and what is kept where.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sentBack } from "./cookies.mjs";
import { another, mailedCode, mailsTo } from "./mailbox.mjs";
import { STATIC } from "./next-application.mjs";

export const PERSON = { name: "Marie", email: "marie@example.com", password: "correct horse battery" };

export const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
export const alert = (page, text) => page.getByRole("alert").filter({ hasText: text }).waitFor();
export const heading = (page, name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

/** The cookies of somebody who has just signed in, without a browser. */
export async function signedInCookie(site) {
  const answer = await fetch(`${site}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: site },
    body: JSON.stringify({ email: PERSON.email, password: PERSON.password }),
  });
  assert.equal(answer.status, 200);
  return sentBack(answer.headers.getSetCookie());
}

/** The portal: two steps, a protected page, and the way out. */
// Wishes: 11, 92, 94, 100, 101, 117, 123, 124, 126, 130.
export async function aTenantComesInByCode({ site, guichet, newVisitor }) {
  const visitor = await newVisitor();
  const { page, context, posts } = visitor;
  await page.goto(`${site}/client?year=2026`);
  assert.equal(page.url(), `${site}/client/login?callbackURL=%2Fclient%3Fyear%3D2026`);
  await page.getByLabel("E-mail").fill("nobody@example.com");
  await press(page, "Recevoir un code");
  await page.getByLabel("Code").waitFor();
  await press(page, "Changer d’adresse");
  await page.getByLabel("E-mail").fill("Jean@Example.COM");
  await press(page, "Recevoir un code");
  const code = await mailedCode(guichet(), "jean@example.com");
  await page.getByLabel("Code").fill(another(code));
  await press(page, "Se connecter");
  await alert(page, "Code invalide ou expiré");
  await press(page, "Renvoyer un code");
  await mailsTo(guichet(), "jean@example.com", 2);
  await page.getByLabel("Code").fill(code);
  await press(page, "Se connecter");
  await heading(page, "Bonjour Jean Dupont");
  assert.equal(page.url(), `${site}/client?year=2026`, "back to where one was on the way to");
  assert.equal(await page.getByText("UTILISATEUR", { exact: true }).count(), 1);
  assert.equal(await page.getByText("demo_client_jean", { exact: true }).count(), 1);
  assert.ok(posts.includes("/api/auth/client/prepare-login"));
  assert.deepEqual(
    await (
      await fetch(`${guichet()}/dev/mailbox.json`)
    )
      .json()
      .then((mails) => mails.filter(({ to }) => to === "nobody@example.com")),
    [],
  );

  const cookies = await context.cookies();
  assert.ok(cookies.some(({ name }) => name === "better-auth.session_token"));
  for (const { name, httpOnly, sameSite } of cookies) assert.deepEqual([name, httpOnly, sameSite], [name, true, "Lax"]);
  assert.equal(await page.evaluate(() => document.cookie), "");
  const before = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");

  await press(page, "Se déconnecter");
  await page.waitForURL(`${site}/client/login`);
  await page.goto(`${site}/client`);
  assert.match(page.url(), /\/client\/login\?/);
  const known = await fetch(`${guichet()}/api/auth/get-session`, { headers: { cookie: before } });
  assert.equal(await known.json(), null, "the old cookie is worth nothing");
  await visitor.leave();
}

/** A server action signs up, with or without scripts; the cookies reach the browser. */
// Wishes: 1, 3, 21, 37, 93, 148.
export async function aServerActionSignsUp({ site, newVisitor }) {
  const visitor = await newVisitor({ scripts: false });
  const { page, context } = visitor;
  await page.goto(`${site}/signup`);
  await page.getByLabel("Nom").fill(PERSON.name);
  await page.getByLabel("E-mail").fill(PERSON.email);
  await page.getByLabel("Mot de passe").fill("court");
  await press(page, "Créer mon compte");
  await alert(page, "Ce mot de passe est trop court");
  await page.getByLabel("Mot de passe").fill(PERSON.password);
  await press(page, "Créer mon compte");
  await page.waitForURL(`${site}/`);
  await heading(page, "Bonjour Marie");
  const [session] = (await context.cookies()).filter(({ name }) => name === "better-auth.session_token");
  assert.equal(session.httpOnly, true);
  await page.goto(`${site}/dashboard`);
  await press(page, "Se déconnecter (action serveur)");
  await page.waitForURL(`${site}/login`);
  await page.goto(site);
  await heading(page, "Bienvenue");
  await visitor.leave();
}

// Wishes: 10, 28, 31.
export async function aPasswordSignsIn({ site, newVisitor }) {
  const visitor = await newVisitor();
  const { page } = visitor;
  for (const [from, to] of [
    ["//evil.test", "/dashboard"],
    ["/?from=here", "/?from=here"],
  ]) {
    await page.goto(`${site}/login?callbackURL=${encodeURIComponent(from)}`);
    await page.getByLabel("E-mail").fill(PERSON.email);
    await page.getByLabel("Mot de passe").fill("not this one");
    await press(page, "Se connecter");
    await alert(page, "E-mail ou mot de passe incorrect");
    await page.getByLabel("Mot de passe").fill(PERSON.password);
    await press(page, "Se connecter");
    await page.waitForURL(site + to);
  }
  await page.goto(`${site}/sign-in-error?error=access_denied`);
  await alert(page, "Vous avez refusé l’accès.");
  await visitor.leave();
}

/** What browsers load knows no database, no address of Guichet, and no secret. */
// Wishes: 4.
export async function theBundleHoldsNoDatabase() {
  const files = readdirSync(STATIC, { recursive: true }).filter((name) => name.endsWith(".js"));
  assert.ok(files.length > 5);
  for (const name of files) {
    const text = readFileSync(join(STATIC, name), "utf8");
    const found =
      /kysely|better-sqlite3|node:sqlite|postgres(?:ql)?:\/\/|\bprisma\b|drizzle-orm|mongodb|mysql2|GUICHET_URL|NEXTAUTH_SECRET|guichet\.refresh_token/i.exec(
        text,
      );
    assert.equal(found, null, `${name} holds ${found?.[0]}`);
  }
}
