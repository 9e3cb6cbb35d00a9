// Sends whoever is not signed in to the sign-in page. Before Next 16 the file is `middleware.ts`, the function `middleware`.
import { sessionOf } from "./lib/guichet";

export const config = { matcher: ["/client/:path*"] };

export async function proxy(request: Request): Promise<Response | undefined> {
  if (await sessionOf(request.headers.get("cookie"))) return undefined;
  const here = new URL(request.url);
  const door = new URL("/sign-in", here);
  door.searchParams.set("from", here.pathname + here.search);
  return Response.redirect(door, 307);
}
