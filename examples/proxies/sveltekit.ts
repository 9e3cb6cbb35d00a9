// SvelteKit: `src/routes/api/auth/[...all]/+server.ts`. SvelteKit checks the origin of forms itself; Guichet does for all.
// Wishes: 60.
import { forward } from "./forward";

export const fallback = ({ request }: { request: Request }) => forward(request);
