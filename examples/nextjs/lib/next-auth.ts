// NextAuth 4 in front of Guichet's token API: `authorize()` is what it was before, with another address.
// Wishes: 88, 89, 91.
import { forwardedFor, tokenRefresher } from "@guichet/client/next";
import type { NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";

const refresh = tokenRefresher({ url: process.env.GUICHET_URL });

/** A renewal begins this much before the end, in milliseconds. */
const EARLY = 30_000;

export const authOptions: NextAuthOptions = {
  session: { strategy: "jwt" },
  pages: { signIn: "/nextauth" },
  providers: [
    CredentialsProvider({
      name: "Guichet",
      credentials: { identifier: { label: "E-mail ou nom" }, password: { label: "Mot de passe", type: "password" } },
      async authorize(credentials, request) {
        // Whose tries are counted.
        const address = forwardedFor(new Headers(request.headers), process.env.BEHIND_PROXY === "true");
        const answer = await fetch(new URL("/auth/login", process.env.GUICHET_URL), {
          method: "POST",
          headers: {
            "content-type": "application/json",
            "accept-language": "fr",
            ...(address ? { "x-forwarded-for": address } : {}),
          },
          body: JSON.stringify({ identifier: credentials?.identifier, password: credentials?.password }),
          cache: "no-store",
        }).catch(() => null);
        if (!answer) throw new Error("Le service de connexion ne répond pas");
        const said = await answer.json();
        // Guichet's own words: NextAuth hands the message of an error to the form.
        if (!answer.ok) throw new Error(said.message);
        const { user, access_token, refresh_token, expires_in } = said;
        return {
          id: String(user.id),
          name: user.name,
          email: user.email,
          accessToken: access_token,
          refreshToken: refresh_token,
          accessTokenEnds: Date.now() + expires_in * 1000,
        };
      },
    }),
  ],
  callbacks: {
    /** Both tokens are in NextAuth's sealed, HttpOnly cookie. */
    async jwt({ token, user }) {
      if (user) {
        const { accessToken, refreshToken, accessTokenEnds } = user;
        return { ...token, accessToken, refreshToken, accessTokenEnds };
      }
      if (Date.now() < token.accessTokenEnds - EARLY || token.error) return token;
      try {
        const pair = await refresh(token.refreshToken);
        if (!pair) return { ...token, accessToken: "", refreshToken: "", error: "RefreshRefused" };
        const { access_token: accessToken, refresh_token: refreshToken, expires_in } = pair;
        return { ...token, accessToken, refreshToken, accessTokenEnds: Date.now() + expires_in * 1000 };
      } catch {
        // Guichet does not answer: the next request tries again.
        return token;
      }
    },
    /** What the browser's script sees: never the refresh token. */
    session({ session, token }) {
      const { accessToken, error } = token;
      return { ...session, accessToken, ...(error ? { error } : {}) };
    },
  },
  events: {
    /** The refresh token ends too, and with it the session in Guichet. */
    async signOut({ token }) {
      if (!token?.refreshToken) return;
      await fetch(new URL("/auth/logout", process.env.GUICHET_URL), {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${token.accessToken}` },
        body: JSON.stringify({ refresh_token: token.refreshToken }),
      }).catch(() => null);
    },
  },
};
