"""Who calls, by a JWT of Guichet's (`[plugins.jwt]`): checked with its public keys, without asking it each time."""

import os

import jwt

GUICHET = os.environ.get("GUICHET_URL", "http://127.0.0.1:3000")
# `iss` and `aud` of its tokens: its base_url, unless [plugins.jwt] says otherwise.
ISSUER = os.environ.get("GUICHET_ISSUER", GUICHET)
AUDIENCE = os.environ.get("GUICHET_AUDIENCE", ISSUER)
# Keys are kept for five minutes, as Guichet's Cache-Control says.
KEYS = jwt.PyJWKClient(f"{GUICHET}/api/auth/jwks", lifespan=300, timeout=5)


class Refused(Exception):
    """Nobody may pass: `status` 401, or 503 when the keys cannot be read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def caller(authorization: str | None) -> dict:
    """The claims of an `Authorization` header: sub, email, role, clientId… Trust these, never an id in a body."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(401, "Token d'authentification manquant")
    token = token.strip()
    try:
        key = KEYS.get_signing_key_from_jwt(token)
        return jwt.decode(
            token,
            key,
            algorithms=["EdDSA"],
            issuer=ISSUER,
            audience=AUDIENCE,
            options={"require": ["exp", "iat", "sub", "iss", "aud"]},
        )
    except jwt.PyJWKClientConnectionError as error:
        raise Refused(503, "Service d'authentification indisponible") from error
    except jwt.ExpiredSignatureError as error:
        raise Refused(401, "Token d'authentification expiré") from error
    except (jwt.InvalidTokenError, jwt.PyJWKClientError) as error:
        raise Refused(401, "Token d'authentification invalide") from error
