"""What a request must bring to pass, whatever the framework."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Mapping, Optional, Sequence, Tuple, Union

from . import identity
from .caller import Caller
from .errors import InvalidToken, MissingPermission, MissingRole, MissingToken, Refusal
from .limiter import RateLimiter
from .messages import LANGUAGES, language_of
from .verifier import Verifier

_BEARER = re.compile(r"bearer(?: +(.*))?", re.IGNORECASE | re.DOTALL)
Names = Union[str, Iterable[str]]


class Gate:
    """Rules for requests.

    roles: one of these is needed (``"org:admin"`` is a role in the organization). permissions: all of these are.
    limiter: counts whoever has passed so far. identity_fields: names in a body, with the attribute of ``Caller`` that they
    must equal; empty for none. language: of those who ask for neither French nor English.
    """

    def __init__(
        self,
        verifier: Verifier,
        *,
        roles: Names = (),
        permissions: Names = (),
        limiter: Optional[RateLimiter] = None,
        identity_fields: Mapping[str, str] = identity.IDENTITY_FIELDS,
        language: str = "fr",
    ) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"language: one of {', '.join(LANGUAGES)}")
        self._verifier = verifier
        self._roles = _names(roles)
        self._permissions = _names(permissions)
        self._limiter = limiter
        self._identity_fields = dict(identity_fields)
        self._language = language

    def with_rules(self, **rules: Any) -> Gate:
        """The same with other rules."""
        current: Dict[str, Any] = {
            "roles": self._roles,
            "permissions": self._permissions,
            "limiter": self._limiter,
            "identity_fields": self._identity_fields,
            "language": self._language,
        }
        return Gate(self._verifier, **{**current, **rules})

    def admit(self, authorization: Sequence[str]) -> Caller:
        """Who calls, by all ``Authorization`` headers of the request. Raises a ``Refusal``. It may wait for the network."""
        caller = self._verifier.verify(self._reported(_token, authorization))
        self._reported(self._permit, caller)
        return caller

    @property
    def reads_bodies(self) -> bool:
        """Whether bodies are to be given to ``check_body`` or ``check_form``."""
        return bool(self._identity_fields)

    def check_body(self, caller: Caller, body: bytes, content_type: Optional[str]) -> None:
        """Raises ``IdentityMismatch``."""
        self._reported(identity.check_body, caller, body, content_type, self._identity_fields)

    def check_form(self, caller: Caller, pairs: Iterable[Tuple[str, Any]]) -> None:
        """Raises ``IdentityMismatch``."""
        self._reported(identity.check_pairs, caller, pairs, self._identity_fields)

    def language(self, accept_language: Optional[str]) -> str:
        return language_of(accept_language, self._language)

    def _permit(self, caller: Caller) -> None:
        if self._roles and not caller.has_role(*self._roles):
            raise MissingRole(f"{caller.user_id} has none of {', '.join(self._roles)}")
        if not caller.can(*self._permissions):
            raise MissingPermission(f"{caller.user_id} has not all of {', '.join(self._permissions)}")
        if self._limiter is not None:
            self._limiter.check(caller)

    def _reported(self, rule: Any, *arguments: Any) -> Any:
        try:
            return rule(*arguments)
        except Refusal as refusal:
            self._verifier.report(refusal)
            raise


def _names(names: Names) -> Tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def _token(authorization: Sequence[str]) -> str:
    """The token of ``Authorization: Bearer …`` (RFC 6750, 2.1); forms and query parameters are never looked at."""
    if len(authorization) > 1:
        raise InvalidToken("several Authorization headers")
    match = _BEARER.fullmatch(authorization[0].strip()) if authorization else None
    token = (match.group(1) or "").strip() if match else ""
    if not token:
        raise MissingToken()
    return token
