// The application of examples/nextjs, built and started for real, in Chromium, beside a Guichet and a back end.
// Asks the test for {"ask": "start", "site": …, "tokens": "short" | "long"} (gives where Guichet listens), "stop" (ends it)
// and "start" again. Short tokens live for ten seconds; where they are long, there is the token API too.
// Environment: GUICHET_TEST_CHROMIUM.
import assert from "node:assert/strict";
import { newVisitor, withChromium } from "./chromium.mjs";
import { openGate } from "./gate.mjs";
import { startImageService } from "./image-service.mjs";
import { buildApplication, say } from "./kit-build.mjs";
import { freePort } from "./listen.mjs";
import { startNext } from "./next-application.mjs";
import * as dashboard from "./next-dashboard.mjs";
import * as doors from "./next-doors.mjs";
import { aBearerIsHandedOn, everyRouteIsTheSame, notedAddress } from "./next-routes.mjs";
import * as tokens from "./next-tokens.mjs";
import { ask, run } from "./test-channel.mjs";

/** Everything that a visit needs. */
async function open() {
  await buildApplication();
  const port = await freePort();
  const site = `http://localhost:${port}`;
  let guichet = await ask("start", { site, tokens: "short" });
  const restart = async (tokens) => (guichet = await ask("start", { site, tokens }));
  const gate = await openGate(() => guichet);
  const images = await startImageService(() => guichet, site);
  await startNext(port, {
    GUICHET_URL: gate.address,
    APP_URL: site,
    FASTAPI_URL: images.origin,
    FLASK_URL: images.origin,
    NEXTAUTH_URL: `${site}/api/nextauth`,
    NEXTAUTH_SECRET: "only for this test, thirty-two characters",
  });
  return { site, port, gate, images, restart, stop: () => ask("stop"), guichet: () => guichet };
}

/** A visitor of the application; that a call is refused is no trouble, a script that fails is. */
async function visitor(browser, world, options = {}) {
  const foreseen = (url) => url.startsWith(`${world.site}/api/`) || url.startsWith(world.images.origin);
  return newVisitor(browser, { foreseen, ...options });
}

const withShortTokens = [
  doors.aTenantComesInByCode,
  doors.aServerActionSignsUp,
  doors.aPasswordSignsIn,
  doors.theBundleHoldsNoDatabase,
  dashboard.nothingIsAskedForNobody,
  dashboard.twentyCallsAskForOneToken,
  dashboard.aTokenIsRenewedDuringALongWait,
  dashboard.aRefusalIsTriedOnceMore,
  dashboard.aSignOutIsSeenInTheOtherTab,
  dashboard.aSignOutIsSeenByTheBackEnd,
  dashboard.aSessionThatEndedElsewhereIsNoticed,
  dashboard.guichetGoesAndComes,
];
const withLongTokens = [tokens.tenCallsMakeOneRotation, tokens.nextAuthSignsInByTheTokenApi];

await run(async () => {
  const world = await open();
  await withChromium(async (browser) => {
    const go = async (visits) => {
      for (const visit of visits) {
        const began = Date.now();
        await visit({ ...world, newVisitor: (options) => visitor(browser, world, options) });
        say({ visit: visit.name, milliseconds: Date.now() - began });
      }
    };
    await go(withShortTokens);
    await world.stop();
    await world.restart("long");
    await go(withLongTokens);
  });
  const cookie = await doors.signedInCookie(world.site);
  await everyRouteIsTheSame(world.guichet(), world.site, cookie);
  await aBearerIsHandedOn(world.site, doors.PERSON);
  assert.equal(await notedAddress(world.port, "127.0.0.2", world.site), "127.0.0.2");
});
