import { useSyncExternalStore } from "react";
import type { AuthSnapshot } from "./auth-state.js";

interface Followed<S> {
  snapshot(): AuthSnapshot<S>;
  serverSnapshot(): AuthSnapshot<S>;
  subscribe(listener: () => void): () => void;
}

/** `{ isLoaded, isSignedIn, session, error }` of a `MinimalAuth`; renders again when it changes, in any tab. */
export function useAuth<S>(auth: Followed<S>): AuthSnapshot<S> {
  return useSyncExternalStore(auth.subscribe, auth.snapshot, auth.serverSnapshot);
}
