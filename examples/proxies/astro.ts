// Astro: `src/pages/api/auth/[...all].ts`, with an adapter for a server.
// Wishes: 60.
import { handOn } from "./guichet";

export const prerender = false;
export const ALL = ({ request }: { request: Request }) => handOn(request);
