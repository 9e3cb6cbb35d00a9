"""What has ended is refused within a second; and what happens while nobody tells."""

import gc
import json
import logging
import os
import threading
import time

import pytest
from moments import at_once, eventually

from guichet_verify import RevocationsUnavailable, RevokedToken
from guichet_verify.revocations import Revocations
from guichet_verify.testing import FakeIssuer


@pytest.fixture
def following(served):
    verifiers = []

    def make(**options):
        verifiers.append(served.verifier(**{"revocations": "follow", **options}))
        return verifiers[-1]

    yield make
    for verifier in verifiers:
        verifier.close()


def refused(verifier, token):
    try:
        verifier.verify(token)
    except RevokedToken:
        return True
    return False


def waits(served):
    """Whether a long poll is under way."""
    return any("wait=25" in asked for asked in served.asked)


def test_a_session_that_ends_is_refused_within_a_second(served, following):
    verifier = following()
    token, other = served.issuer.token(sid="s-1"), served.issuer.token(sid="s-2")
    assert not refused(verifier, token)
    eventually("it waits", lambda: waits(served))
    began = time.monotonic()
    served.end_session("s-1")
    eventually("it is refused", lambda token=token: refused(verifier, token))
    assert time.monotonic() - began < 1
    assert not refused(verifier, other)


def test_one_session_after_the_other(served, following):
    verifier = following()
    for number in range(5):
        token = served.issuer.token(sid=f"s-{number}")
        assert not refused(verifier, token)
        began = time.monotonic()
        served.end_session(f"s-{number}")
        eventually("it is refused", lambda token=token: refused(verifier, token))
        assert time.monotonic() - began < 1


def test_a_user_who_is_out_is_refused_until_a_newer_token(served, following):
    verifier = following()
    now = int(time.time())
    old, new = served.issuer.token("user-1", iat=now - 5), served.issuer.token("user-1", iat=now, sid="later")
    without = served.issuer.token("user-1", iat=None)
    other = served.issuer.token("user-2", iat=now - 5)
    assert not refused(verifier, old)
    served.end_user("user-1", not_before=now)
    eventually("it is refused", lambda: refused(verifier, old))
    assert refused(verifier, without), "who does not say when counts as old"
    assert not refused(verifier, new) and not refused(verifier, other)


def test_what_ended_before_the_start_is_known_at_the_first_token(served, following):
    served.end_session("s-1")
    assert refused(following(), served.issuer.token(sid="s-1"))


def test_a_cursor_that_is_not_known_any_more_begins_anew_and_forgets_nothing(served, following):
    verifier = following()
    first, second = served.issuer.token(sid="s-1"), served.issuer.token(sid="s-2")
    served.end_session("s-1")
    assert refused(verifier, first)
    served.end_session("s-0")
    eventually("it is at the second entry", lambda: verifier._feed._cursor == "2")
    served.forget()
    served.end_session("s-2")
    eventually("it is refused", lambda: refused(verifier, second))
    assert refused(verifier, first)


def test_a_long_answer_in_parts_is_read_whole_before_the_first_token_passes(served, following):
    for number in range(7):
        served.end_session(f"s-{number}")
    served.part = 2
    verifier = following(revocations="require")
    assert refused(verifier, served.issuer.token(sid="s-6"))
    assert not refused(verifier, served.issuer.token(sid="s-7"))


def test_many_threads_follow_one_feed(served, following):
    verifier = following()
    token = served.issuer.token()
    at_once(16, lambda: verifier.verify(token))
    eventually("it waits", lambda: waits(served))
    assert served.count("/api/auth/revocations") == 2, "everything, then what is newer"


def test_a_feed_that_is_down_lets_tokens_pass_and_says_so_once(served, following, caplog):
    served.feed_down = True
    with caplog.at_level(logging.INFO, "guichet_verify.feed"):
        verifier = following()
        token = served.issuer.token(sid="s-1")
        assert not refused(verifier, token)
        eventually("it tries on", lambda: served.count("/api/auth/revocations") >= 4)
        assert len([record for record in caplog.records if record.levelname == "WARNING"]) == 1
        served.end_session("s-1")
        served.feed_down = False
        eventually("it is back", lambda: refused(verifier, token))
        eventually("it says so", lambda: any("is back" in record.message for record in caplog.records))


def test_whoever_demands_the_feed_gets_nobody_in_without_it(served, following):
    served.feed_down = True
    verifier = following(revocations="require")
    token = served.issuer.token()
    with pytest.raises(RevocationsUnavailable) as error:
        verifier.verify(token)
    assert error.value.status == 503
    served.feed_down = False

    def passes():
        try:
            return verifier.verify(token)
        except RevocationsUnavailable:
            return None

    eventually("it is back", passes)


