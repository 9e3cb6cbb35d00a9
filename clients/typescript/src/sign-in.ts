import type { Refusal } from "./errors.js";

/** A path of the application; a function when it depends on where one is. */
export type Destination = string | (() => string);

/** Where sign-ins lead, and who hears of what went wrong. */
export interface Journey {
  afterSignIn?: Destination | undefined;
  afterSignUp?: Destination | undefined;
  twoFactorPath?: string | undefined;
  errorPath?: string | undefined;
  onError?: ((refusal: Refusal) => void) | undefined;
  navigate: (path: string) => void;
  /** Brings the state up to date. */
  refresh: () => Promise<unknown>;
  /** What is said when nobody answers. */
  unreachable: () => string;
}

type Told = { code?: string | undefined; message?: string | undefined; status?: number | undefined };
type Answer = { data: unknown; error: Told | null };
type Method = (body?: unknown, options?: unknown) => Promise<Answer>;
type Methods = Record<string, Method>;

/** Methods that leave the page, and come back to an address that is named beforehand. */
const BY_REDIRECT = new Set(["social", "oauth2", "magicLink", "sso"]);

/**
 * `signIn` (or `signUp`) of the Better Auth client, whatever its methods are: each goes where sign-ins lead, and gives
 * `{ data, error }` also when nobody answers.
 */
export function leading<T>(methods: T, kind: "signIn" | "signUp", journey: Journey): T {
  const journeyed =
    (name: string): Method =>
    async (body, options) => {
      const method = (methods as Methods)[name];
      if (!method) throw new TypeError(`There is no ${kind}.${name}`);
      const answer = await attempt(() => method(withAddresses(name, kind, body, journey), options), journey);
      if (answer.error) {
        journey.onError?.(told(answer.error));
        return answer;
      }
      await arrive(answer.data as Arrival | null, kind, journey);
      return answer;
    };
  return new Proxy(methods as object, {
    get: (_, name) => (typeof name === "string" && name !== "then" ? journeyed(name) : undefined),
  }) as T;
}

/** One call of the client; it throws when nobody answers, which is a refusal like others for whoever shows it. */
export async function attempt(call: () => Promise<Answer>, journey: Pick<Journey, "unreachable">): Promise<Answer> {
  try {
    return await call();
  } catch {
    const error = { code: "UNREACHABLE", message: journey.unreachable(), status: 0, statusText: "" };
    return { data: null, error };
  }
}

export const told = ({ code = "UNKNOWN", message = "", status = 0 }: Told): Refusal => ({
  code,
  message,
  status,
});

function withAddresses(name: string, kind: "signIn" | "signUp", body: unknown, journey: Journey): unknown {
  if (kind === "signIn" && !BY_REDIRECT.has(name)) return body;
  const target = targetOf(kind, journey);
  return {
    ...(target === undefined ? {} : { callbackURL: target }),
    ...(kind === "signUp" || journey.errorPath === undefined ? {} : { errorCallbackURL: journey.errorPath }),
    ...(body as object | undefined),
  };
}

interface Arrival {
  /** The client follows this by itself. */
  redirect?: boolean;
  twoFactorRedirect?: boolean;
  token?: string | null;
  session?: unknown;
}

async function arrive(data: Arrival | null, kind: "signIn" | "signUp", journey: Journey): Promise<void> {
  if (data?.twoFactorRedirect) {
    if (journey.twoFactorPath !== undefined) journey.navigate(journey.twoFactorPath);
    return;
  }
  // No session came of it: a mail was sent, or the browser is on its way elsewhere.
  if (!data?.token && !data?.session) return;
  await journey.refresh();
  const target = targetOf(kind, journey);
  if (!data.redirect && target !== undefined) journey.navigate(target);
}

function targetOf(kind: "signIn" | "signUp", { afterSignIn, afterSignUp }: Journey): string | undefined {
  return pathOf(kind === "signUp" ? (afterSignUp ?? afterSignIn) : afterSignIn);
}

export const pathOf = (target: Destination | undefined) => (typeof target === "function" ? target() : target);
