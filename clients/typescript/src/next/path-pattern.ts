/**
 * Patterns as Next's `matcher` has them, as far as they are needed: `/client`, `/client/:id`, `/client/:path*`
 * (`/client` and all below), `/client/:path+` (all below).
 */
export function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .split("/")
    .slice(1)
    .map((segment) => {
      if (/^:\w+\*$/.test(segment)) return "(?:/[^/]+)*";
      if (/^:\w+\+$/.test(segment)) return "(?:/[^/]+)+";
      if (/^:\w+$/.test(segment)) return "/[^/]+";
      return `/${segment.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
    })
    .join("");
  const expression = new RegExp(`^${source}/?$`);
  return (path) => expression.test(path);
}
