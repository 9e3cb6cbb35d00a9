"""Compact JWS (RFC 7515): the header is judged before anything is done for it, then the signature, then what it says."""

from __future__ import annotations

import json
import re
from typing import Any, Collection, Dict, FrozenSet, Iterable

from jwt import PyJWS
from jwt.exceptions import PyJWTError
from jwt.utils import base64url_decode

from .errors import InvalidToken
from .jwk import ALGORITHMS
from .keys import KeyStore

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_jws = PyJWS(algorithms=list(ALGORITHMS))


def types(wanted: Iterable[str]) -> FrozenSet[str]:
    """``typ`` as it is compared: in lower case, without ``application/`` (RFC 7515, 4.1.9); "" is none at all."""
    return frozenset(_type(one) for one in wanted)


def read(
    token: str, keys: KeyStore, *, algorithms: Collection[str], wanted: FrozenSet[str], max_bytes: int
) -> Dict[str, Any]:
    """The claims of a document that the issuer signed. Raises ``InvalidToken``, ``KeysUnavailable``.

    The algorithm is the key's own; ``jku``, ``jwk``, ``x5u`` and ``x5c`` of the header are never looked at.
    """
    if len(token) > max_bytes:
        raise InvalidToken("too long")
    if not _COMPACT.fullmatch(token):
        raise InvalidToken("not three parts of Base64url")
    header = _object(_decoded(token.split(".", 1)[0]), "header")
    if "crit" in header or "b64" in header:
        raise InvalidToken("a critical extension")
    algorithm, kid, kind = header.get("alg"), header.get("kid"), header.get("typ", "")
    if not isinstance(algorithm, str) or algorithm not in algorithms:
        raise InvalidToken("an algorithm that is not taken")
    if not isinstance(kind, str) or _type(kind) not in wanted:
        raise InvalidToken("another typ")
    if not isinstance(kid, str) or not kid:
        raise InvalidToken("no kid")
    key = keys.key(kid)
    if key is None:
        raise InvalidToken("an unknown kid")
    if key.algorithm != algorithm:
        raise InvalidToken("another algorithm than the key's")
    try:
        payload = _jws.decode_complete(token, key.public, algorithms=[key.algorithm])["payload"]
    except (PyJWTError, ValueError, TypeError) as error:
        raise InvalidToken("a wrong signature") from error
    return _object(payload, "payload")


def _type(text: str) -> str:
    text = text.lower()
    return text[len("application/") :] if text.startswith("application/") else text


def _decoded(text: str) -> bytes:
    try:
        return base64url_decode(text)
    except ValueError as error:
        raise InvalidToken("no Base64url") from error


def _object(data: bytes, what: str) -> Dict[str, Any]:
    try:
        value = json.loads(data, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidToken(f"the {what} is no JSON") from error
    if not isinstance(value, dict):
        raise InvalidToken(f"the {what} is no object")
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
