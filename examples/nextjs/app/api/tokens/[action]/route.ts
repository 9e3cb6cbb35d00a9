import { tokenRoutes } from "@guichet/client/next";
import { session } from "@/lib/token-session";

export const { GET, POST } = tokenRoutes(session);
