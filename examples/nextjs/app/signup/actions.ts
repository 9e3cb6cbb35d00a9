"use server";

import { redirect } from "next/navigation";
import { signOut, signUpEmail } from "@/lib/auth";

export interface SignUpState {
  message: string;
  name: string;
  email: string;
}

/** Signs up on the server; the session's cookies reach the browser with the answer. Works without scripts. */
export async function signUp(_before: SignUpState, form: FormData): Promise<SignUpState> {
  const [name, email, password] = ["name", "email", "password"].map((field) => String(form.get(field) ?? "")) as [
    string,
    string,
    string,
  ];
  const { error } = await signUpEmail({ name, email, password });
  if (error) return { message: error.message, name, email };
  redirect("/");
}

export async function leave(): Promise<void> {
  await signOut();
  redirect("/login");
}
