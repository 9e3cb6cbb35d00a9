// For pages that had /auth/login and /auth/refresh: both tokens stay on the server's side.
// Wishes: 89, 90, 91.
import { tokenSession } from "@guichet/client/next";

/** The token API, with both tokens in HttpOnly cookies. */
export const session = tokenSession({
  url: process.env.GUICHET_URL,
  behindProxy: process.env.BEHIND_PROXY === "true",
  secure: process.env.APP_URL?.startsWith("https://") ?? true,
});
