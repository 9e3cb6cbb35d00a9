"use client";

// An API that takes its time, asked with a token that is renewed on the way.
// Wishes: 6, 141, 142.

import { auth } from "./auth-client";

export interface Job {
  job_id: string;
  status: "running" | "done" | "failed";
  /** From 0 to 1. */
  progress: number;
  image_url: string | null;
}

/** Between two questions, in milliseconds. */
const PAUSE = 1_000;

/** A back end's refusal, in words that can be shown. */
export class BackendError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function said<T>(answer: Response): Promise<T> {
  const body = (await answer.json().catch(() => ({}))) as T & { message?: string; detail?: unknown };
  if (answer.ok) return body;
  const detail = typeof body.detail === "string" ? body.detail : undefined;
  throw new BackendError(answer.status, body.message ?? detail ?? `Le service répond ${answer.status}`);
}

export interface Me {
  user_id: string;
  organization_id?: string | null;
  role?: string | null;
}

export const whoAmI = async (backend: string) => said<Me>(await auth.authFetch(`${backend}/api/me`));

/**
 * Asks for an image and waits until it is there. Each question is asked with a token that is good: it is renewed on the
 * way, however long the wait is.
 */
export async function generate(backend: string, prompt: string, onWait: (job: Job) => void): Promise<Job> {
  const answer = await auth.authFetch(`${backend}/api/images`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    // The back end believes the token alone, and refuses a body that names somebody else.
    body: JSON.stringify({ prompt, user_id: auth.snapshot().session?.user.id }),
  });
  const { job_id } = await said<{ job_id: string }>(answer);
  for (;;) {
    const job = await said<Job>(await auth.authFetch(`${backend}/api/jobs/${encodeURIComponent(job_id)}`));
    if (job.status !== "running") return job;
    onWait(job);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
