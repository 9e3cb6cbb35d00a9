// Verifies a token and the feed of revocations as services in JavaScript do. Environment: BASE, TOKEN, ALGORITHM.
// Says {claims, forged, feed}: what the token says, the code by which a changed one is refused, the feed's type.
import { createRemoteJWKSet, jwtVerify } from "jose";

const { BASE, TOKEN, ALGORITHM } = process.env;
const keys = createRemoteJWKSet(new URL(`${BASE}/api/auth/jwks`));
const demanded = { issuer: BASE, audience: BASE, algorithms: [ALGORITHM], typ: "at+jwt", requiredClaims: ["exp", "sub", "sid"] };

const { payload } = await jwtVerify(TOKEN, keys, demanded);

const [head, claims, signature] = TOKEN.split(".");
// One character in the middle: the last one holds bits that mean nothing.
const changed = `${signature.slice(0, 10)}${signature[10] === "A" ? "B" : "A"}${signature.slice(11)}`;
const forged = await jwtVerify([head, claims, changed].join("."), keys, demanded).then(
  () => "taken",
  (error) => error.code,
);

const answer = await fetch(`${BASE}/api/auth/revocations`);
const feed = await jwtVerify(await answer.text(), keys, { issuer: BASE, algorithms: [ALGORITHM], typ: "revocations+jwt" });

console.log(JSON.stringify({ claims: payload, forged, feed: feed.protectedHeader.typ }));
