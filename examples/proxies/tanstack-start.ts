// TanStack Start: `src/routes/api/auth/$.ts` exports
// `Route = createFileRoute("/api/auth/$")({ server: { handlers } })`.
// Wishes: 60.
import { handOn } from "./guichet";

const handle = ({ request }: { request: Request }) => handOn(request);

export const handlers = { GET: handle, POST: handle };
