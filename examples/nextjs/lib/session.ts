// In server components, route handlers and server actions.
import { headers } from "next/headers";
import { cache } from "react";
import { sessionOf } from "./guichet";

/** Who is signed in; asked once for each request. */
export const getSession = cache(async () => sessionOf((await headers()).get("cookie")));
