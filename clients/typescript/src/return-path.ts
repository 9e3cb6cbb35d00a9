/**
 * The path that somebody was on the way to, from a query or a form; `otherwise` when it leads out of the application.
 * Browsers read `\` as `/`, and drop tabs and line ends.
 */
export function returnPath(wanted: string | null | undefined, otherwise: string): string {
  if (!wanted?.startsWith("/")) return otherwise;
  const here = "http://here.invalid";
  try {
    const url = new URL(wanted, here);
    const leaves = url.origin !== here || url.pathname.startsWith("//");
    return leaves ? otherwise : url.pathname + url.search + url.hash;
  } catch {
    return otherwise;
  }
}
