"""When keys are read, how often, and what holds while they cannot be."""

import json
import time

import pytest
from moments import Clock, at_once

from guichet_verify import InvalidToken, KeysUnavailable
from guichet_verify.fetch import Answer, FetchFailed, max_age
from guichet_verify.jwk import read_set
from guichet_verify.keys import KeyStore
from guichet_verify.testing import FakeIssuer


class Source:
    """Answers as an issuer would, and counts."""

    def __init__(self):
        self.issuer = FakeIssuer()
        self.asked = 0
        self.down = False
        self.max_age = 300
        self.body = None
        self.clock = Clock(1000.0)
        self.keys = KeyStore(self.fetch, unknown_kid_every=5, stale_for=3600, monotonic=self.clock)

    def fetch(self):
        self.asked += 1
        if self.down:
            raise FetchFailed("down")
        return Answer(self.body or json.dumps(self.issuer.jwks()).encode(), self.max_age)


@pytest.fixture
def source():
    return Source()


def test_keys_are_read_once_and_again_when_they_are_old(source):
    for _ in range(10):
        assert source.keys.key("key-1").algorithm == "EdDSA"
    source.clock.advance(299)
    source.keys.key("key-1")
    assert source.asked == 1
    source.clock.advance(1)
    source.keys.key("key-1")
    assert source.asked == 2


@pytest.mark.parametrize(("told", "kept"), [(None, 300), (0, 30), (5, 30), (120, 120), (86400, 3600)])
def test_the_issuer_says_how_long_within_bounds(source, told, kept):
    source.max_age = told
    source.keys.key("key-1")
    source.clock.advance(kept - 1)
    source.keys.key("key-1")
    assert source.asked == 1
    source.clock.advance(1)
    source.keys.key("key-1")
    assert source.asked == 2


# Wishes: 135.
def test_a_new_key_is_found_by_its_kid(source):
    source.keys.key("key-1")
    source.clock.advance(5)
    new = source.issuer.rotate("RS256")
    assert source.keys.key(new).algorithm == "RS256" and source.asked == 2
    assert source.keys.key("key-1") is not None, "the old one is published still"


def test_a_flood_of_unknown_kids_is_no_flood_of_requests(source):
    source.keys.key("key-1")
    for number in range(1000):
        assert source.keys.key(f"unknown-{number}") is None
        source.clock.advance(0.01)
    assert source.asked <= 1 + 2


def test_a_withdrawn_key_is_gone_with_the_next_reading(source):
    source.issuer.rotate()
    assert source.keys.key("key-1") is not None
    source.issuer.withdraw("key-1")
    source.clock.advance(300)
    assert source.keys.key("key-1") is None


def test_old_keys_hold_while_the_issuer_is_down_but_not_for_ever(source):
    source.keys.key("key-1")
    source.down = True
    source.clock.advance(301)
    for _ in range(100):
        assert source.keys.key("key-1") is not None
    assert source.asked == 2, "one try, then a pause"
    assert source.keys.key("unknown") is None
    source.clock.advance(3600)
    with pytest.raises(KeysUnavailable):
        source.keys.key("key-1")
    source.down = False
    source.clock.advance(60)
    assert source.keys.key("key-1") is not None


def test_without_keys_ever_nobody_is_verified_and_the_pauses_grow(source):
    source.down = True
    for _ in range(600):
        with pytest.raises(KeysUnavailable) as refused:
            source.keys.key("key-1")
        source.clock.advance(0.1)
    assert refused.value.status == 503 and refused.value.headers("fr")["Retry-After"] == "5"
    assert 3 <= source.asked <= 10, source.asked
    source.down = False
    source.clock.advance(30)
    assert source.keys.key("key-1") is not None


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"{}", b'{"keys":{}}', pytest.param(b"[" * 100000, id="deep"), b"\xff"]
)
def test_an_answer_that_is_no_set_of_keys_replaces_none(source, body):
    source.keys.key("key-1")
    source.body = body
    source.clock.advance(301)
    assert source.keys.key("key-1") is not None and source.asked == 2


