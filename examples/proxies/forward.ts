// Guichet behind an application of any framework: browsers see one origin, the application's. The files beside this one
// mount it; all they need of their framework is its Request.

/** Where Guichet listens, for this server; its base_url is the application's own public origin. */
const GUICHET = process.env.GUICHET_URL ?? "http://127.0.0.1:3000";

/** Headers of one connection, which are not passed on (RFC 9110, section 7.6.1), and those that fetch sets itself. */
const OF_THE_CONNECTION = [
  "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization",
  "host", "content-length", "expect",
];
/** fetch has undone the encoding. */
const OF_THE_ENCODING = ["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"];

/** Hands a request on to Guichet and its answer back: any verb, every Set-Cookie, redirects as they are. */
export async function forward(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers(request.headers);
  for (const name of OF_THE_CONNECTION) headers.delete(name);
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  let answer: Response;
  try {
    answer = await fetch(new URL(pathname + search, GUICHET), {
      method: request.method,
      headers,
      body: hasBody ? await request.arrayBuffer() : null,
      redirect: "manual",
    });
  } catch {
    return Response.json({ code: "SERVICE_UNAVAILABLE", message: "Nobody answers" }, { status: 503 });
  }
  const passed = new Headers(answer.headers);
  for (const name of OF_THE_ENCODING) passed.delete(name);
  return new Response(answer.body, { status: answer.status, statusText: answer.statusText, headers: passed });
}
