// A mail server that keeps nothing: prints one JSON line per mail that it accepts.
//
// First line:  {"port": 41234, "caFile": "/tmp/…/cert.pem"}   (null when STARTTLS is off)
// Each mail:   {"to": ["a@x.fr"], "from": "…", "subject": "…", "text": "…", "html": "…", "headers": {…},
//               "secured": true, "user": "…" or null}
// Environment:
//   SMTP_USER, SMTP_PASSWORD   wanted from every client when both are set
//   SMTP_TLS                   "starttls" (default; certificate made at start), "required" (no mail without it),
//                              "implicit" (TLS from the first byte), "none"
//   SMTP_FAIL_FIRST            how many deliveries are answered 451 before one is accepted
//   SMTP_PAUSE                 how many milliseconds it thinks about each mail before it accepts it
//   SMTP_REFUSE                an address that is answered 550
//   SMTP_NO_UTF8               "1": addresses beyond ASCII are not offered (no SMTPUTF8)
// Ends with standard input, so that it never outlives the test that started it.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const { SMTP_USER, SMTP_PASSWORD, SMTP_TLS = "starttls", SMTP_FAIL_FIRST = "0", SMTP_PAUSE = "0", SMTP_REFUSE, SMTP_NO_UTF8 } = process.env;
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const refusal = (responseCode, message) => Object.assign(new Error(message), { responseCode });

const folder = mkdtempSync(join(tmpdir(), "smtp-sink-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

function certificate() {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  execFileSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert],
  ], { stdio: ["ignore", "ignore", "pipe"] });
  return { key: readFileSync(key), cert: readFileSync(cert), caFile: cert };
}

const wantsAuth = Boolean(SMTP_USER && SMTP_PASSWORD);
const tls = SMTP_TLS === "none" ? null : certificate();
let failuresLeft = Number(SMTP_FAIL_FIRST);

const server = new SMTPServer({
  ...(tls ? { key: tls.key, cert: tls.cert } : {}),
  secure: SMTP_TLS === "implicit",
  disabledCommands: [...(tls ? [] : ["STARTTLS"]), ...(wantsAuth ? [] : ["AUTH"])],
  allowInsecureAuth: SMTP_TLS !== "required",
  hideSMTPUTF8: SMTP_NO_UTF8 === "1",
  authOptional: !wantsAuth,
  disableReverseLookup: true,
  onAuth({ username, password }, _session, done) {
    if (username === SMTP_USER && password === SMTP_PASSWORD) return done(null, { user: username });
    return done(refusal(535, `no such account: ${username}`));
  },
  onMailFrom(_address, session, done) {
    done(SMTP_TLS === "required" && !session.secure ? refusal(530, "5.7.0 must issue STARTTLS first") : null);
  },
  onRcptTo({ address }, _session, done) {
    done(SMTP_REFUSE && address === SMTP_REFUSE ? refusal(550, `<${address}> has no mailbox here`) : null);
  },
  onData(stream, session, done) {
    simpleParser(stream).then((mail) => {
      if (failuresLeft > 0) {
        failuresLeft -= 1;
        return done(refusal(451, "try again later"));
      }
      const accept = () => {
        print(told(mail, session));
        done(null);
      };
      setTimeout(accept, Number(SMTP_PAUSE));
    }, done);
  },
});

const told = (mail, session) => ({
  to: session.envelope.rcptTo.map(({ address }) => address),
  from: mail.from?.text ?? null,
  subject: mail.subject ?? null,
  text: mail.text ?? null,
  html: mail.html || null,
  headers: Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(":") + 1).trim()])),
  secured: Boolean(session.secure),
  user: session.user ?? null,
});

// A client that breaks off is a client's matter.
server.on("error", (error) => process.stderr.write(`${error.message}\n`));
server.listen(0, "127.0.0.1", () => print({ port: server.server.address().port, caFile: tls?.caFile ?? null }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
