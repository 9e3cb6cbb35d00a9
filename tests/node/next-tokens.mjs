// Visits where examples/nextjs uses the token API (`/auth/login`, `/auth/refresh`): by the kit, and by NextAuth.
import assert from "node:assert/strict";
import { alert, heading, PERSON, press } from "./next-doors.mjs";

const WRONG = "Identifiant ou mot de passe incorrect";

async function fill(page, password) {
  await page.getByLabel("E-mail ou nom d’utilisateur").fill(PERSON.email);
  await page.getByLabel("Mot de passe").fill(password);
  await press(page, "Se connecter");
}

/** Ten calls at once, as a page makes them when its access token has just ended. */
const tenCalls = (page) =>
  page.evaluate(() =>
    Promise.all(
      Array.from({ length: 10 }, async () => {
        const answer = await fetch("/api/tokens/token");
        return { status: answer.status, ...(await answer.json()) };
      }),
    ),
  );

// Wishes: 79, 81, 82, 83, 89, 90, 91, 92, 94.
export async function tenCallsMakeOneRotation({ site, gate, newVisitor }) {
  const visitor = await newVisitor();
  const { page, context } = visitor;
  await page.goto(`${site}/user`);
  assert.equal(page.url(), `${site}/login/user?callbackURL=%2Fuser`);
  await fill(page, "not this one");
  await alert(page, WRONG);
  await fill(page, PERSON.password);
  await page.waitForURL(`${site}/user`);
  await page.getByText(PERSON.email, { exact: true }).waitFor();

  const kept = await context.cookies();
  for (const name of ["guichet.access_token", "guichet.refresh_token"]) {
    const cookie = kept.find((one) => one.name === name);
    assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, "Lax"], name);
  }
  assert.equal(await page.evaluate(() => document.cookie), "");

  const refreshOf = async () => (await context.cookies()).find(({ name }) => name === "guichet.refresh_token")?.value;
  for (const turn of [1, 2]) {
    const [rotations, before] = [gate.count("POST /auth/refresh"), await refreshOf()];
    await context.clearCookies({ name: "guichet.access_token" });
    const answers = await tenCalls(page);
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array.from({ length: 10 }, () => 200),
    );
    assert.equal(new Set(answers.map(({ access_token }) => access_token)).size, 1);
    assert.equal(gate.count("POST /auth/refresh") - rotations, 1, `rotation ${turn}`);
    assert.notEqual(await refreshOf(), before);
    assert.ok(answers.every((answer) => !("refresh_token" in answer)));
  }

  const last = await refreshOf();
  await press(page, "Se déconnecter");
  await page.waitForURL(`${site}/login/user`);
  assert.equal(await refreshOf(), undefined);
  await context.addCookies([{ name: "guichet.refresh_token", value: last, url: site, httpOnly: true }]);
  const answers = await tenCalls(page);
  assert.ok(
    answers.every(({ status }) => status === 401),
    "it ended with the session",
  );
  await page.goto(`${site}/user`);
  assert.match(page.url(), /\/login\/user\?/);
  await visitor.leave();
}

// Wishes: 80, 88, 89.
export async function nextAuthSignsInByTheTokenApi({ site, gate, newVisitor }) {
  const visitor = await newVisitor();
  const { page, context } = visitor;
  await page.goto(`${site}/nextauth`);
  await fill(page, "not this one");
  await alert(page, WRONG);
  await fill(page, PERSON.password);
  await page.getByText("présent", { exact: true }).waitFor();
  const session = await page.evaluate(async () => (await fetch("/api/nextauth/session")).json());
  assert.equal(session.user.email, PERSON.email);
  assert.match(session.accessToken, /^ey/);
  assert.ok(!JSON.stringify(session).toLowerCase().includes("refresh"));
  const cookie = (await context.cookies()).find(({ name }) => name === "next-auth.session-token");
  assert.equal(cookie.httpOnly, true);
  const before = gate.count("POST /auth/logout");
  await press(page, "Se déconnecter");
  await page.getByLabel("E-mail ou nom d’utilisateur").waitFor();
  assert.equal(gate.count("POST /auth/logout"), before + 1);
  await page.goto(`${site}/login`);
  await heading(page, "Connexion");
  await visitor.leave();
}
