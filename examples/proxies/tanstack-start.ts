// TanStack Start: `src/routes/api/auth/$.ts` exports
// `Route = createFileRoute("/api/auth/$")({ server: { handlers } })`.
// Wishes: 60.
import { forward } from "./forward";

const handle = ({ request }: { request: Request }) => forward(request);

export const handlers = { GET: handle, POST: handle };
