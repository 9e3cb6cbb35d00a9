// Visits on the dashboard of examples/nextjs: tokens, from the first one to the last.
import assert from "node:assert/strict";
import { alert, heading, PERSON, press } from "./next-doors.mjs";

const state = (page, text) => page.getByTestId("state").filter({ hasText: text }).waitFor();
const told = (page, text) => page.getByRole("status").filter({ hasText: text }).waitFor();
const noToken = (page) => page.getByTestId("token").filter({ hasText: "Aucun jeton" }).waitFor();

/** Counts what a page asks for at a path. */
function counting(page, path) {
  let count = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === path && request.method() !== "OPTIONS") count += 1;
  });
  return () => count;
}

async function signedIn({ site, newVisitor }) {
  const visitor = await newVisitor();
  const { page } = visitor;
  await page.goto(`${site}/login`);
  await page.getByLabel("E-mail").fill(PERSON.email);
  await page.getByLabel("Mot de passe").fill(PERSON.password);
  await press(page, "Se connecter");
  await page.waitForURL(`${site}/dashboard`);
  await state(page, PERSON.email);
  return visitor;
}

// Wishes: 139, 140.
export async function nothingIsAskedForNobody({ site, images, newVisitor }) {
  const visitor = await newVisitor();
  const { page } = visitor;
  const before = images.asked.length;
  const tokens = counting(page, "/api/auth/token");
  let letThrough;
  const held = new Promise((resolve) => (letThrough = resolve));
  await page.route("**/api/auth/get-session*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${site}/dashboard`);
  await state(page, "Authentification non chargée");
  await press(page, "Générer");
  await alert(page, "Authentification non chargée");
  letThrough();
  await state(page, "Vous devez être connecté pour générer des images");
  await press(page, "Générer");
  await alert(page, "Vous devez être connecté");
  await noToken(page);
  assert.deepEqual([images.asked.length - before, tokens()], [0, 0]);
  await visitor.leave();
}

// Wishes: 6, 8, 133, 144, 150.
export async function twentyCallsAskForOneToken(world) {
  const { images } = world;
  const visitor = await signedIn(world);
  const { page } = visitor;
  const [tokens, before] = [counting(page, "/api/auth/token"), images.asked.length];
  await press(page, "Vingt appels à la fois");
  await told(page, "20 réponses");
  assert.equal(tokens(), 1);
  const asked = images.asked.slice(before);
  assert.equal(asked.length, 20);
  assert.equal(new Set(asked.map(({ token }) => token)).size, 1);

  const status = await page.evaluate(() => globalThis.guichet());
  assert.equal(status.present, true);
  assert.ok(status.expiresAt > new Date());
  const everywhere = await page.evaluate(
    () => document.body.innerText + JSON.stringify({ ...localStorage, ...sessionStorage, guichet: guichet() }),
  );
  assert.ok(!everywhere.includes(asked[0].token), "the token is in memory alone");
  await visitor.leave();
}

/** Tokens live ten seconds here, and a job takes longer. */
// Wishes: 141, 142.
export async function aTokenIsRenewedDuringALongWait(world) {
  const { images } = world;
  const visitor = await signedIn(world);
  const { page } = visitor;
  const before = images.asked.length;
  images.rules.seconds = 12;
  await press(page, "Générer");
  await told(page, "Image en cours");
  await page.getByRole("status").filter({ hasText: "Image prête" }).waitFor({ timeout: 30_000 });
  const asked = images.asked.slice(before);
  const tokens = new Set(asked.map(({ token }) => token));
  assert.ok(tokens.size >= 2, "it was renewed on the way");
  assert.ok(asked.length >= 10);
  assert.equal(await page.getByRole("alert").filter({ hasText: /./ }).count(), 0);
  images.rules.seconds = 0;
  await visitor.leave();
}

// Wishes: 138, 143.
export async function aRefusalIsTriedOnceMore(world) {
  const { images } = world;
  const visitor = await signedIn(world);
  const { page } = visitor;
  await press(page, "Qui suis-je pour l’API ?");
  await told(page, "Pour l’API, vous êtes");
  const tokens = counting(page, "/api/auth/token");
  for (const refusals of [1, 2]) {
    const before = [images.asked.length, tokens()];
    images.rules.refuse = refusals;
    await press(page, "Qui suis-je pour l’API ?");
    if (refusals === 1) await told(page, "Pour l’API, vous êtes");
    else await alert(page, "Ce jeton est refusé");
    assert.equal(images.asked.length - before[0], 2, "once more, and no more");
    assert.equal(tokens() - before[1], 1, "with a fresh token");
  }
  await visitor.leave();
}

/** One tab signs out; the other one knows at once, and forgets its token. */
// Wishes: 53, 57, 140.
export async function aSignOutIsSeenInTheOtherTab(world) {
  const { site, images } = world;
  const visitor = await signedIn(world);
  const { page, context } = visitor;
  const second = await context.newPage();
  await second.goto(`${site}/dashboard`);
  await state(second, PERSON.email);
  await press(second, "Qui suis-je pour l’API ?");
  await told(second, "Pour l’API");
  assert.equal((await second.evaluate(() => guichet())).present, true);

  await press(page, "Se déconnecter");
  await page.waitForURL(`${site}/login`);
  await state(second, "Vous devez être connecté");
  assert.equal((await second.evaluate(() => guichet())).present, false);
  const before = images.asked.length;
  await press(second, "Générer");
  await alert(second, "Vous devez être connecté");
  assert.equal(images.asked.length, before);
  await visitor.leave();
}

/** A token that is still within its time is refused as soon as its session has ended. */
// Wishes: 83, 138.
export async function aSignOutIsSeenByTheBackEnd(world) {
  const { images } = world;
  const visitor = await signedIn(world);
  const { page } = visitor;
  await press(page, "Qui suis-je pour l’API ?");
  await told(page, "Pour l’API");
  const { token } = images.asked.at(-1);
  const call = async () => {
    const answer = await fetch(`${images.origin}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    return [answer.status, (await answer.json()).message];
  };
  assert.equal((await call())[0], 200);
  await press(page, "Se déconnecter");
  await page.waitForURL(/\/login$/);
  await page.waitForTimeout(1_000);
  assert.deepEqual(await call(), [401, "Cette session a pris fin"]);
  const bare = await fetch(`${images.origin}/api/me`);
  assert.deepEqual([bare.status, (await bare.json()).message], [401, "Token d'authentification manquant"]);
  await visitor.leave();
}

/** The session is ended elsewhere: no tab was told, and the next token is refused. */
// Wishes: 57, 139.
export async function aSessionThatEndedElsewhereIsNoticed(world) {
  const { site, images } = world;
  const visitor = await signedIn(world);
  const { page, context } = visitor;
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const ended = await fetch(`${site}/api/auth/revoke-sessions`, {
    method: "POST",
    headers: { cookie, origin: site, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal(ended.status, 200);
  const before = images.asked.length;
  await press(page, "Générer");
  await alert(page, "Authentification requise");
  await state(page, "Vous devez être connecté");
  assert.equal(images.asked.length, before);
  await visitor.leave();
}

/** Guichet goes away: nobody is signed out, nobody comes in, and everything says so. */
// Wishes: 28.
export async function guichetGoesAndComes(world) {
  const { site, restart, stop } = world;
  const visitor = await signedIn({
    ...world,
    newVisitor: (options) => world.newVisitor({ ...options, foreseen: () => true }),
  });
  const { page } = visitor;
  await stop();
  await press(page, "Générer");
  await alert(page, "Le service de connexion ne répond pas");
  const protectedPage = await page.goto(`${site}/client`);
  assert.equal(protectedPage.status(), 503);
  await page.goto(`${site}/login`);
  await page.getByLabel("E-mail").fill(PERSON.email);
  await page.getByLabel("Mot de passe").fill(PERSON.password);
  await press(page, "Se connecter");
  await alert(page, "Le service de connexion ne répond pas");
  await page.goto(site);
  await heading(page, "Un instant…");
  await restart("short");
  await press(page, "Réessayer");
  await page.goto(site);
  await heading(page, "Bonjour Marie");
  await page.context().close();
}
