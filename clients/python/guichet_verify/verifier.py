"""Verifies access tokens with the issuer's public keys and its feed of revocations."""

from __future__ import annotations

import logging
import time
import weakref
from typing import Any, Callable, Dict, Iterable, Optional, Union
from urllib.parse import urlencode

from . import claims as claims_of
from . import fetch, signed
from .caller import Caller
from .errors import InvalidToken, Refusal, RevocationsUnavailable, RevokedToken
from .feed import Feed
from .jwk import ALGORITHMS
from .keys import KeyStore
from .revocations import Revocations

log = logging.getLogger("guichet_verify")

_FEED_TYPE = signed.types(["revocations+jwt"])
_MAX_KEYS, _MAX_FEED = 256 * 1024, 16 * 1024 * 1024
#: How old an answer of the feed may be, in seconds: an old one that is played again must not pass for news.
_FEED_AGE = 120.0
_MODES = ("off", "follow", "require")


class Verifier:
    """Verifies access tokens of one issuer. One for the whole process: it keeps keys and revocations.

    issuer, audience: what ``iss`` must be, and what ``aud`` must name (one of them, when there are several).
    url: where Guichet is reached, when that is another address than the issuer, such as one inside a private network.
    keys_url, feed_url: their whole addresses, when they are elsewhere than under ``url``.
    algorithms: what keys may be used for; among "EdDSA", "ES256", "RS256". The key decides, never the token.
    typ: what the header's ``typ`` may be; "" stands for none, as in tokens of Better Auth.
    leeway: how much clocks may differ, in seconds.
    revocations: "follow" refuses what has ended, and goes on when the feed is down; "require" refuses everybody (503) when
        it has been silent for ``feed_silence`` seconds; "off" leaves tokens valid until they expire.
    on_refusal, on_caller: called with each refusal and each caller, for counters.
    """

    def __init__(
        self,
        issuer: str,
        audience: Union[str, Iterable[str]],
        *,
        url: Optional[str] = None,
        keys_url: Optional[str] = None,
        feed_url: Optional[str] = None,
        algorithms: Iterable[str] = ALGORITHMS,
        typ: Union[str, Iterable[str]] = "at+jwt",
        leeway: float = 10.0,
        max_token_bytes: int = 16384,
        timeout: float = 5.0,
        unknown_kid_every: float = 5.0,
        stale_for: float = 86400.0,
        revocations: str = "follow",
        feed_wait: int = 25,
        feed_silence: float = 60.0,
        on_refusal: Optional[Callable[[Refusal], None]] = None,
        on_caller: Optional[Callable[[Caller], None]] = None,
        clock: Callable[[], float] = time.time,
        keys: Optional[KeyStore] = None,
        revoked: Optional[Revocations] = None,
    ) -> None:
        base = (url or issuer).rstrip("/") + "/api/auth"
        self._issuer = issuer
        self._audiences = _several(audience, "audience")
        self._algorithms = _several(algorithms, "algorithms")
        if not self._algorithms.issubset(ALGORITHMS):
            raise ValueError(f"algorithms: only {', '.join(ALGORITHMS)}")
        self._types = signed.types([typ] if isinstance(typ, str) else typ)
        if not 0 <= leeway <= 300:
            raise ValueError("leeway: 0 to 300 seconds")
        if revocations not in _MODES:
            raise ValueError(f"revocations: one of {', '.join(_MODES)}")
        if not 0 <= feed_wait <= 25 or feed_silence <= feed_wait:
            raise ValueError("feed_wait: 0 to 25 seconds, and less than feed_silence")
        self._leeway = leeway
        self._max_token_bytes = max_token_bytes
        self._timeout = timeout
        self._feed_silence = feed_silence
        self._on_refusal = on_refusal
        self._on_caller = on_caller
        self._clock = clock
        if keys is None:
            at = fetch.checked_url(keys_url or base + "/jwks")
            keys = KeyStore(
                lambda: fetch.get(at, accept="application/json", timeout=timeout, max_bytes=_MAX_KEYS),
                unknown_kid_every=unknown_kid_every,
                stale_for=stale_for,
            )
        self._keys = keys
        self._revoked = revoked if revoked is not None else Revocations()
        self._required = revocations == "require"
        self._feed: Optional[Feed] = None
        if revocations != "off":
            ask = _Ask(self, fetch.checked_url(feed_url or base + "/revocations"))
            self._feed = Feed(ask, self._revoked, wait=feed_wait, forget_after=leeway + 60.0, clock=clock)
            weakref.finalize(self, self._feed.close)

    def start(self) -> None:
        """Begins to follow the feed now instead of at the first token."""
        if self._feed is not None:
            self._feed.follow(0.0)

    def close(self) -> None:
        """Stops following the feed."""
        if self._feed is not None:
            self._feed.close()

    def verify(self, token: str) -> Caller:
        """Who calls with this token. Raises a ``Refusal``: its ``status`` is 401, or 503 when nothing can be verified."""
        try:
            caller = self._verified(token)
        except Refusal as refusal:
            self.report(refusal)
            raise
        _tell(self._on_caller, caller)
        return caller

    def report(self, refusal: Refusal) -> None:
        """Has a refusal counted and logged that was decided elsewhere."""
        log.info("refused: %s", refusal)
        _tell(self._on_refusal, refusal)

    def _verified(self, token: str) -> Caller:
        claims = signed.read(
            token,
            self._keys,
            algorithms=self._algorithms,
            wanted=self._types,
            max_bytes=self._max_token_bytes,
        )
        now = self._clock()
        claims_of.check(claims, issuer=self._issuer, audiences=self._audiences, now=now, leeway=self._leeway)
        if self._feed is not None:
            self._feed.follow(self._timeout)
            if self._required and self._feed.silence() > self._feed_silence:
                raise RevocationsUnavailable("the feed is silent")
        if self._revoked.concerns(claims):
            raise RevokedToken()
        return Caller.of(claims)


