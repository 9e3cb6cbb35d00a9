"use client";

import { useEffect, useState } from "react";
import { auth } from "@/lib/auth-client";

const time = (moment: Date | null) => moment?.toLocaleTimeString("fr-FR") ?? "";

/** Whether there is a token, and until when; `guichet()` on the console says the same. The token itself is not shown. */
export function TokenStatus() {
  const [status, setStatus] = useState(() => auth.tokenStatus());

  useEffect(() => {
    const timer = setInterval(() => setStatus(auth.tokenStatus()), 1_000);
    return () => clearInterval(timer);
  }, []);

  return (
    <p className="quiet" data-testid="token">
      {status.present
        ? `Jeton présent jusqu’à ${time(status.expiresAt)}, renouvelé à partir de ${time(status.renewsAt)}`
        : "Aucun jeton"}
    </p>
  );
}
