// Calls an API of one's own with a JWT of Guichet's, from a browser where somebody is signed in.

export type Api = { getToken(): Promise<string>; call(path: string, init?: RequestInit): Promise<Response> };

/** `guichet` and `api` are origins. Nothing is asked of the API while nobody is signed in. */
export function newApi(guichet: string, api: string, fetcher: typeof fetch = fetch): Api {
  let token: Promise<string> | undefined;
  let goodUntil = 0;

  async function ask(): Promise<string> {
    const answer = await fetcher(`${guichet}/api/auth/token`, { credentials: "include" });
    if (answer.status === 401) throw new Error("Nobody is signed in");
    if (!answer.ok) throw new Error(`No token: ${answer.status}`);
    const { token } = (await answer.json()) as { token: string };
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { exp, iat } = JSON.parse(atob(payload)) as { exp: number; iat: number };
    // By the length of its life, as this machine's clock may be wrong; a minute early.
    goodUntil = performance.now() + (exp - iat - 60) * 1000;
    return token;
  }

  /** Parallel callers share one request. */
  function getToken(): Promise<string> {
    if (!token || performance.now() >= goodUntil) {
      goodUntil = Number.POSITIVE_INFINITY;
      const asked = ask();
      token = asked;
      asked.catch(() => {
        if (token === asked) token = undefined;
      });
    }
    return token;
  }

  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    const once = async () => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${await getToken()}`);
      return fetcher(`${api}${path}`, { ...init, headers });
    };
    const answer = await once();
    if (answer.status !== 401) return answer;
    token = undefined;
    return once();
  }

  return { getToken, call };
}
