// Compiled with the rest, never run: the types of the Better Auth client come through, those of its plugins too.
import { magicLinkClient, twoFactorClient } from "better-auth/client/plugins";
import { type AuthSnapshot, MinimalAuth, type Session } from "../src/index.js";
import { useAuth } from "../src/react.js";

export async function typed(): Promise<[string | undefined, string | null | undefined]> {
  const auth = MinimalAuth({ afterSignIn: "/dashboard", afterSignOut: () => "/login" });
  await auth.client.emailOtp.sendVerificationOtp({ email: "", type: "sign-in" });
  await auth.signIn.emailOtp({ email: "", otp: "" });
  await auth.signIn.username({ username: "", password: "" });
  await auth.signIn.social({ provider: "google" });
  const { data, error } = await auth.signIn.email({ email: "", password: "" });
  const more = MinimalAuth({ plugins: [twoFactorClient(), magicLinkClient()] });
  await more.client.twoFactor.verifyTotp({ code: "" });
  await more.signIn.magicLink({ email: "" });
  // @ts-expect-error: this one has no such plugin.
  await auth.client.twoFactor.verifyTotp({ code: "" });
  // @ts-expect-error: no password.
  await auth.signIn.email({ email: "" });
  const session = await auth.getSession();
  return [error?.code ?? data?.user.email, session?.user.clientId];
}

export const shown = (auth: MinimalAuth): AuthSnapshot<Session> => useAuth(auth);
