import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { guichetHandler, recordClientAddress } from "@guichet/client/next";
import { json, serve } from "./servers.mjs";

const ask = (origin, headers) =>
  new Promise((resolve, reject) => {
    request(origin, { headers }, (answer) => answer.resume().on("end", resolve))
      .on("error", reject)
      .end();
  });

test("the connection's address is added once, after whatever the visitor wrote", async () => {
  recordClientAddress();
  recordClientAddress();
  const { origin, asked } = await serve((_, response) => json(response, 200, {}));
  await ask(origin, {});
  await ask(origin, { "x-forwarded-for": "6.6.6.6" });
  await ask(origin, { "x-forwarded-for": ["6.6.6.6", "7.7.7.7"] });
  assert.deepEqual(
    asked.map(({ headers }) => headers["x-forwarded-for"]),
    ["127.0.0.1", "6.6.6.6, 127.0.0.1", "6.6.6.6, 7.7.7.7, 127.0.0.1"],
  );
  // The server in this process records addresses too: the last entry is the handler's own connection.
  const headers = { "x-forwarded-for": "6.6.6.6, 203.0.113.9" };
  await guichetHandler({ url: origin }).GET(new Request("https://app.example.fr/api/auth/x", { headers }));
  assert.equal(asked.at(-1).headers["x-forwarded-for"], "6.6.6.6, 203.0.113.9, 127.0.0.1");
});
