"""Servers that fork after loading the application (gunicorn --preload, uWSGI): locks and threads begin anew in the child."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forked(Protocol):
    def after_fork(self) -> None: ...


_known: "weakref.WeakSet[Forked]" = weakref.WeakSet()


def tell_of_forks(one: Forked) -> None:
    """Has ``one.after_fork()`` called in every child, for as long as ``one`` lives."""
    _known.add(one)


def _tell() -> None:
    for one in list(_known):
        one.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
