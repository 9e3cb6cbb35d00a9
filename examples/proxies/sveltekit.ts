// SvelteKit: `src/routes/api/auth/[...all]/+server.ts`. SvelteKit checks the origin of forms itself; Guichet does for all.
// Wishes: 60.
import { handOn } from "./guichet";

export const fallback = ({ request }: { request: Request }) => handOn(request);
