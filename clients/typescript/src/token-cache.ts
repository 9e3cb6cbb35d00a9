import { NotSignedInError } from "./errors.js";
import { lifetimeOf } from "./token-lifetime.js";

/** What can be told about a token without showing it. */
export interface TokenStatus {
  present: boolean;
  /** When it ends, by this machine's clock. */
  expiresAt: Date | null;
  /** When the next call asks for another one. */
  renewsAt: Date | null;
}

interface Kept {
  token: string;
  /** Moments by both clocks: one stands still while some machines sleep, the other can be set. */
  asked: { date: number; steady: number };
  lifetime: number;
}

/** One access token in memory: asked for once however many wait, and anew before it ends. */
export class TokenCache {
  readonly #ask: () => Promise<string>;
  readonly #renewBefore: number;
  #kept: Kept | undefined;
  #pending: Promise<string> | undefined;
  #epoch = 0;

  /** `renewBefore`: milliseconds; a quarter of the token's life when that is less. */
  constructor(ask: () => Promise<string>, renewBefore: number) {
    this.#ask = ask;
    this.#renewBefore = renewBefore;
  }

  /** A token that is good for a while. */
  get(): Promise<string> {
    const kept = this.#kept;
    if (kept && left(kept) > this.#leeway(kept)) return Promise.resolve(kept.token);
    this.#pending ??= this.#renew(this.#epoch);
    return this.#pending;
  }

  /** Another token than the one that was refused; callers that were refused together share one request. */
  afterRefusal(refused: string): Promise<string> {
    if (this.#kept?.token === refused) this.#kept = undefined;
    return this.get();
  }

  /** Somebody else is signed in now, or nobody: what is under way is not kept, and whoever waits for it asks anew. */
  forget(): void {
    this.#epoch += 1;
    this.#kept = undefined;
    this.#pending = undefined;
  }

  status(): TokenStatus {
    const kept = this.#kept;
    if (!kept || left(kept) <= 0) return { present: false, expiresAt: null, renewsAt: null };
    const ends = Date.now() + left(kept);
    return { present: true, expiresAt: new Date(ends), renewsAt: new Date(ends - this.#leeway(kept)) };
  }

  async #renew(epoch: number): Promise<string> {
    const asked = { date: Date.now(), steady: performance.now() };
    try {
      const token = await this.#ask();
      if (epoch !== this.#epoch) return await this.get();
      this.#kept = { token, asked, lifetime: lifetimeOf(token) };
      return token;
    } catch (failure) {
      // That nobody is signed in any more is no hiccup.
      if (failure instanceof NotSignedInError) throw failure;
      if (epoch !== this.#epoch) return await this.get();
      // An early renewal that fails costs nothing while the token is good.
      const kept = this.#kept;
      if (kept && left(kept) > 1_000) return kept.token;
      throw failure;
    } finally {
      if (epoch === this.#epoch) this.#pending = undefined;
    }
  }

  #leeway({ lifetime }: Kept): number {
    return Math.min(this.#renewBefore, lifetime / 4);
  }
}

/** Milliseconds until it ends. */
function left({ asked, lifetime }: Kept): number {
  return lifetime - Math.max(Date.now() - asked.date, performance.now() - asked.steady);
}
