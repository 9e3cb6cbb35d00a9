import "next-auth";
import "next-auth/jwt";

interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** In milliseconds since 1970. */
  accessTokenEnds: number;
}

declare module "next-auth" {
  interface User extends Tokens {}
  interface Session {
    accessToken: string;
    error?: "RefreshRefused";
  }
}

declare module "next-auth/jwt" {
  interface JWT extends Tokens {
    error?: "RefreshRefused";
  }
}
