"""Verifies a token as back ends do: PyJWT and Authlib, with the published keys.

Arguments: address of the keys, issuer (and audience), algorithm, token. Prints one JSON object.
"""

import json
import sys
import urllib.request

import jwt
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import BadSignatureError

address, issuer, algorithm, token = sys.argv[1:]
keys = json.load(urllib.request.urlopen(address))
head, claims, signature = token.split(".")
# One character in the middle: the last one holds bits that mean nothing.
changed = "A" if signature[10] != "A" else "B"
forged = ".".join([head, claims, signature[:10] + changed + signature[11:]])


def by_pyjwt(text):
    """The claims, with everything demanded that a back end must demand."""
    key = jwt.PyJWKClient(address).get_signing_key_from_jwt(text).key
    required = {"require": ["exp", "iat", "iss", "aud", "sub"]}
    return jwt.decode(text, key, algorithms=[algorithm], issuer=issuer, audience=issuer, options=required)


def by_authlib(text):
    expected = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": issuer}}
    read = JsonWebToken([algorithm]).decode(text, JsonWebKey.import_key_set(keys), claims_options=expected)
    read.validate()
    return dict(read)


def refusal(verify, error):
    try:
        verify(forged)
    except error as refused:
        return type(refused).__name__
    return "taken"


print(
    json.dumps(
        {
            "pyjwt": by_pyjwt(token),
            "authlib": by_authlib(token),
            "forged": [
                refusal(by_pyjwt, jwt.InvalidTokenError),
                refusal(by_authlib, BadSignatureError),
            ],
        }
    )
)
