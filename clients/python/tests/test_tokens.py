"""What a token must be, and who it says is calling."""

import pytest

from guichet_verify import Caller, ExpiredToken, InvalidToken, Verifier
from guichet_verify.testing import FakeIssuer

CLAIMS = {
    "email": "jean@example.com",
    "name": "Jean",
    "role": "UTILISATEUR",
    "clientId": "client-7",
    "org_id": "org-1",
    "org_role": "admin",
}


# Wishes: 87, 134.
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
def test_a_token_is_verified_with_the_public_key_alone(algorithm, clock):
    issuer = FakeIssuer(algorithm=algorithm, clock=clock)
    verifier = issuer.verifier()
    assert verifier.verify(issuer.token("user-1")).user_id == "user-1"
    other = FakeIssuer(algorithm=algorithm, clock=clock)
    with pytest.raises(InvalidToken, match="signature"):
        verifier.verify(other.token("user-1"))


# Wishes: 134.
def test_the_header_that_back_ends_know_is_taken_when_configured(clock):
    issuer = FakeIssuer(algorithm="RS256", clock=clock)
    claims = {"iss": issuer.issuer, "aud": issuer.audience, "sub": "1", "exp": clock() + 60}
    token = issuer.sign(claims, typ="JWT")
    verifier = issuer.verifier(typ="JWT", algorithms=["RS256"])
    assert verifier.verify(token).user_id == "1"
    with pytest.raises(InvalidToken, match="typ"):
        issuer.verifier().verify(token)
    with pytest.raises(InvalidToken, match="algorithm"):
        issuer.verifier(typ="JWT", algorithms=["EdDSA"]).verify(token)


# Wishes: 136, 137.
def test_the_claims_say_who_calls_for_whom_and_as_what(issuer):
    caller = issuer.verifier().verify(issuer.token("user-1", **CLAIMS, permissions=["images.write", "images.read"]))
    assert caller == Caller(
        user_id="user-1",
        organization_id="org-1",
        role="UTILISATEUR",
        client_id="client-7",
        email="jean@example.com",
        name="Jean",
        session_id="session-of-user-1",
        organization_role="admin",
    )
    assert caller.claims["clientId"] == "client-7"
    assert caller.has_role("UTILISATEUR") and caller.has_role("ADMIN", "UTILISATEUR")
    assert not caller.has_role("ADMIN") and not caller.has_role("admin") and not caller.has_role()
    assert caller.has_role("org:admin")
    assert caller.can("images.read", "images.write") and not caller.can("images.read", "images.delete")


# Wishes: 137.
def test_roles_and_permissions_of_other_forms(issuer):
    caller = issuer.verifier().verify(issuer.token(role="admin, editor", scope="a b", org_id=3, clientId=42))
    assert caller.roles == {"admin", "editor"} and caller.permissions == {"a", "b"}
    assert (caller.organization_id, caller.client_id) == ("3", "42")
    pretender = issuer.verifier().verify(issuer.token(role="org:admin", permissions="images.write"))
    assert not pretender.has_role("org:admin"), "that is a role in an organization, which they are not in"
    assert not pretender.can("images.write")
    nobody = issuer.verifier().verify(issuer.token(role=None, org_role=None))
    assert nobody.roles == nobody.permissions == frozenset() and nobody.role is None


def test_a_token_expires_to_the_second_give_or_take_the_leeway(issuer, clock):
    verifier = issuer.verifier(leeway=10)
    token = issuer.token(expires_in=60)
    clock.advance(69)
    verifier.verify(token)
    clock.advance(1)
    with pytest.raises(ExpiredToken):
        verifier.verify(token)


def test_several_audiences_on_either_side(issuer):
    verifier = issuer.verifier()
    assert verifier.verify(issuer.token(aud=["https://other.test", issuer.audience]))
    both = Verifier(
        issuer.issuer,
        ["https://a.test", "https://b.test"],
        keys=issuer.key_store(),
        clock=issuer.clock,
        revocations="off",
    )
    assert both.verify(issuer.token(aud="https://b.test"))
    with pytest.raises(InvalidToken, match="aud"):
        both.verify(issuer.token())


def test_a_type_may_be_written_in_full(issuer, clock):
    claims = {"iss": issuer.issuer, "aud": issuer.audience, "sub": "1", "exp": clock() + 60}
    assert issuer.verifier().verify(issuer.sign(claims, typ="application/AT+JWT"))


# Wishes: 87.
def test_tokens_of_better_auth_have_no_type(issuer, clock):
    claims = {"iss": issuer.issuer, "aud": issuer.audience, "sub": "1", "exp": clock() + 60}
    token = issuer.sign(claims, typ=None)
    assert issuer.verifier(typ="").verify(token)
    with pytest.raises(InvalidToken, match="typ"):
        issuer.verifier().verify(token)
    with pytest.raises(InvalidToken, match="typ"):
        issuer.verifier(typ="").verify(issuer.sign(claims, typ="revocations+jwt"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": ""},
        {"audience": []},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"algorithms": []},
        {"leeway": -1},
        {"leeway": 3600},
        {"revocations": "sometimes"},
        {"feed_wait": 60},
        {"feed_wait": 20, "feed_silence": 20},
        {"url": "file:///etc"},
        {"url": "login.example.fr"},
        {"keys_url": "https://user:password@login.example.fr/jwks"},
    ],
)
def test_a_verifier_refuses_settings_that_cannot_be_meant(wrong):
    with pytest.raises(ValueError):
        Verifier("https://login.test", **{"audience": "https://api.test", **wrong})
