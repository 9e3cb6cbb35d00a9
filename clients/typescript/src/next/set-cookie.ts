/** A cookie as `cookies().set` of Next takes it. */
export interface Cookie {
  name: string;
  value: string;
  path?: string;
  domain?: string;
  maxAge?: number;
  expires?: Date;
  httpOnly?: boolean;
  secure?: boolean;
  sameSite?: "lax" | "strict" | "none";
}

/** Reads a `Set-Cookie` line (RFC 6265, section 5.2). The value is decoded, as Next encodes it again. */
export function readSetCookie(line: string): Cookie | null {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  if (equals < 1) return null;
  const cookie: Cookie = { name: pair.slice(0, equals).trim(), value: decoded(pair.slice(equals + 1).trim()) };
  for (const attribute of attributes) {
    const [name = "", ...rest] = attribute.trim().split("=");
    const value = rest.join("=");
    switch (name.toLowerCase()) {
      case "path":
        cookie.path = value;
        break;
      case "domain":
        cookie.domain = value;
        break;
      case "max-age":
        if (/^-?\d+$/.test(value)) cookie.maxAge = Number(value);
        break;
      case "expires":
        if (!Number.isNaN(Date.parse(value))) cookie.expires = new Date(value);
        break;
      case "httponly":
        cookie.httpOnly = true;
        break;
      case "secure":
        cookie.secure = true;
        break;
      case "samesite": {
        const rule = value.toLowerCase();
        if (rule === "lax" || rule === "strict" || rule === "none") cookie.sameSite = rule;
      }
    }
  }
  return cookie;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