def test_a_demanded_feed_may_be_silent_for_a_while(served, following):
    verifier = following(revocations="require", feed_wait=0, feed_silence=1.5)
    token = served.issuer.token()
    verifier.verify(token)
    served.feed_down = True
    verifier.verify(token)

    def out():
        try:
            verifier.verify(token)
        except RevocationsUnavailable:
            return True
        return False

    eventually("its silence is too long", out)


def test_off_follows_nothing(served):
    served.end_session("s-1")
    verifier = served.verifier(revocations="off")
    assert verifier.verify(served.issuer.token(sid="s-1"))
    assert served.count("/api/auth/revocations") == 0


# Nobody but the issuer ends sessions, and an old answer is no news.
@pytest.mark.parametrize(
    "forge",
    [
        lambda good, claims: FakeIssuer().sign(claims, typ="revocations+jwt"),
        lambda good, claims: good.sign(claims, typ="at+jwt"),
        lambda good, claims: good.sign(claims, typ=None),
        lambda good, claims: good.sign({**claims, "iss": "https://evil.test"}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "iat": claims["iat"] - 3600}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "iat": str(claims["iat"])}, typ="revocations+jwt"),
        lambda good, claims: good.sign({k: v for k, v in claims.items() if k != "iat"}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "cursor": 7}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "sessions": [{"sid": 1, "exp": 1}]}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "sessions": [{"sid": "s-1"}]}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "users": {}}, typ="revocations+jwt"),
        lambda good, claims: good.sign({**claims, "users": [{"sub": "user-1", "exp": 1}]}, typ="revocations+jwt"),
        lambda good, claims: json.dumps(claims),
        lambda good, claims: "é",
    ],
)
def test_an_answer_that_is_not_the_issuers_ends_nothing(served, following, forge):
    served.end_session("s-1")
    served.sign_feed = lambda claims: forge(served.issuer, claims)
    verifier = following()
    token = served.issuer.token(sid="s-1")
    assert not refused(verifier, token)
    assert verifier._feed.silence() == float("inf"), "it does not count as heard"
    served.sign_feed = None
    eventually("the right one does", lambda: refused(verifier, token))


def test_a_server_that_does_not_wait_is_not_pestered(served, following):
    verifier = following(feed_wait=0)
    verifier.verify(served.issuer.token())
    time.sleep(1.2)
    assert served.count("/api/auth/revocations") <= 4


def test_closing_ends_the_thread(served, following):
    verifier = following(feed_wait=0)
    verifier.verify(served.issuer.token())
    thread = verifier._feed._thread
    verifier.close()
    thread.join(5)
    assert not thread.is_alive()


def test_a_verifier_that_is_forgotten_takes_its_thread_along(served):
    verifier = served.verifier(revocations="follow", feed_wait=0)
    verifier.verify(served.issuer.token())
    thread = verifier._feed._thread
    del verifier
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


def test_a_forked_server_follows_for_itself(served, following):
    verifier = following()
    token = served.issuer.token(sid="s-1")
    verifier.verify(token)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        # Nothing of pytest's may run in the child.
        code = 1
        try:
            verifier.verify(token)
            alive = verifier._feed._thread.is_alive()
            os.write(tell, b"ready")
            ends = time.monotonic() + 10
            while time.monotonic() < ends and not refused(verifier, token):
                time.sleep(0.01)
            code = 0 if alive and refused(verifier, token) else 2
        finally:
            os._exit(code)
    assert os.read(told, 5) == b"ready"
    served.end_session("s-1")
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def test_what_can_concern_no_token_is_forgotten():
    revocations = Revocations()
    revocations.end_session("s-1", 100)
    revocations.end_session("s-1", 50)
    revocations.end_session("s-2", 200)
    revocations.end_user("u-1", 10, 100)
    revocations.end_user("u-1", 5, 300)
    revocations.forget(99)
    assert len(revocations) == 3
    revocations.forget(100)
    assert len(revocations) == 2 and revocations.concerns({"sub": "u-1", "iat": 9})
    assert not revocations.concerns({"sub": "u-1", "iat": 10}) and not revocations.concerns({"sub": "x", "sid": "s-1"})
    revocations.forget(300)
    assert len(revocations) == 0


def test_an_answer_is_taken_over_whole_or_not_at_all():
    revocations = Revocations()
    with pytest.raises(Exception, match="not_before"):
        revocations.apply({"sessions": [{"sid": "s-1", "exp": 9}], "users": [{"sub": "u", "exp": 9}]})
    assert len(revocations) == 0


def test_many_threads_read_while_one_writes():
    revocations = Revocations()
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            revocations.end_session(f"s-{number}", number)
            revocations.forget(number - 50)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    results = at_once(8, lambda: [revocations.concerns({"sub": "u", "sid": "none"}) for _ in range(2000)])
    stop.set()
    writer.join()
    assert results == [[False] * 2000] * 8
