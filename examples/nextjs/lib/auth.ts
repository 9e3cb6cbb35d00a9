// On the server: pages, server actions and route handlers. Every step is an HTTP call to Guichet; there is no database.
// Wishes: 1, 3, 59.
import { guichetServer } from "@guichet/client/next";
import { cache } from "react";

const guichet = guichetServer({
  url: process.env.GUICHET_URL,
  behindProxy: process.env.BEHIND_PROXY === "true",
});

export const { getToken, serverFetch, signInEmail, signUpEmail, signOut } = guichet;

/** Who is signed in; asked once for each request, however many components want to know. */
export const getSession = cache(() => guichet.getSession());
