// Who is not signed in is sent to a door, and back.
// Wishes: 92.
import { guichetMiddleware } from "@guichet/client/next";
import { REFRESH_COOKIES } from "./lib/token-cookies";

// Next reads this list when it builds; the rules below say who comes in.
export const config = { matcher: ["/client/:path*", "/user/:path*"] };

const portal = guichetMiddleware({
  protected: ["/client/:path*"],
  signIn: "/client/login",
  check: "session",
  url: process.env.GUICHET_URL,
});

/** The part of the application that uses the token API (`/auth/login`, `/auth/refresh`). */
const user = guichetMiddleware({ protected: ["/user/:path*"], signIn: "/login/user", cookies: REFRESH_COOKIES });

export async function middleware(request: Request): Promise<Response | undefined> {
  return (await portal(request)) ?? (await user(request));
}
