// Next.js, App Router: `app/api/auth/[...all]/route.ts`. `examples/nextjs` is a whole application.
// Wishes: 60.
import { guichet } from "./guichet";

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = guichet;
