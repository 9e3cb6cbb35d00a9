"""Sessions that have ended and users who may no longer come in, until no token of theirs could live."""

from __future__ import annotations

import threading
from typing import Any, Dict, Mapping, Optional, Tuple

from .claims import moment
from .errors import InvalidToken
from .forking import tell_of_forks


class Revocations:
    """What the feed has told so far. Telling the same twice changes nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: Dict[str, float] = {}
        self._users: Dict[str, Tuple[float, float]] = {}
        tell_of_forks(self)

    def __len__(self) -> int:
        with self._lock:
            return len(self._sessions) + len(self._users)

    def after_fork(self) -> None:
        self._lock = threading.Lock()

    def end_session(self, session_id: str, expires: float) -> None:
        """Tokens with this ``sid`` are refused; no token of it lives longer than ``expires`` (seconds since 1970)."""
        with self._lock:
            self._sessions[session_id] = max(expires, self._sessions.get(session_id, expires))

    def end_user(self, user_id: str, not_before: float, expires: float) -> None:
        """Tokens of this ``sub`` that were signed before ``not_before`` are refused."""
        with self._lock:
            before = self._users.get(user_id, (not_before, expires))
            self._users[user_id] = (max(not_before, before[0]), max(expires, before[1]))

    def concerns(self, claims: Mapping[str, Any]) -> bool:
        """Whether verified claims belong to something that has ended. Without ``iat`` they count as old."""
        issued = moment(claims, "iat")
        with self._lock:
            user = self._users.get(claims["sub"])
            if user is not None and (issued is None or issued < user[0]):
                return True
            return claims.get("sid") in self._sessions

    def forget(self, now: float) -> None:
        with self._lock:
            self._sessions = {sid: expires for sid, expires in self._sessions.items() if expires > now}
            self._users = {sub: entry for sub, entry in self._users.items() if entry[1] > now}

    def apply(self, claims: Mapping[str, Any]) -> bool:
        """Takes over one verified answer of the feed, and says whether it told anything. Raises ``InvalidToken``."""
        sessions = [(_text(entry, "sid"), _moment(entry, "exp")) for entry in _entries(claims, "sessions")]
        users = [
            (_text(entry, "sub"), _moment(entry, "not_before"), _moment(entry, "exp"))
            for entry in _entries(claims, "users")
        ]
        for session_id, expires in sessions:
            self.end_session(session_id, expires)
        for user_id, not_before, expires in users:
            self.end_user(user_id, not_before, expires)
        return bool(sessions or users)


def _entries(claims: Mapping[str, Any], name: str) -> "list[Mapping[str, Any]]":
    listed = claims.get(name)
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise InvalidToken(f"{name} of the feed is no list of objects")
    return listed


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidToken(f"{name} of the feed is no text")
    return value


def _moment(entry: Mapping[str, Any], name: str) -> float:
    value: Optional[float] = moment(entry, name)
    if value is None:
        raise InvalidToken(f"the feed tells no {name}")
    return value
