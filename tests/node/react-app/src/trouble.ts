/** What to tell when a call failed; nothing when it did not. A call that reaches nobody throws. */
export async function trouble(
  call: Promise<{ error: { message?: string | undefined; statusText: string } | null }>,
): Promise<string | undefined> {
  try {
    const { error } = await call;
    return error ? (error.message ?? error.statusText) : undefined;
  } catch {
    return "Nobody answers. Try again in a moment.";
  }
}
