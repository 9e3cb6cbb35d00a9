"""Limits by user and organization, and counters."""

import pytest
from moments import Clock, at_once

from guichet_verify import Caller, RateLimiter, TooManyRequests, UsageCounter, limiter_key


def caller(user, organization=None):
    return Caller.of({"sub": user, **({"org_id": organization} if organization else {})})


# Wishes: 147.
def test_the_key_is_the_users_or_the_organizations():
    assert limiter_key(caller("1", "2")) == "user:1"
    assert limiter_key(caller("1", "2"), by="organization") == "org:2"
    assert limiter_key(caller("1"), by="organization") == "user:1"
    with pytest.raises(ValueError):
        limiter_key(caller("1"), by="address")


# Wishes: 147.
def test_so_many_at_once_then_one_by_one():
    clock = Clock(0)
    limiter = RateLimiter(3, 60, monotonic=clock)
    for _ in range(3):
        limiter.check(caller("1"))
    with pytest.raises(TooManyRequests) as refused:
        limiter.check(caller("1"))
    assert refused.value.retry_after == 20
    limiter.check(caller("2"))
    clock.advance(19.9)
    with pytest.raises(TooManyRequests):
        limiter.check(caller("1"))
    clock.advance(0.1)
    limiter.check(caller("1"))
    with pytest.raises(TooManyRequests):
        limiter.check(caller("1"))
    clock.advance(3600)
    for _ in range(3):
        limiter.check(caller("1"))
    with pytest.raises(TooManyRequests):
        limiter.check(caller("1"))


def test_a_limit_holds_for_parallel_requests():
    limiter = RateLimiter(10, 3600)
    results = at_once(32, lambda: limiter.check(caller("1")))
    assert sum(result is None for result in results) == 10


def test_memory_has_an_end():
    clock = Clock(0)
    limiter = RateLimiter(1, 60, most=100, monotonic=clock)
    for number in range(1000):
        limiter.check(caller(str(number)))
    assert len(limiter._whole_at) == 100
    with pytest.raises(TooManyRequests):
        limiter.check(caller("999"))
    clock.advance(61)
    limiter.check(caller("a"))
    assert len(limiter._whole_at) == 1


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"window": 0}, {"by": "address"}])
def test_a_limiter_refuses_what_cannot_be_meant(wrong):
    with pytest.raises(ValueError):
        RateLimiter(**{"limit": 1, "window": 1, **wrong})


# Wishes: 146.
def test_use_is_counted_by_organization_and_user(issuer):
    usage = UsageCounter(most=2)
    verifier = issuer.verifier(on_caller=usage)
    for user, organization in [("1", "a"), ("1", "a"), ("1", "b")]:
        verifier.verify(issuer.token(user, org_id=organization))
    assert usage.counts() == {("a", "1"): 2, ("b", "1"): 1}
    verifier.verify(issuer.token("2"))
    assert usage.counts() == {("b", "1"): 1, (None, "2"): 1}


# Wishes: 145.
def test_a_counter_that_fails_changes_nothing(issuer, caplog):
    def fails(_):
        raise RuntimeError("the counter is broken")

    verifier = issuer.verifier(on_caller=fails, on_refusal=fails)
    assert verifier.verify(issuer.token()).user_id == "user-1"
    with pytest.raises(Exception, match="INVALID_TOKEN"):
        verifier.verify("nonsense")
    assert "the counter is broken" in caplog.text
