"""Tokens that nobody may come in with."""

import base64
import hashlib
import hmac
import json
import random

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from guichet_verify import InvalidToken
from guichet_verify.testing import FakeIssuer

GONE = object()


def encoded(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(header, claims, signature=""):
    return f"{encoded(header)}.{encoded(claims)}.{signature}"


def claims_of(issuer, **changed):
    now = int(issuer.clock())
    claims = {"iss": issuer.issuer, "aud": issuer.audience, "sub": "1", "iat": now, "exp": now + 60, **changed}
    return {name: value for name, value in claims.items() if value is not GONE}


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, 0, [], {}])
def test_none_is_no_algorithm(issuer, alg):
    verifier = issuer.verifier()
    header = {"alg": alg, "kid": issuer.kid, "typ": "at+jwt"}
    for signature in ["", "AA", encoded(b"\0" * 64)]:
        with pytest.raises(InvalidToken):
            verifier.verify(unsigned(header, claims_of(issuer), signature))
    with pytest.raises(InvalidToken):
        verifier.verify(unsigned({"kid": issuer.kid, "typ": "at+jwt"}, claims_of(issuer), "AA"))


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
def test_a_public_key_is_no_shared_secret(clock, alg, algorithm):
    issuer = FakeIssuer(algorithm=algorithm, clock=clock)
    verifier = issuer.verifier()
    public = issuer.private_key().public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    secrets = [pem, pem.strip(), json.dumps(issuer.jwks()["keys"][0]).encode(), b""]
    signed = f"{encoded({'alg': alg, 'kid': issuer.kid, 'typ': 'at+jwt'})}.{encoded(claims_of(issuer))}"
    for secret in secrets:
        signature = hmac.new(secret, signed.encode(), getattr(hashlib, f"sha{alg[2:]}")).digest()
        with pytest.raises(InvalidToken, match="algorithm"):
            verifier.verify(f"{signed}.{encoded(signature)}")


@pytest.mark.parametrize("alg", ["PS256", "RS384", "RS512", "ES384", "ES256K"])
def test_a_key_serves_one_algorithm_alone(clock, alg):
    issuer = FakeIssuer(algorithm="RS256" if alg[0] in "PR" else "ES256", clock=clock)
    verifier = issuer.verifier()
    try:
        token = jwt.PyJWS().encode(
            json.dumps(claims_of(issuer)).encode(),
            issuer.private_key(),
            algorithm=alg,
            headers={"kid": issuer.kid, "typ": "at+jwt"},
        )
    except jwt.exceptions.InvalidKeyError:  # Newer versions sign nothing with the key of another curve.
        token = unsigned({"alg": alg, "kid": issuer.kid, "typ": "at+jwt"}, claims_of(issuer), encoded(b"\1" * 64))
    with pytest.raises(InvalidToken, match="algorithm"):
        verifier.verify(token)


def test_an_es256_token_under_the_kid_of_an_eddsa_key(issuer):
    verifier = issuer.verifier()
    first = issuer.kid
    second = issuer.rotate("ES256")
    issuer.rotate("RS256")
    third = issuer.kid
    for signer, claimed in [(second, first), (first, second), (third, first), (third, second)]:
        token = issuer.sign(claims_of(issuer), kid=signer)
        header = {**jwt.get_unverified_header(token), "kid": claimed}
        with pytest.raises(InvalidToken, match="another algorithm"):
            verifier.verify(".".join([encoded(header), *token.split(".")[1:]]))


def test_a_key_of_somebody_else(issuer, clock):
    verifier = issuer.verifier()
    other = FakeIssuer(clock=clock)
    with pytest.raises(InvalidToken, match="signature"):
        verifier.verify(other.token())
    other.rotate()
    with pytest.raises(InvalidToken, match="kid"):
        verifier.verify(other.token())


@pytest.mark.parametrize("kid", [None, "", 1, ["key-1"], {"a": 1}, "../key-1", "key-1\0", "KEY-1", "key-1' OR 1=1"])
def test_a_kid_is_demanded_and_must_be_the_name_of_a_key(issuer, kid):
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": kid}
    signed = f"{encoded({k: v for k, v in header.items() if v is not None})}.{encoded(claims_of(issuer))}"
    signature = issuer.private_key().sign(signed.encode())
    with pytest.raises(InvalidToken, match="kid"):
        issuer.verifier().verify(f"{signed}.{encoded(signature)}")


def test_keys_and_addresses_in_a_header_are_never_looked_at(served):
    evil = FakeIssuer(served.base, served.issuer.audience)
    key = evil.jwks()["keys"][0]
    verifier = served.verifier(unknown_kid_every=0)
    for kid in [served.issuer.kid, "evil"]:
        for extra in [
            {"jku": f"{served.base}/evil"},
            {"x5u": f"{served.base}/evil"},
            {"jwk": {**key, "kid": kid}},
            {"x5c": ["MIIB"]},
        ]:
            headers = {"kid": kid, "typ": "at+jwt", **extra}
            claims = json.dumps(claims_of(evil)).encode()
            token = jwt.PyJWS().encode(claims, evil.private_key(), algorithm="EdDSA", headers=headers)
            with pytest.raises(InvalidToken):
                verifier.verify(token)
    assert served.count("/evil") == 0 and served.count("/api/auth/jwks") > 0
    assert verifier.verify(served.issuer.token()).user_id == "user-1"


