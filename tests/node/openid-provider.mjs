// An OpenID provider (the certified library oidc-provider) that lets everybody in at once.
//
// First line:  {"issuer": "http://127.0.0.1:41234"}
// The account to sign in as stands in the request's login_hint, `acct.` and then JSON in base64url:
//   { sub, email, email_verified, name, picture }, or { error, error_description } to be turned away.
// Any redirect URI of the client is allowed, because the server under test has a port of its own.
// Ends with standard input, so that it never outlives the test that started it.
import http from "node:http";
import Provider from "oidc-provider";
import { listen } from "./listen.mjs";

const accounts = new Map();
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const wanted = (hint) => JSON.parse(Buffer.from(hint.slice("acct.".length), "base64url").toString());

const server = http.createServer();
const issuer = await listen(server);

// It speaks of its development settings, which are what is wanted here.
console.warn = console.info = () => {};
const provider = new Provider(issuer, {
  clients: [{
    client_id: "guichet",
    client_secret: "the-secret-of-the-client-of-the-tests",
    redirect_uris: ["http://127.0.0.1/callback"],
    response_types: ["code"],
    grant_types: ["authorization_code", "refresh_token"],
    token_endpoint_auth_method: "client_secret_post",
  }],
  cookies: { keys: ["the-key-of-the-cookies-of-the-tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "picture"] },
  scopes: ["openid", "email", "profile", "offline_access"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  async findAccount(_, id) {
    const { sub, email, email_verified, name, picture } = accounts.get(id) ?? { sub: id };
    return { accountId: id, claims: () => ({ sub: sub ?? id, email, email_verified, name, picture }) };
  },
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email profile offline_access");
    await grant.save();
    return grant;
  },
});
provider.Client.prototype.redirectUriAllowed = () => true;

const answer = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  try {
    const { params } = await provider.interactionDetails(request, response);
    const account = wanted(params.login_hint);
    if (account.error) return await provider.interactionFinished(request, response, account);
    accounts.set(account.sub, account);
    await provider.interactionFinished(request, response, { login: { accountId: account.sub, remember: false } });
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
});
print({ issuer });
process.stdin.on("end", () => process.exit(0)).resume();
