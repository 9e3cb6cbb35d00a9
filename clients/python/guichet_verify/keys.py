"""The issuer's public keys, kept: read once for all threads, again when they are old or one is unknown."""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import Callable, Dict, Optional

from .errors import KeysUnavailable
from .fetch import Answer, FetchFailed
from .forking import tell_of_forks
from .jwk import Key, read_set

log = logging.getLogger("guichet_verify.keys")

#: How long keys are kept, in seconds, when the issuer does not say; and the bounds of what it may say.
USUAL_AGE, LEAST_AGE, GREATEST_AGE = 300, 30, 3600
_LONGEST_PAUSE = 30.0
#: How long a thread waits for another one's request.
_PATIENCE = 15.0


class KeyStore:
    """Keys by ``kid``.

    ``fetch`` reads the set, or raises ``FetchFailed``. An unknown ``kid`` has it read again, at most every
    ``unknown_kid_every`` seconds. While it cannot be read, the keys of before hold for ``stale_for`` seconds.
    """

    def __init__(
        self,
        fetch: Callable[[], Answer],
        *,
        unknown_kid_every: float = 5.0,
        stale_for: float = 86400.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._unknown_kid_every = unknown_kid_every
        self._stale_for = stale_for
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._fetching = False
        self._keys: Dict[str, Key] = {}
        self._fetched_at: Optional[float] = None
        self._asked_at = float("-inf")
        self._fresh_until = float("-inf")
        self._retry_at = float("-inf")
        self._failures = 0
        tell_of_forks(self)

    def key(self, kid: str) -> Optional[Key]:
        """The key of this name; None when the issuer has none. Raises ``KeysUnavailable``."""
        if self._takes_off(kid):
            self._refresh()
        with self._changed:
            if not self._usable():
                raise KeysUnavailable("the keys could not be read")
            return self._keys.get(kid)

    def after_fork(self) -> None:
        self._changed = threading.Condition()
        self._fetching = False

    def _takes_off(self, kid: str) -> bool:
        """True for the one thread that is to read; the others wait for it, unless the key of before does."""
        with self._changed:
            while self._fetching:
                if kid in self._keys and self._usable():
                    return False
                if not self._changed.wait(_PATIENCE):
                    return False
            if not self._due(kid):
                return False
            self._fetching = True
            self._asked_at = self._monotonic()
            return True

    def _due(self, kid: str) -> bool:
        now = self._monotonic()
        if now < self._retry_at:
            return False
        if now >= self._fresh_until:
            return True
        return kid not in self._keys and now >= self._asked_at + self._unknown_kid_every

    def _usable(self) -> bool:
        if self._fetched_at is None:
            return False
        return self._monotonic() < max(self._fresh_until, self._fetched_at + self._stale_for)

    def _refresh(self) -> None:
        try:
            answer = self._fetch()
            self._keep(read_set(answer.body), answer.max_age)
        except (FetchFailed, ValueError) as error:
            self._failed(error)
        finally:
            with self._changed:
                self._fetching = False
                self._changed.notify_all()

    def _keep(self, keys: Dict[str, Key], max_age: Optional[int]) -> None:
        age = USUAL_AGE if max_age is None else min(max(max_age, LEAST_AGE), GREATEST_AGE)
        with self._changed:
            now = self._monotonic()
            self._keys, self._fetched_at, self._fresh_until = keys, now, now + age
            self._retry_at, self._failures = float("-inf"), 0

    def _failed(self, error: Exception) -> None:
        with self._changed:
            self._failures += 1
            pause = min(_LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 10))
            self._retry_at = self._monotonic() + pause * random.uniform(0.5, 1.0)
        log.warning("the keys could not be read, again in at most %.0f s: %s", pause, error)
