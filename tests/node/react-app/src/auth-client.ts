// The official client, at a Guichet on another origin.
import { createAuthClient } from "better-auth/react";

/** Where Guichet is: the page says so, as whoever serves it knows. */
const baseURL = document.querySelector<HTMLMetaElement>("meta[name=guichet]")?.content;

export const { useSession, signIn, signUp, signOut, updateUser } = createAuthClient({ baseURL });
