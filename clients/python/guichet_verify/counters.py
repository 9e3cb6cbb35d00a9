"""Counters for monitoring: refusals by code, use by organization and user."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from typing import Dict, Optional, Tuple

from .caller import Caller
from .errors import Refusal

Who = Tuple[Optional[str], str]


class RefusalCounter:
    """Counts refusals by their code: ``Verifier(…, on_refusal=RefusalCounter())``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: "Counter[str]" = Counter()

    def __call__(self, refusal: Refusal) -> None:
        with self._lock:
            self._counts[refusal.code] += 1

    def counts(self) -> Dict[str, int]:
        with self._lock:
            return dict(self._counts)

    def prometheus(self, name: str = "auth_refusals_total") -> str:
        """In Prometheus's text format."""
        lines = [f"# TYPE {name} counter"]
        lines += [f'{name}{{code="{code}"}} {count}' for code, count in sorted(self.counts().items())]
        return "\n".join(lines) + "\n"


class UsageCounter:
    """Counts accepted calls by organization and user; those seen longest ago are dropped beyond ``most``."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._counts: "OrderedDict[Who, int]" = OrderedDict()

    def __call__(self, caller: Caller) -> None:
        who = (caller.organization_id, caller.user_id)
        with self._lock:
            self._counts[who] = self._counts.pop(who, 0) + 1
            if len(self._counts) > self._most:
                self._counts.popitem(last=False)

    def counts(self) -> Dict[Who, int]:
        """Calls by ``(organization_id, user_id)``."""
        with self._lock:
            return dict(self._counts)
