// Everything below /api/auth is Guichet's.
// Wishes: 5, 37.
import { guichetHandler } from "@guichet/client/next";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = guichetHandler({
  url: process.env.GUICHET_URL,
  behindProxy: process.env.BEHIND_PROXY === "true",
});