def test_unusable_keys_are_left_out():
    good = FakeIssuer().jwks()["keys"][0]
    rsa = FakeIssuer(algorithm="RS256").jwks()["keys"][0]
    left_out = [
        None,
        "key",
        {},
        {**good, "kid": None},
        {**good, "kid": 7},
        {**good, "kid": ""},
        {**good, "alg": "HS256"},
        {**good, "kty": "oct", "k": "AAAA"},
        {**good, "crv": "Ed448"},
        {**good, "crv": ["Ed25519"]},
        {**good, "x": "!"},
        {**good, "x": "AA"},
        {**good, "use": "enc"},
        {**good, "key_ops": ["sign"]},
        {**good, "d": good["x"]},
        {**rsa, "alg": "PS256"},
        {**rsa, "n": "AQAB"},
        {name: value for name, value in rsa.items() if name != "e"},
        {"kty": "EC", "crv": "P-256", "x": good["x"], "y": good["x"], "kid": "off the curve"},
    ]
    for one in left_out:
        assert read_set(json.dumps({"keys": [one]}).encode()) == {}, one
    assert list(read_set(json.dumps({"keys": [*left_out, {**good, "alg": None}, rsa]}).encode())) == ["key-1"]


def test_of_two_keys_with_one_name_the_first_holds():
    first, second = FakeIssuer().jwks()["keys"][0], FakeIssuer(algorithm="ES256").jwks()["keys"][0]
    assert read_set(json.dumps({"keys": [first, second]}).encode())["key-1"].algorithm == "EdDSA"


def test_cache_control_is_read_as_it_is_written():
    assert max_age(None) is None and max_age("public") is None and max_age("max-age=x") is None
    assert max_age("public, Max-Age=120, must-revalidate") == 120 and max_age('max-age="60"') == 60
    assert max_age("no-store, max-age=300") == 0 and max_age("max-age=300, no-cache") == 0
    assert max_age("max-age=-1") is None and max_age("s-maxage=9") is None


def test_thirty_two_threads_at_a_cold_cache_make_one_request(served):
    served.delay = 0.2
    verifier = served.verifier()
    token = served.issuer.token()
    callers = at_once(32, lambda: verifier.verify(token).user_id)
    assert callers == ["user-1"] * 32
    assert served.count("/api/auth/jwks") == 1


def test_thirty_two_threads_with_unknown_kids_make_one_request_more(served):
    verifier = served.verifier(unknown_kid_every=60)
    verifier.verify(served.issuer.token())
    verifier._keys._asked_at -= 61
    other = FakeIssuer(served.base, served.issuer.audience)
    other.kid = other.rotate()
    served.delay = 0.1
    results = at_once(32, lambda: verifier.verify(other.token()))
    assert all(isinstance(result, InvalidToken) for result in results), results
    assert served.count("/api/auth/jwks") == 2


def test_thirty_two_threads_and_no_issuer(served):
    served.keys_answer = (503, {}, b"down")
    served.delay = 0.1
    verifier = served.verifier()
    token = served.issuer.token()
    results = at_once(32, lambda: verifier.verify(token))
    assert all(isinstance(result, KeysUnavailable) for result in results), results
    assert served.count("/api/auth/jwks") == 1


def test_while_old_keys_are_renewed_nobody_waits(served):
    verifier = served.verifier()
    token = served.issuer.token()
    verifier.verify(token)
    verifier._keys._fresh_until = 0
    served.delay = 1.0

    def timed():
        began = time.monotonic()
        verifier.verify(token)
        return time.monotonic() - began

    took = sorted(at_once(8, timed))
    assert served.count("/api/auth/jwks") == 2
    assert took[-2] < 0.9 <= took[-1], took


@pytest.mark.parametrize(
    "answer",
    [
        (302, {"Location": "/elsewhere"}, b""),
        (404, {}, b"{}"),
        (500, {}, b""),
        (204, {}, b""),
        (200, {"Content-Length": "1000"}, b"short"),
        pytest.param((200, {}, b" " * 300_000), id="big"),
        (200, {"Content-Type": "text/html"}, b"<html>"),
    ],
)
def test_an_address_that_does_not_give_keys(served, answer):
    served.keys_answer = answer
    with pytest.raises(KeysUnavailable):
        served.verifier(timeout=1).verify(served.issuer.token())
    assert served.count("/elsewhere") == 0, "no redirect is followed"


def test_an_issuer_that_does_not_answer_in_time(served):
    served.delay = 5
    began = time.monotonic()
    with pytest.raises(KeysUnavailable):
        served.verifier(timeout=0.3).verify(served.issuer.token())
    assert time.monotonic() - began < 3


def test_nobody_listens(served):
    served.close()
    with pytest.raises(KeysUnavailable):
        served.verifier().verify(served.issuer.token())


# Wishes: 135.
def test_a_garbage_token_makes_no_request(served):
    verifier = served.verifier()
    for token in ["", "a.b.c", "x" * 100000, "eyJhbGciOiJub25lIn0.e30.AA"]:
        with pytest.raises(InvalidToken):
            verifier.verify(token)
    assert served.asked == []
    verifier.verify(served.issuer.token())
    assert served.asked == ["/api/auth/jwks"]
