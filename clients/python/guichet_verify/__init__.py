"""Who calls, by an access token of Guichet's, checked with its public keys.

>>> verifier = Verifier("https://login.example.fr", audience="https://api.example.fr")
>>> caller = verifier.verify(token)
>>> caller.user_id, caller.organization_id, caller.role

Web applications take ``guichet_verify.fastapi`` or ``guichet_verify.flask``; tests, ``guichet_verify.testing``.
"""

from .caller import Caller
from .counters import RefusalCounter, UsageCounter
from .errors import (
    ExpiredToken,
    IdentityMismatch,
    InvalidToken,
    KeysUnavailable,
    MissingPermission,
    MissingRole,
    MissingToken,
    Refusal,
    RevocationsUnavailable,
    RevokedToken,
    TooManyRequests,
)
from .limiter import RateLimiter, limiter_key
from .verifier import Verifier

__version__ = "0.1.0"

__all__ = [
    "Caller",
    "ExpiredToken",
    "IdentityMismatch",
    "InvalidToken",
    "KeysUnavailable",
    "MissingPermission",
    "MissingRole",
    "MissingToken",
    "RateLimiter",
    "Refusal",
    "RefusalCounter",
    "RevocationsUnavailable",
    "RevokedToken",
    "TooManyRequests",
    "UsageCounter",
    "Verifier",
    "limiter_key",
]
