// What Next knows of the request that it is answering, without Next: headers, and cookies that can be set, or cannot.

export function newScope(headers = {}, { writable = true } = {}) {
  const cookies = new Map();
  const all = () => {
    const kept = [...cookies].map(([name, { value }]) => `${name}=${encodeURIComponent(value)}`);
    return new Headers({ ...headers, ...(kept.length ? { cookie: kept.join("; ") } : {}) });
  };
  return {
    kept: cookies,
    headers: async () => all(),
    cookies: async () => ({
      get: (name) => cookies.get(name),
      set(cookie) {
        if (!writable) throw new Error("Cookies can only be modified in a Server Action or Route Handler");
        if (cookie.maxAge === 0) cookies.delete(cookie.name);
        else cookies.set(cookie.name, cookie);
      },
    }),
  };
}