class _Ask:
    """One request to the feed. It holds what it needs of the verifier, not the verifier: the thread must not keep it alive."""

    def __init__(self, verifier: Verifier, url: str) -> None:
        self._url = url
        self._keys = verifier._keys
        self._algorithms = verifier._algorithms
        self._issuer = verifier._issuer
        self._timeout = verifier._timeout
        self._clock = verifier._clock

    def __call__(self, cursor: Optional[str], wait: int) -> Dict[str, Any]:
        parameters = {} if cursor is None else {"cursor": cursor}
        if wait:
            parameters["wait"] = str(wait)
        url = f"{self._url}?{urlencode(parameters)}" if parameters else self._url
        answer = fetch.get(url, accept="application/jwt", timeout=wait + self._timeout, max_bytes=_MAX_FEED)
        claims = signed.read(
            answer.body.decode("ascii", "replace").strip(),
            self._keys,
            algorithms=self._algorithms,
            wanted=_FEED_TYPE,
            max_bytes=_MAX_FEED,
        )
        signed_at = claims_of.moment(claims, "iat")
        if claims.get("iss") != self._issuer:
            raise InvalidToken("the feed is another issuer's")
        if signed_at is None or abs(self._clock() - signed_at) > _FEED_AGE:
            raise InvalidToken("the answer of the feed is not of now")
        return claims


def _several(value: Union[str, Iterable[str]], name: str) -> "frozenset[str]":
    found = frozenset([value] if isinstance(value, str) else value)
    if not found or not all(found):
        raise ValueError(f"{name}: at least one")
    return found


def _tell(callback: Optional[Callable[[Any], None]], value: Any) -> None:
    """A counter that fails must neither let anybody in nor keep anybody out."""
    if callback is None:
        return
    try:
        callback(value)
    except Exception:
        log.exception("a callback failed")
