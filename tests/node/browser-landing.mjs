// Where a sign-in and a sign-out lead: an application on another origin.
import assert from "node:assert/strict";
import { startApplication, whoIsIt } from "./application.mjs";
import { askForCode, newVisitor, signIn, typeCode } from "./chromium.mjs";
import { mailedCode } from "./mailbox.mjs";

/** An application sends somebody here, and gets them back signed in. */
export async function sentByAnApplication({ browser, base, door }) {
  for (const host of ["127.0.0.1", "app.localhost"]) {
    const application = await startApplication(host);
    for (const scripts of [true, false]) {
      const visitor = await newVisitor(browser, { scripts });
      const back = `${application}/after?from=login&x=é`;
      const email = `suite.${host}.${scripts}@example.com`;
      await signIn(visitor, base, `${door}?callbackURL=${encodeURIComponent(back)}`, email);
      await visitor.page.waitForURL(`${application}/**`);
      assert.equal(await visitor.page.locator("h1").textContent(), "GET /after?from=login&x=%C3%A9", "no code is posted on");
      if (scripts && host === "127.0.0.1") {
        assert.equal((await whoIsIt(visitor.page, base)).user.email, email);
      }
      await visitor.leave();
    }
  }
}

/** Two applications in two tabs: no page is stopped by the other one, and both lead to an application. */
export async function twoTabs({ browser, base, door }) {
  const [one, two] = [await startApplication(), await startApplication("app.localhost")];
  const visitor = await newVisitor(browser);
  const { page, context } = visitor;
  await askForCode(visitor, `${base}${door}?callbackURL=${encodeURIComponent(`${one}/one`)}`, "onglets@example.com");
  const second = await context.newPage();
  await second.goto(`${base}${door}?callbackURL=${encodeURIComponent(`${two}/two`)}`);
  await typeCode(visitor, await mailedCode(base, "onglets@example.com"));
  await page.waitForURL(`${two}/two`);
  await visitor.leave();
}

/** The door leads to an application by itself, and so does signing out. */
export async function ledByTheSettings({ browser, base, door, application }) {
  for (const scripts of [true, false]) {
    const visitor = await newVisitor(browser, { scripts });
    const { page, words } = visitor;
    await signIn(visitor, base, door, `mene.${scripts}@example.com`);
    await page.waitForURL(`${application}/home`);
    await page.goto(`${base}/signed-in`);
    await page.getByRole("button", { name: words.signOut, exact: true }).click();
    await page.waitForURL(`${application}/bye`);
    await visitor.leave();
  }
}
