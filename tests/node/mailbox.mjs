// The server's development mailbox, as programs read it.

/** The newest code that was mailed to an address, once there are `count` mails to it. */
export async function mailedCode(base, to, count = 1) {
  const mails = await mailsTo(base, to, count);
  return /\b\d{6,10}\b/.exec(mails[0].text)[0];
}

/** A code that is not `code`. */
export const another = (code, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, "0");

/** The mails to an address, the newest first, once there are `count`. */
export async function mailsTo(base, to, count) {
  for (const began = Date.now(); Date.now() - began < 15_000; ) {
    const mails = (await (await fetch(`${base}/dev/mailbox.json`)).json()).filter((mail) => mail.to === to);
    if (mails.length >= count) return mails;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`no ${count} mails to ${to}`);
}
