// Better Auth itself, on a database of its own making: what was there before Guichet, and what may come after.
//
// Runs its migrations, listens, prints {"base": …, "created": [tables], "added": [tables]}: what its migrations had
// to make. Then does what it is told, one JSON value a line, and prints {status, body, cookie} for each:
//   {"call": "/sign-in/email", "body": {…}}       POST, as a browser on the same origin
//   {"call": "/get-session", "cookie": "a=b"}     GET, with this cookie
//   {"call": "/…", "body": {…}, "mail": true}     the same, and "code" is the one that was mailed
// Environment: DATABASE ("postgres://…" or "sqlite:path"), SECRET. Ends with standard input, so that it never outlives
// the test that started it.
process.env.NODE_ENV = "production";
process.env.BETTER_AUTH_TELEMETRY = "0";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { SqliteDialect } from "kysely";
import sqlite from "node-sqlite3-wasm";
import pg from "pg";
import { listen } from "./listen.mjs";

const { betterAuth } = await import("better-auth");
const { getMigrations } = await import("better-auth/db/migration");
const { toNodeHandler } = await import("better-auth/node");
const { admin, emailOTP, twoFactor, username } = await import("better-auth/plugins");

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

/** SQLite as WebAssembly in the form of better-sqlite3, which Kysely's own dialect drives. */
function sqliteFile(path) {
  const db = new sqlite.Database(path);
  // It has no shared memory, which the write-ahead log that Guichet leaves the file in needs, unless it is alone.
  db.exec("pragma locking_mode = exclusive");
  return {
    prepare: (sql) => ({
      reader: /^\s*(select|with|pragma)\b|\breturning\b/i.test(sql),
      all: (values) => db.all(sql, [...values]),
      run: (values) => {
        const { changes, lastInsertRowId } = db.run(sql, [...values]);
        return { changes, lastInsertRowid: lastInsertRowId };
      },
    }),
    close: () => db.close(),
  };
}

function open(url) {
  if (!url.startsWith("sqlite:")) {
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    return { database: pool, close: () => pool.end() };
  }
  const file = sqliteFile(url.slice("sqlite:".length));
  return { database: { dialect: new SqliteDialect({ database: file }), type: "sqlite" }, close: async () => file.close() };
}

const server = createServer((request, response) => handler(request, response));
const base = await listen(server);
const { database, close } = open(process.env.DATABASE);
const mailed = [];

const options = {
  baseURL: base,
  secret: process.env.SECRET,
  database,
  telemetry: { enabled: false },
  logger: { level: "error" },
  rateLimit: { enabled: false },
  emailAndPassword: { enabled: true },
  user: { additionalFields: { clientId: { type: "string", required: false, input: false } } },
  plugins: [
    username(),
    twoFactor(),
    admin(),
    emailOTP({ sendVerificationOTP: async ({ otp }) => void mailed.push(otp) }),
  ],
};
const auth = betterAuth(options);
const { runMigrations, toBeCreated, toBeAdded } = await getMigrations(options);
await runMigrations();
const handler = toNodeHandler(auth);

async function call({ call: path, body, cookie, mail }) {
  const headers = { origin: base, ...(cookie ? { cookie } : {}), ...(body ? { "content-type": "application/json" } : {}) };
  const answer = await fetch(`${base}/api/auth${path}`, {
    method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body),
  });
  const cookies = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
  return {
    status: answer.status,
    body: await answer.json().catch(() => null),
    cookie: cookies.find((line) => line.startsWith("better-auth.session_token=")) ?? null,
    ...(mail ? { code: mailed.at(-1) } : {}),
  };
}

print({ base, created: toBeCreated.map(({ table }) => table), added: toBeAdded.map(({ table }) => table) });
for await (const line of createInterface({ input: process.stdin })) print(await call(JSON.parse(line)));
server.closeAllConnections();
server.close();
await close();
