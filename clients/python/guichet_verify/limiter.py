"""A limit on requests by user or organization, as the token names them."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from typing import Callable

from .caller import Caller
from .errors import TooManyRequests


def limiter_key(caller: Caller, by: str = "user") -> str:
    """What to count requests by: ``"user:…"``, or ``"org:…"`` for ``by="organization"`` when there is one.

    For any limiter (slowapi, Flask-Limiter, a proxy). Both parts come out of a verified token, so nobody chooses their key.
    """
    if by not in ("user", "organization"):
        raise ValueError('by: "user" or "organization"')
    if by == "organization" and caller.organization_id is not None:
        return f"org:{caller.organization_id}"
    return f"user:{caller.user_id}"


class RateLimiter:
    """At most ``limit`` requests at once, refilled evenly over ``window`` seconds (GCRA). In this process's memory."""

    def __init__(
        self,
        limit: int,
        window: float,
        *,
        by: str = "user",
        most: int = 100_000,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if limit < 1 or window <= 0 or by not in ("user", "organization"):
            raise ValueError('limit: at least 1; window: above 0 seconds; by: "user" or "organization"')
        self._pause = window / limit
        self._window = window
        self._by = by
        self._most = most
        self._monotonic = monotonic
        self._lock = threading.Lock()
        #: When each key would have all of its requests again.
        self._whole_at: "OrderedDict[str, float]" = OrderedDict()

    def check(self, caller: Caller) -> None:
        """Counts one request. Raises ``TooManyRequests``, whose ``retry_after`` is in seconds."""
        key = limiter_key(caller, self._by)
        with self._lock:
            now = self._monotonic()
            whole_at = max(self._whole_at.get(key, now), now) + self._pause
            over = whole_at - self._window - now
            if over > 1e-9:
                raise TooManyRequests(max(1, math.ceil(over)))
            self._whole_at[key] = whole_at
            self._whole_at.move_to_end(key)
            self._drop(now)

    def _drop(self, now: float) -> None:
        """Forgets who has all requests again; and beyond ``most``, who came longest ago."""
        while self._whole_at:
            key, whole_at = next(iter(self._whole_at.items()))
            if whole_at > now and len(self._whole_at) <= self._most:
                return
            del self._whole_at[key]
