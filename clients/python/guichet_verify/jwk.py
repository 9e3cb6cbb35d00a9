"""Public keys as JWKs (RFC 7517), each with the one algorithm that it may check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Optional

from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

ALGORITHMS = ("EdDSA", "ES256", "RS256")

#: The key's own form says what it may check, never the header of a token.
_BY_FORM = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256", ("RSA", None): "RS256"}
_READ = {"EdDSA": OKPAlgorithm.from_jwk, "ES256": ECAlgorithm.from_jwk, "RS256": RSAAlgorithm.from_jwk}
_SMALLEST_RSA = 2048


@dataclass(frozen=True)
class Key:
    kid: str
    algorithm: str
    public: Any


def read_set(body: bytes) -> Dict[str, Key]:
    """The usable keys of a JWK set, by ``kid``; others are left out. Raises ``ValueError`` when it is no set."""
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise ValueError("too deep") from error
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no set of keys")
    keys: Dict[str, Key] = {}
    for one in listed:
        key = _read(one) if isinstance(one, dict) else None
        if key is not None:
            keys.setdefault(key.kid, key)
    return keys


def _read(jwk: Mapping[str, Any]) -> Optional[Key]:
    kid = jwk.get("kid")
    algorithm = _algorithm(jwk)
    if not isinstance(kid, str) or not kid or algorithm is None or not _meant_to_verify(jwk):
        return None
    try:
        public: Any = _READ[algorithm](json.dumps(jwk))
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    if algorithm == "RS256" and public.key_size < _SMALLEST_RSA:
        return None
    return Key(kid, algorithm, public)


def _algorithm(jwk: Mapping[str, Any]) -> Optional[str]:
    kind, curve = jwk.get("kty"), jwk.get("crv")
    if not isinstance(kind, str) or not (curve is None or isinstance(curve, str)):
        return None
    algorithm = _BY_FORM.get((kind, curve))
    return algorithm if jwk.get("alg") in (None, algorithm) else None


def _meant_to_verify(jwk: Mapping[str, Any]) -> bool:
    """A key whose private half is published belongs to everybody."""
    operations = jwk.get("key_ops")
    verifies = operations is None or (isinstance(operations, list) and "verify" in operations)
    return jwk.get("use") in (None, "sig") and verifies and "d" not in jwk
