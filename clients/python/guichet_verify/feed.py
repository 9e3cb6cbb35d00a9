"""Follows the issuer's feed of revocations in a thread of its own, by long poll."""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import Any, Callable, Dict, Optional

from .errors import InvalidToken, KeysUnavailable
from .fetch import FetchFailed
from .forking import tell_of_forks
from .revocations import Revocations

log = logging.getLogger("guichet_verify.feed")

_LEAST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
#: Between two answers that bring something, so that a busy hour is told in few requests; and after an empty answer
#: that came at once, from a server or proxy that does not wait.
_BETWEEN, _AFTER_NOTHING = 0.4, 1.0
#: From which failure in a row on the log says so: one alone, such as a server that has too many who wait, is none.
_WORTH_SAYING = 2


class Feed:
    """Keeps ``revocations`` up to date.

    ``ask(cursor, wait)`` reads one verified answer: it raises ``FetchFailed``, ``InvalidToken`` or ``KeysUnavailable``.
    ``wait`` is how long, in seconds, the issuer may hold an answer back.
    """

    def __init__(
        self,
        ask: Callable[[Optional[str], int], Dict[str, Any]],
        revocations: Revocations,
        *,
        wait: int = 25,
        forget_after: float = 60.0,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._revocations = revocations
        self._wait = wait
        self._forget_after = forget_after
        self._clock = clock
        self._monotonic = monotonic
        self._heard_at: Optional[float] = None
        self._failures = 0
        self._cursor: Optional[str] = None
        self._catches_up = True
        self._starting = threading.Lock()
        self._stop = threading.Event()
        self._tried = threading.Event()
        self._thread: Optional[threading.Thread] = None
        tell_of_forks(self)

    def follow(self, patience: float) -> None:
        """Starts the thread if it does not run, and waits for its first answer or failure, ``patience`` seconds at most."""
        if self._thread is None and not self._stop.is_set():
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="guichet-revocations", daemon=True)
                    self._thread.start()
        if not self._tried.is_set():
            self._tried.wait(patience)

    def silence(self) -> float:
        """Seconds since the issuer was last heard; infinite when it never was."""
        return float("inf") if self._heard_at is None else self._monotonic() - self._heard_at

    def close(self) -> None:
        self._stop.set()
        self._tried.set()

    def after_fork(self) -> None:
        """Threads do not survive a fork; what was heard does, and the cursor with it."""
        self._starting = threading.Lock()
        stopped = self._stop.is_set()
        self._stop, self._tried = threading.Event(), threading.Event()
        if stopped:
            self._stop.set()
            self._tried.set()
        self._thread = None
        self._catches_up = True

    def _run(self) -> None:
        stop = self._stop
        while not stop.is_set():
            try:
                pause = self._round()
            except (FetchFailed, InvalidToken, KeysUnavailable) as error:
                pause = self._failed(error)
            except Exception:  # The thread must not die: nobody would see that nothing is refused any more.
                log.exception("the feed of revocations failed in an unforeseen way")
                pause = self._failed(None)
            stop.wait(pause)

    def _round(self) -> float:
        """One request; gives the pause before the next one."""
        began = self._monotonic()
        # The first answer after a start, a fork or a failure comes at once.
        catches_up = self._catches_up
        wait = 0 if catches_up else self._wait
        claims = self._ask(self._cursor, wait)
        cursor = claims.get("cursor")
        if not isinstance(cursor, str):
            raise InvalidToken("the feed tells no cursor")
        if self._stop.is_set():
            return 0.0
        told = self._revocations.apply(claims)
        self._revocations.forget(self._clock() - self._forget_after)
        if self._failures >= _WORTH_SAYING:
            log.info("the feed of revocations is back")
        self._cursor, self._failures = cursor, 0
        # A long answer comes in parts; all of them together are what was heard.
        self._catches_up = claims.get("more") is True
        if self._catches_up:
            return 0.05
        self._heard_at = self._monotonic()
        self._tried.set()
        waited = wait > 0 and self._heard_at - began > min(1.0, wait / 2)
        return _BETWEEN if told or catches_up or waited else _AFTER_NOTHING

    def _failed(self, error: Optional[Exception]) -> float:
        self._failures += 1
        self._catches_up = True
        self._tried.set()
        if self._failures == _WORTH_SAYING and error is not None:
            log.warning("the feed of revocations cannot be followed, trying on: %s", error)
        longest = min(_LONGEST_PAUSE, _LEAST_PAUSE * 2.0 ** min(self._failures, 10))
        return random.uniform(_LEAST_PAUSE / 2, longest)
