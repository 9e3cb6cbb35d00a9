"""Why somebody is refused: each reason has a stable code, a status and words in two languages."""

from __future__ import annotations

from typing import ClassVar, Dict, Optional

from .messages import MESSAGES


class Refusal(Exception):
    """Nobody may pass. ``reason`` is for the log alone: whoever calls learns no more than the code."""

    code: ClassVar[str]
    status: ClassVar[int]
    #: The ``error`` of ``WWW-Authenticate`` (RFC 6750, 3.1); none where no token came.
    bearer_error: ClassVar[Optional[str]] = None
    retry_after: Optional[int] = None

    def __init__(self, reason: str = "") -> None:
        super().__init__(f"{self.code}: {reason}" if reason else self.code)
        self.reason = reason

    def message(self, language: str) -> str:
        return MESSAGES[self.code][language]

    def body(self, language: str) -> Dict[str, str]:
        """``{code, message, detail}``; ``detail`` is the same text, where clients of FastAPI look for it."""
        message = self.message(language)
        return {"code": self.code, "message": message, "detail": message}

    def headers(self, language: str) -> Dict[str, str]:
        headers = {"Cache-Control": "no-store", "Content-Language": language, "Vary": "Accept-Language"}
        if self.status == 401 or self.bearer_error is not None:
            headers["WWW-Authenticate"] = self._challenge()
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers

    def _challenge(self) -> str:
        if self.bearer_error is None:
            return "Bearer"
        # Header fields are ASCII: the English words, whatever the language of the body.
        return f'Bearer error="{self.bearer_error}", error_description="{self.message("en")}"'


class MissingToken(Refusal):
    code, status = "MISSING_TOKEN", 401


class InvalidToken(Refusal):
    code, status, bearer_error = "INVALID_TOKEN", 401, "invalid_token"


class ExpiredToken(Refusal):
    code, status, bearer_error = "TOKEN_EXPIRED", 401, "invalid_token"


class RevokedToken(Refusal):
    """The session has ended, or the user may no longer come in."""

    code, status, bearer_error = "TOKEN_REVOKED", 401, "invalid_token"


class MissingRole(Refusal):
    code, status, bearer_error = "MISSING_ROLE", 403, "insufficient_scope"


class MissingPermission(Refusal):
    code, status, bearer_error = "MISSING_PERMISSION", 403, "insufficient_scope"


class IdentityMismatch(Refusal):
    """The body names another user or organization than the token."""

    code, status = "IDENTITY_MISMATCH", 403


class TooManyRequests(Refusal):
    code, status = "TOO_MANY_REQUESTS", 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class KeysUnavailable(Refusal):
    """There are no public keys: they could not be read since the start, or for too long."""

    code, status, retry_after = "KEYS_UNAVAILABLE", 503, 5


class RevocationsUnavailable(Refusal):
    """The feed of revocations is silent, and the verifier was told to let nobody in then."""

    code, status, retry_after = "REVOCATIONS_UNAVAILABLE", 503, 5
