import { recordClientAddress } from "@guichet/client/next";

/** Once, when the server starts. Without a proxy in front, the server says itself who its visitors are. */
export function register(): void {
  if (process.env.NEXT_RUNTIME === "nodejs" && process.env.BEHIND_PROXY !== "true") recordClientAddress();
}
