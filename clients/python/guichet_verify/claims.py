"""What the claims of an access token must be (RFC 7519, 4.1; RFC 9068, 2.2)."""

from __future__ import annotations

import math
from typing import Any, FrozenSet, Mapping, Optional

from .errors import ExpiredToken, InvalidToken


def check(claims: Mapping[str, Any], *, issuer: str, audiences: FrozenSet[str], now: float, leeway: float) -> None:
    """``iss``, ``aud``, ``sub`` and ``exp`` are demanded; ``iat`` and ``nbf`` must be times, not ahead of us.

    Raises ``ExpiredToken`` when nothing but the time is wrong, else ``InvalidToken``.
    """
    if claims.get("iss") != issuer or not isinstance(claims.get("iss"), str):
        raise InvalidToken("another iss")
    if not _meant_for(claims.get("aud"), audiences):
        raise InvalidToken("another aud")
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise InvalidToken("no sub")
    session = claims.get("sid")
    if session is not None and not isinstance(session, str):
        raise InvalidToken("sid is no text")
    expires = moment(claims, "exp")
    if expires is None:
        raise InvalidToken("no exp")
    for name in ("iat", "nbf"):
        begins = moment(claims, name)
        if begins is not None and begins > now + leeway:
            raise InvalidToken(f"{name} is ahead of us")
    if expires + leeway <= now:
        raise ExpiredToken()


def moment(claims: Mapping[str, Any], name: str) -> Optional[float]:
    """A NumericDate, in seconds since 1970; None when it is not there. Raises ``InvalidToken`` for anything else."""
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidToken(f"{name} is no number")
    try:
        value = float(value)
    except OverflowError as error:
        raise InvalidToken(f"{name} is no time") from error
    if not math.isfinite(value):
        raise InvalidToken(f"{name} is no time")
    return value


def _meant_for(audience: Any, audiences: FrozenSet[str]) -> bool:
    """One that is ours is enough, in a list of texts."""
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        return False
    return not audiences.isdisjoint(named)
