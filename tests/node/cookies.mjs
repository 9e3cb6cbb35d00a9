// Cookies, as a browser keeps them and sends them back.
import { CookieJar } from "tough-cookie";

/** The `Cookie` header after these lines of `Set-Cookie`. */
export const sentBack = (lines) => lines.map((line) => line.split(";")[0]).join("; ");

/** What a browser does for a client: keeps cookies in `jar` and says that the page is from `origin`. `visit` is a `fetch`. */
export function newBrowser(origin) {
  const jar = new CookieJar();
  const visit = async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set("origin", origin);
    const cookies = await jar.getCookieString(url);
    if (cookies) headers.set("cookie", cookies);
    const answer = await fetch(input, { ...init, headers });
    for (const line of answer.headers.getSetCookie()) await jar.setCookie(line, url);
    return answer;
  };
  return { jar, visit };
}
