"""A fake issuer for tests: keys in memory, tokens of any kind, no network.

issuer = FakeIssuer()
verifier = issuer.verifier()
token = issuer.token("user-1", role="ADMIN", org_id="org-1")
"""

from __future__ import annotations

import json
import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from .fetch import Answer
from .keys import KeyStore
from .revocations import Revocations
from .verifier import Verifier

_MAKE: Dict[str, Callable[[], Any]] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
}
_TO_JWK: Dict[str, Callable[[Any], str]] = {
    "EdDSA": OKPAlgorithm.to_jwk,
    "ES256": lambda key: ECAlgorithm.to_jwk(key),
    "RS256": RSAAlgorithm.to_jwk,
}


class FakeIssuer:
    """Signs as Guichet does. ``clock`` gives seconds since 1970, for issuer and verifier alike."""

    def __init__(
        self,
        issuer: str = "https://login.test",
        audience: str = "https://api.test",
        *,
        algorithm: str = "EdDSA",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = issuer
        self.audience = audience
        self.clock = clock
        self.revocations = Revocations()
        self._keys: Dict[str, Tuple[str, Any]] = {}
        self.kid = self.rotate(algorithm)

    def rotate(self, algorithm: str = "EdDSA") -> str:
        """Makes a new key that signs from now on, and gives its ``kid``; those of before stay published."""
        self.kid = f"key-{len(self._keys) + 1}"
        self._keys[self.kid] = (algorithm, _MAKE[algorithm]())
        return self.kid

    def withdraw(self, kid: str) -> None:
        """Publishes this key no longer."""
        del self._keys[kid]

    def private_key(self, kid: Optional[str] = None) -> Any:
        return self._keys[kid or self.kid][1]

    def jwks(self) -> Dict[str, List[Dict[str, Any]]]:
        """The public keys, as ``/api/auth/jwks`` has them."""
        return {"keys": [self._jwk(kid, algorithm, key) for kid, (algorithm, key) in self._keys.items()]}

    def verifier(self, **options: Any) -> Verifier:
        """A verifier that takes keys and revocations from here. ``options`` are those of ``Verifier``."""
        given = {"revocations": "off", "clock": self.clock, "keys": self.key_store(), "revoked": self.revocations}
        return Verifier(self.issuer, self.audience, **{**given, **options})

    def key_store(self, **options: Any) -> KeyStore:
        return KeyStore(lambda: Answer(json.dumps(self.jwks()).encode(), None), **options)

    def token(self, user_id: str = "user-1", *, expires_in: float = 900, **claims: Any) -> str:
        """An access token. A claim that is given as None is left out, also one that every token has."""
        now = int(self.clock())
        whole = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": user_id,
            "iat": now,
            "exp": now + expires_in,
            "sid": f"session-of-{user_id}",
            **claims,
        }
        return self.sign({name: value for name, value in whole.items() if value is not None})

    def sign(
        self, claims: Mapping[str, Any], *, typ: Optional[str] = "at+jwt", kid: Optional[str] = None, **header: Any
    ) -> str:
        """Any claims under any header, with the key of ``kid``. ``typ`` may be None, for none."""
        algorithm, key = self._keys[kid or self.kid]
        # PyJWT takes an empty type for none, and would put its own for a missing one.
        headers = {"typ": typ or "", "kid": kid or self.kid, **header}
        return jwt.PyJWS().encode(json.dumps(claims).encode(), key, algorithm=algorithm, headers=headers)

    def end_session(self, session_id: str) -> None:
        """As a sign-out: tokens of this session are refused from now on."""
        self.revocations.end_session(session_id, self.clock() + 86400)

    def end_user(self, user_id: str) -> None:
        """As a ban: all tokens that this user has are refused from now on."""
        self.revocations.end_user(user_id, int(self.clock()) + 1, self.clock() + 86400)

    @staticmethod
    def _jwk(kid: str, algorithm: str, key: Any) -> Dict[str, Any]:
        return {**json.loads(_TO_JWK[algorithm](key.public_key())), "kid": kid, "alg": algorithm}