@pytest.mark.parametrize("extra", [{"crit": ["exp"]}, {"crit": ["b64"], "b64": False}, {"b64": False}, {"crit": []}])
def test_extensions_that_must_be_understood_are_refused(issuer, extra):
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": issuer.kid, **extra}
    signed = f"{encoded(header)}.{encoded(claims_of(issuer))}"
    signature = issuer.private_key().sign(signed.encode())
    with pytest.raises(InvalidToken, match="critical"):
        issuer.verifier().verify(f"{signed}.{encoded(signature)}")


@pytest.mark.parametrize("typ", ["JWT", "", None, "revocations+jwt", "id_token+jwt", "dpop+jwt", 7, "at+jwt "])
def test_documents_of_another_type(issuer, typ):
    header = {"alg": "EdDSA", "kid": issuer.kid, "typ": typ}
    signed = f"{encoded(header)}.{encoded(claims_of(issuer))}"
    with pytest.raises(InvalidToken, match="typ"):
        issuer.verifier().verify(f"{signed}.{encoded(issuer.private_key().sign(signed.encode()))}")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("iss", [GONE, None, "", "https://login.test/", "https://evil.test", 1, ["https://login.test"]]),
        ("aud", [GONE, None, "", "https://api.test/", "https://evil.test", 1, [], {}, ["https://evil.test"]]),
        ("aud", [["https://api.test", 1], {"https://api.test": 1}, True]),
        ("sub", [GONE, None, "", 1, True, [], {}]),
        ("exp", [GONE, None, "9999999999", "", True, [9999999999], {}, "never"]),
        ("iat", ["1", None, True, [], 9999999999]),
        ("nbf", ["1", None, True, 9999999999]),
        ("sid", [1, [], True]),
    ],
)
def test_claims_that_are_missing_foreign_or_of_another_kind(issuer, name, values):
    verifier = issuer.verifier()
    assert verifier.verify(issuer.sign(claims_of(issuer)))
    for value in values:
        with pytest.raises(InvalidToken):
            verifier.verify(issuer.sign(claims_of(issuer, **{name: value})))


@pytest.mark.parametrize(
    "exp",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        pytest.param("1" + "0" * 400, id="big"),
        pytest.param("-1" + "0" * 400, id="small"),
    ],
)
def test_times_that_are_no_times(issuer, exp):
    payload = json.dumps(claims_of(issuer, exp="HERE")).replace('"HERE"', exp).encode()
    token = jwt.PyJWS().encode(
        payload, issuer.private_key(), algorithm="EdDSA", headers={"kid": issuer.kid, "typ": "at+jwt"}
    )
    with pytest.raises(InvalidToken):
        issuer.verifier().verify(token)


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"null", b'"text"', b"1", b"{", b"\xff\xfe\x00", pytest.param(b"[" * 6000, id="deep")]
)
def test_signed_documents_that_hold_no_claims(issuer, payload):
    signed = f"{encoded({'alg': 'EdDSA', 'kid': issuer.kid, 'typ': 'at+jwt'})}.{encoded(payload)}"
    with pytest.raises(InvalidToken):
        issuer.verifier().verify(f"{signed}.{encoded(issuer.private_key().sign(signed.encode()))}")


def test_a_huge_token_is_refused_unread(issuer):
    verifier = issuer.verifier()
    assert verifier.verify(issuer.token(filler="x" * 8000))
    with pytest.raises(InvalidToken, match="too long"):
        verifier.verify(issuer.token(filler="x" * 20000))
    with pytest.raises(InvalidToken, match="too long"):
        verifier.verify("a" * 10_000_000)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "null", "\0.\0.\0", "eyJhbGciOiJub25lIn0.e30."]
    + [f"{encoded(header)}.e30.AA" for header in ([], None, "x", 1, b"\xff\xff", b"{")]
    + [pytest.param(f"{encoded(b'[' * 9000)}.e30.AA", id="deep")],
)
def test_garbage(issuer, token):
    with pytest.raises(InvalidToken):
        issuer.verifier().verify(token)


def test_no_token_has_a_second_spelling(issuer):
    verifier = issuer.verifier()
    token = issuer.token()
    assert verifier.verify(token)
    header, claims, signature = token.split(".")
    for other in [
        token + "\n",
        " " + token,
        token + "=",
        f"{header}.{claims}.{signature[:10]}!{signature[10:]}",
        f"{header}.{claims[:10]}\n{claims[10:]}.{signature}",
        f"{header}.{claims}.{signature}.",
        token.replace(".", "..", 1),
    ]:
        with pytest.raises(InvalidToken):
            verifier.verify(other)


def test_a_change_of_any_letter_is_seen(issuer):
    verifier = issuer.verifier()
    token = issuer.token(role="UTILISATEUR")
    verifier.verify(token)
    chance = random.Random(7)
    # The last letter of the signature holds bits that are not part of it.
    for place in chance.sample(range(len(token) - 1), 120):
        letter = chance.choice([one for one in "ABCDEFGHabcdefgh01234567-_" if one != token[place]])
        with pytest.raises(InvalidToken):
            verifier.verify(token[:place] + letter + token[place + 1 :])


def test_random_bytes_never_raise_anything_else(issuer):
    verifier = issuer.verifier()
    chance = random.Random(11)
    for _ in range(500):
        parts = [encoded(chance.randbytes(chance.randrange(1, 60))) for _ in range(3)]
        with pytest.raises(InvalidToken):
            verifier.verify(".".join(parts))
