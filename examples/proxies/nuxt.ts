// Nuxt: `server/api/auth/[...all].ts`. Nuxt provides both functions without an import.
// Wishes: 60.
import { handOn } from "./guichet";

declare function defineEventHandler<Event>(handler: (event: Event) => Promise<Response>): (event: Event) => Promise<Response>;
declare function toWebRequest(event: unknown): Request;

export default defineEventHandler((event) => handOn(toWebRequest(event)));
