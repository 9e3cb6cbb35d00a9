"""Who calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, FrozenSet, Mapping, Optional


@dataclass(frozen=True)
class Caller:
    """Who calls, by the claims of a token that was verified. Never take any of this from a request's body."""

    user_id: str
    organization_id: Optional[str]
    #: As the claim says it; several are separated by commas. ``roles`` has them apart.
    role: Optional[str]
    client_id: Optional[str]
    email: Optional[str]
    name: Optional[str]
    session_id: Optional[str]
    #: Their role in ``organization_id``.
    organization_role: Optional[str] = None
    #: All claims, as they were signed.
    claims: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False, hash=False)

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Caller:
        """From verified claims: ``sub``, ``org_id``, ``role``, ``clientId``, ``email``, ``name``, ``sid``, ``org_role``."""
        return cls(
            user_id=claims["sub"],
            organization_id=_text(claims, "org_id"),
            role=_text(claims, "role"),
            client_id=_text(claims, "clientId"),
            email=_text(claims, "email"),
            name=_text(claims, "name"),
            session_id=_text(claims, "sid"),
            organization_role=_text(claims, "org_role"),
            claims=claims,
        )

    @property
    def roles(self) -> FrozenSet[str]:
        """Their own roles; those in the organization are not among them."""
        return _words(self.role)

    @property
    def organization_roles(self) -> FrozenSet[str]:
        return _words(self.organization_role)

    @property
    def permissions(self) -> FrozenSet[str]:
        """The claim ``permissions`` (a list), else ``scope`` (separated by spaces, RFC 8693, 4.2)."""
        listed = self.claims.get("permissions")
        if isinstance(listed, (list, tuple)):
            return frozenset(one for one in listed if isinstance(one, str))
        scope = self.claims.get("scope")
        return frozenset(scope.split()) if isinstance(scope, str) else frozenset()

    def has_role(self, *roles: str) -> bool:
        """Whether they have one of these. A role in the organization is written ``org:admin``."""
        own = {role for role in self.roles if not role.startswith("org:")}
        return not (own | {f"org:{role}" for role in self.organization_roles}).isdisjoint(roles)

    def can(self, *permissions: str) -> bool:
        """Whether they have all of these."""
        return self.permissions.issuperset(permissions)


def _text(claims: Mapping[str, Any], name: str) -> Optional[str]:
    """Ids of existing tables may be numbers: 42 and "42" are one id."""
    value = claims.get(name)
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _words(text: Optional[str]) -> FrozenSet[str]:
    return frozenset(word.strip() for word in (text or "").split(",") if word.strip())
