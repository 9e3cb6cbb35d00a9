// The official client, as an application uses it: its own calls, callbacks, error objects and types.
// Environment: BASE, the server's address (with its development mailbox).
import assert from "node:assert/strict";
import { createAuthClient } from "better-auth/client";
import { emailOTPClient } from "better-auth/client/plugins";
import { newBrowser } from "./cookies.mjs";
import { another, mailedCode } from "./mailbox.mjs";
import { run } from "./test-channel.mjs";

const BASE = process.env.BASE;
const ORIGIN = "http://app.localhost:5173";
const EMAIL = "jean.dupont@example.com";

function newClient() {
  const { jar, visit } = newBrowser(ORIGIN);
  const client = createAuthClient({
    baseURL: BASE,
    plugins: [emailOTPClient()],
    fetchOptions: { customFetchImpl: visit },
  });
  return { client, jar };
}

/** The callbacks of one call, in the order in which they came. */
function heard() {
  const events = [];
  return {
    events,
    onRequest: (context) => void events.push(["request", context.method]),
    onResponse: (context) => void events.push(["response", context.response.status]),
    onSuccess: (context) => void events.push(["success", context.data]),
    onError: (context) => void events.push(["error", context.error]),
  };
}

async function asksForACode(client) {
  const calls = heard();
  const sent = await client.emailOtp.sendVerificationOtp({ email: EMAIL, type: "sign-in" }, calls);
  assert.deepEqual(sent, { data: { success: true }, error: null });
  assert.deepEqual(calls.events.map(([name]) => name), ["request", "response", "success"]);
  assert.equal(calls.events[0][1], "POST");
}

async function aWrongCodeIsAnErrorObject(client, code) {
  const calls = heard();
  const refused = await client.signIn.emailOtp({ email: EMAIL, otp: another(code) }, calls);
  assert.equal(refused.data, null);
  const { code: name, message, status, statusText } = refused.error;
  assert.deepEqual({ name, message, status, statusText }, {
    name: "INVALID_OTP", message: "Invalid OTP", status: 400, statusText: "Bad Request",
  });
  assert.deepEqual(calls.events.map(([event]) => event), ["request", "response", "error"]);
  assert.equal(calls.events[2][1].code, "INVALID_OTP");
  assert.deepEqual((await client.getSession()).data, null, "a wrong code opens nothing");
}

async function theRightCodeSignsIn(client, code) {
  const calls = heard();
  const began = Date.now();
  const { data, error } = await client.signIn.emailOtp({ email: EMAIL, otp: code, name: "Jean Dupont" }, calls);
  assert.equal(error, null);
  assert.equal(typeof data.token, "string");
  assert.deepEqual(calls.events.map(([event]) => event), ["request", "response", "success"]);
  assert.equal(data.user.email, EMAIL);
  assert.equal(data.user.emailVerified, true);
  assert.equal(data.user.name, "Jean Dupont");
  assert.ok(data.user.createdAt instanceof Date, "dates are dates");
  assert.ok(Math.abs(data.user.createdAt.getTime() - began) < 60_000, data.user.createdAt);
  return data;
}

async function readsItsSession(client, signedIn) {
  const { data, error } = await client.getSession();
  assert.equal(error, null);
  assert.equal(data.user.id, signedIn.user.id);
  assert.equal(data.session.userId, signedIn.user.id);
  assert.equal(data.session.token, signedIn.token);
  for (const date of [data.session.expiresAt, data.session.createdAt, data.session.updatedAt, data.user.updatedAt]) {
    assert.ok(date instanceof Date && !Number.isNaN(date.getTime()), date);
  }
  assert.ok(data.session.expiresAt > new Date(Date.now() + 6 * 86_400_000), "a week, less what has passed");
  return data;
}

async function ofTwoBrowsersOneEndsTheOther(first, mine) {
  const second = newClient();
  assert.equal((await second.client.emailOtp.sendVerificationOtp({ email: EMAIL, type: "sign-in" })).error, null);
  const code = await mailedCode(BASE, EMAIL, 2);
  const again = await second.client.signIn.emailOtp({ email: EMAIL, otp: code });
  assert.equal(again.data.user.id, mine.user.id, "the same person");
  const { data: sessions } = await first.client.listSessions();
  assert.equal(sessions.length, 2);
  assert.ok(sessions.every((session) => session.expiresAt instanceof Date && session.userId === mine.user.id));
  const other = sessions.find((session) => session.id !== mine.session.id);
  assert.deepEqual((await first.client.revokeSession({ token: other.token })).data, { status: true });
  assert.equal((await second.client.getSession()).data, null, "the other browser is out");
  assert.equal((await first.client.getSession()).data.session.id, mine.session.id, "this one is not");
  const closed = await second.client.listSessions();
  assert.equal(closed.error.status, 401);
}

async function signsOut({ client, jar }) {
  const calls = heard();
  assert.deepEqual((await client.signOut({ fetchOptions: calls })).data, { success: true });
  assert.deepEqual(calls.events.at(-1), ["success", { success: true }]);
  assert.deepEqual(await client.getSession(), { data: null, error: null });
  assert.equal((await client.listSessions()).error.status, 401);
  assert.deepEqual(await jar.getCookies(BASE), [], "the browser forgot all cookies");
}

await run(async () => {
  const browser = newClient();
  const { client } = browser;
  assert.deepEqual(await client.getSession(), { data: null, error: null }, "nobody yet");
  await asksForACode(client);
  const code = await mailedCode(BASE, EMAIL);
  await aWrongCodeIsAnErrorObject(client, code);
  const signedIn = await theRightCodeSignsIn(client, code);
  const used = await newClient().client.signIn.emailOtp({ email: EMAIL, otp: code });
  assert.equal(used.error.code, "INVALID_OTP", "a code works once");
  const mine = await readsItsSession(client, signedIn);
  await ofTwoBrowsersOneEndsTheOther(browser, mine);
  await signsOut(browser);
});
