// What a tenant does at the portal's page, whom only the business database knows.
import assert from "node:assert/strict";
import { whoIsIt } from "./application.mjs";
import { askForCode, newVisitor, typeCode, WORDS } from "./chromium.mjs";
import { mailedCode, mailsTo } from "./mailbox.mjs";

const TENANTS = [
  { email: "jean@example.com", name: "Jean Dupont", client: "cli_jean" },
  { email: "zoé.étienne@example.com", name: "Zoé Étienne", client: "cli_zoe" },
  { email: "contact@societe.fr", name: "SOCIETE ABC SARL", client: "cli_societe" },
  { email: "anonyme@example.com", name: "", client: "cli_anonyme" },
];

/** Tenants sign in on every kind of device, and the application behind sees who they are. */
export async function tenants({ browser, base, door, application }) {
  const kinds = ["phone", "desktop"].flatMap((size) =>
    ["fr", "en"].flatMap((language) => [true, false].map((scripts) => ({ size, language, scripts }))),
  );
  const mailed = new Map();
  for (const [index, how] of kinds.entries()) {
    const tenant = TENANTS[index % TENANTS.length];
    const visitor = await newVisitor(browser, how);
    const { page, words } = visitor;
    await page.goto(base + door);
    const title = how.language === "fr" ? "Espace locataire" : "Tenant portal";
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), title);
    await askForCode(visitor, base + door, tenant.email);
    assert.equal((await page.locator(".sent p").first().textContent()).replaceAll("\u00a0", " "), words.sent);
    mailed.set(tenant.email, (mailed.get(tenant.email) ?? 0) + 1);
    await typeCode(visitor, await mailedCode(base, tenant.email, mailed.get(tenant.email)));
    await page.waitForURL(`${application}/client`);
    if (how.scripts) await isSeen(page, base, tenant);
    await page.goto(`${base}/signed-in`);
    assert.equal(await page.locator(".person span").textContent(), tenant.email);
    await page.getByRole("button", { name: words.signOut, exact: true }).click();
    await page.waitForURL("**/signed-out");
    await visitor.leave();
  }
}

async function isSeen(page, base, tenant) {
  const { user } = await whoIsIt(page, base);
  const { email, name, role, clientId, emailVerified } = user;
  assert.deepEqual({ email, name, role, clientId, emailVerified }, {
    email: tenant.email, name: tenant.name, role: "UTILISATEUR", clientId: tenant.client, emailVerified: true,
  });
}

/** What a page shows, less what is a person's own. */
async function seen({ page }, email) {
  const text = await page.locator("body").innerText();
  return { path: new URL(page.url()).pathname, text: text.replaceAll(email, "…").replace(/\d+ secondes?/, "n s") };
}

/** Strangers and owners see what tenants see, get no mail, and no code of theirs works. */
export async function strangers({ browser, base, door }) {
  const looks = [];
  for (const email of ["jean@example.com", "inconnu@example.com", "bailleur@example.com", "sci@example.com", "jumeaux@example.com"]) {
    const visitor = await newVisitor(browser);
    await askForCode(visitor, base + door, email);
    const first = await seen(visitor, email);
    const status = await typeCode(visitor, "123456");
    looks.push({ first, status, second: await seen(visitor, email) });
    await visitor.leave();
  }
  const [tenant, ...others] = looks;
  assert.equal(tenant.status, 400);
  assert.ok(tenant.second.text.includes(WORDS.fr.invalid));
  for (const other of others) assert.deepEqual(other, tenant);
  // The tenant's own mail was asked for first, so the others' would have come by now or come before the next one's.
  await mailsTo(base, "jean@example.com", 1);
  const visitor = await newVisitor(browser);
  await askForCode(visitor, base + door, "contact@societe.fr");
  await mailsTo(base, "contact@societe.fr", 1);
  const all = await (await fetch(`${base}/dev/mailbox.json`)).json();
  assert.deepEqual(all.map((mail) => mail.to).sort(), ["contact@societe.fr", "jean@example.com"]);
  await visitor.leave();
}
