// Hono: `mountGuichet(app)`.
// Wishes: 60.
import { handOn } from "./guichet";

/** What is needed of a Hono application. */
type App = { all(path: string, handler: (context: { req: { raw: Request } }) => Promise<Response>): unknown };

export function mountGuichet(app: App) {
  app.all("/api/auth/*", (context) => handOn(context.req.raw));
}
