/** Where Guichet listens. Read when it is needed: modules are also loaded while the application is built. */
export function guichetUrl(url: string | undefined): URL {
  if (!url) throw new Error("`url` says where Guichet listens: set GUICHET_URL");
  return new URL(url);
}

/** A path of Guichet's. The host is never another one, whatever the path holds. */
export function at(url: string | undefined, path: string, search = ""): URL {
  const target = guichetUrl(url);
  target.pathname = path;
  target.search = search;
  return target;
}
