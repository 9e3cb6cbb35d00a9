// Next.js, App Router: `app/api/auth/[...all]/route.ts`.
// Wishes: 60.
import { forward } from "./forward";

export const dynamic = "force-dynamic";
export { forward as GET, forward as POST };
