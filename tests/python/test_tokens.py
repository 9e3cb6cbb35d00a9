"""What the program signs, verified by the kit, by PyJWT alone and by Authlib."""

import base64
import json
import os

import httpx
import jwt
import pytest
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.jose.errors import BadSignatureError
from conftest import PASSWORD, TYP, URL
from guichet_verify import InvalidToken

ALGORITHM = os.environ.get("GUICHET_ALGORITHM", "EdDSA")


def unverified(token):
    return jwt.decode(token, options={"verify_signature": False})


def forged(token):
    """Another signature. One character in the middle is changed: the last one holds bits that mean nothing."""
    head, claims, signature = token.split(".")
    changed = "A" if signature[10] != "A" else "B"
    return ".".join([head, claims, signature[:10] + changed + signature[11:]])


# Wishes: 87, 134, 136.
def test_the_kit_knows_who_calls(person, verify):
    token = person.token()
    caller = verify().verify(token)
    assert (caller.user_id, caller.email, caller.name) == (person.id, person.email, "Jean Dupont")
    header = jwt.get_unverified_header(token)
    assert header["alg"] == ALGORITHM and header.get("typ", "") == TYP and header["kid"]
    assert verify(algorithms=[ALGORITHM]).verify(token) == caller


# Wishes: 87.
def test_a_new_sign_in_is_the_same_person(person, verify):
    person.sign_out()
    assert person.browser.get("/token").status_code == 401
    assert person.sign_in("another long secret").status_code == 401
    assert person.browser.get("/token").status_code == 401
    assert person.sign_in(PASSWORD).status_code == 200
    assert verify().verify(person.token()).user_id == person.id


# Wishes: 135.
def test_the_keys_are_published_with_names_and_nothing_private(person):
    person.token()
    answer = httpx.get(f"{URL}/api/auth/jwks")
    keys = answer.json()["keys"]
    assert keys and all(key["kid"] and not {"d", "p", "q", "k"} & set(key) for key in keys)
    assert "max-age" in answer.headers["cache-control"]


# Wishes: 87.
def test_pyjwt_alone_verifies_it(person):
    token = person.token()
    key = jwt.PyJWKClient(f"{URL}/api/auth/jwks").get_signing_key_from_jwt(token)

    def read(text, audience=URL):
        """With everything demanded that a back end must demand."""
        required = {"require": ["exp", "iat", "iss", "aud", "sub"]}
        return jwt.decode(text, key.key, algorithms=[ALGORITHM], issuer=URL, audience=audience, options=required)

    claims = read(token)
    assert claims["sub"] == person.id and claims == unverified(token)
    with pytest.raises(jwt.InvalidAudienceError):
        read(token, audience="https://other.example")
    with pytest.raises(jwt.InvalidSignatureError):
        read(forged(token))


# Wishes: 87.
def test_authlib_verifies_it(person):
    token = person.token()
    keys = JsonWebKey.import_key_set(httpx.get(f"{URL}/api/auth/jwks").json())
    expected = {"iss": {"essential": True, "value": URL}, "aud": {"essential": True, "value": URL}}
    claims = JsonWebToken([ALGORITHM]).decode(token, keys, claims_options=expected)
    claims.validate()
    assert claims["sub"] == person.id and dict(claims) == unverified(token)
    with pytest.raises(BadSignatureError):
        JsonWebToken([ALGORITHM]).decode(forged(token), keys, claims_options=expected)


def test_a_token_for_somebody_else_or_changed_is_refused(person, verify):
    token = person.token()
    header, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    other = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "somebody-else"}).encode()).rstrip(b"=").decode()
    for wrong in [f"{header}.{other}.{signature}", f"{header}.{payload}.", f"{header}.{payload}.{signature[::-1]}"]:
        with pytest.raises(InvalidToken):
            verify().verify(wrong)
    with pytest.raises(InvalidToken, match="typ"):
        verify(typ="another").verify(token)
    with pytest.raises(InvalidToken, match="algorithm"):
        verify(algorithms=[one for one in ("EdDSA", "ES256", "RS256") if one != ALGORITHM]).verify(token)
