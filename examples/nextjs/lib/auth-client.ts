"use client";

// In the browser: it talks to this application's own /api/auth, which hands everything on to Guichet.
// Wishes: 4, 10, 11, 93, 94, 150.
import { MinimalAuth, returnPath } from "@guichet/client";

/** Back to where one was on the way to, else to the start of the part that one is in. */
function home(): string {
  const inPortal = window.location.pathname.startsWith("/client");
  const wanted = new URLSearchParams(window.location.search).get("callbackURL");
  return returnPath(wanted, inPortal ? "/client" : "/dashboard");
}

export const auth = MinimalAuth({
  afterSignIn: home,
  afterSignUp: "/",
  afterSignOut: () => (window.location.pathname.startsWith("/client") ? "/client/login" : "/login"),
  errorPath: "/sign-in-error",
  language: "fr",
  debug: true,
});
