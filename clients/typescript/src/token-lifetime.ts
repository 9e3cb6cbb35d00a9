/**
 * How long a JWT lives, in milliseconds: `exp` minus `iat`, so that a wrong clock here does not matter. 0 when it does
 * not say. Nothing is verified: that is for whoever receives the token.
 */
export function lifetimeOf(token: string): number {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { exp, iat } = JSON.parse(atob(payload)) as { exp?: unknown; iat?: unknown };
    return typeof exp === "number" && typeof iat === "number" ? Math.max(0, (exp - iat) * 1000) : 0;
  } catch {
    return 0;
  }
}
