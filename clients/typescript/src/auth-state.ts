import type { Refusal } from "./errors.js";

/** Who is signed in, as far as is known. The same object until something changes. */
export interface AuthSnapshot<S> {
  /** Whether it is known if somebody is signed in. */
  isLoaded: boolean;
  isSignedIn: boolean;
  /** `{ session, user }`, or null. */
  session: S | null;
  /** Why it could not be read last time; what was known before is still shown. */
  error: Refusal | null;
}

/** The part of Better Auth's `useSession` that is followed here. */
export interface SessionAtom<S> {
  get(): SessionValue<S>;
  listen(listener: (value: SessionValue<S>) => void): () => void;
}

interface SessionValue<S> {
  data: S | null;
  error: { status?: number; message?: string; code?: string } | null;
  isPending: boolean;
  isRefetching: boolean;
  refetch: () => Promise<void>;
}

interface WithSessionId {
  session: { id: string };
}

const NOT_LOADED = { isLoaded: false, isSignedIn: false, session: null, error: null };

/** Where the Better Auth client tells the other tabs what happened. */
const MESSAGES = "better-auth.message";

/** Follows the Better Auth client's session, and knows of its end before that has been asked for again. */
export class AuthState<S extends WithSessionId> {
  readonly #atom: SessionAtom<S>;
  readonly #changed: () => void;
  readonly #listeners = new Set<() => void>();
  #snapshot: AuthSnapshot<S> = NOT_LOADED;
  #following = false;
  /** The session has ended, but the client's last answer is from before that. */
  #ended = false;
  /** Whether it has ever been known who is signed in: asking again does not make it unknown. */
  #known = false;

  /** `changed` is told when another session is there, or none. */
  constructor(atom: SessionAtom<S>, changed: () => void) {
    this.#atom = atom;
    this.#changed = changed;
    if (typeof window !== "undefined") this.#follow();
  }

  snapshot = (): AuthSnapshot<S> => this.#snapshot;

  /** What is rendered on a server: nothing is known there. */
  serverSnapshot = (): AuthSnapshot<S> => NOT_LOADED;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks who is signed in; resolves when that is known, or could not be read (`error`). */
  async refresh(): Promise<AuthSnapshot<S>> {
    this.#follow();
    await this.#atom.get().refetch();
    // The client asks again by itself after a sign-in, and gives up on what it was asking.
    while (this.#atom.get().isRefetching) await this.#nextChange();
    this.#read(this.#atom.get());
    return this.#snapshot;
  }

  /** The session has ended; the client is asked to look for itself. */
  end(): void {
    this.#ended = true;
    this.#read(this.#atom.get());
    void this.#atom.get().refetch();
  }

  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    if (typeof window !== "undefined") window.addEventListener("storage", (event) => this.#hear(event));
    this.#atom.listen((value) => {
      // Only an answer that came after the end says that there is a session all the same.
      if (!value.isRefetching && !value.error) this.#ended = false;
      this.#read(value);
    });
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#atom.listen(() => {
        stop();
        resolve();
      });
    });
  }

  #hear(event: StorageEvent): void {
    if (event.key !== MESSAGES || !event.newValue?.includes('"signout"')) return;
    this.#ended = true;
    this.#read(this.#atom.get());
  }

  #read({ data, error, isPending }: SessionValue<S>): void {
    const session = this.#ended ? null : data;
    const unknown = isPending || (error !== null && error.status !== 401 && data === null);
    this.#known ||= this.#ended || !unknown;
    const isLoaded = this.#known;
    const told = error === null || error.status === 401 ? null : refusalOf(error);
    const before = this.#snapshot;
    const same = before.isLoaded === isLoaded && before.session === session && before.error?.message === told?.message;
    if (same) return;
    this.#snapshot = { isLoaded, isSignedIn: session !== null, session, error: told };
    if (before.session?.session.id !== session?.session.id) this.#changed();
    for (const listener of this.#listeners) listener();
  }
}

function refusalOf({ status = 0, message = "", code }: { status?: number; message?: string; code?: string }): Refusal {
  return { status, message, code: code ?? (status === 0 ? "UNREACHABLE" : "UNKNOWN") };
}
