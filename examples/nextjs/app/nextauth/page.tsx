import { NextAuthForm } from "./next-auth-form";

export default function NextAuthPage() {
  return (
    <main className="narrow">
      <h1>NextAuth</h1>
      <p className="quiet">Un CredentialsProvider dont authorize() appelle /auth/login.</p>
      <NextAuthForm />
    </main>
  );
}
