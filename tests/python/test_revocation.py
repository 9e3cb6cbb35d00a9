"""What ends in the program is refused by the kit within a second, by the feed of revocations."""

import pytest
from conftest import PASSWORD, Person, eventually, within_a_second
from guichet_verify import RevokedToken


def test_a_sign_out_is_seen_within_a_second(person, other_person, refuses):
    other = other_person.token()

    def ends():
        token = person.token()
        assert not refuses(token) and not refuses(other)
        person.sign_out()
        _, seconds = eventually("it is refused", lambda: refuses(token), within=20)
        assert person.sign_in().status_code == 200
        return seconds

    within_a_second(ends)
    assert not refuses(other)
    assert not refuses(person.token()), "a new session is another one"


def test_one_session_of_several_ends(person, refuses):
    here, there = person.token(), Person.again(person)
    elsewhere = there.token()
    assert not refuses(here) and not refuses(elsewhere)
    there.sign_out()
    eventually("it is refused", lambda: refuses(elsewhere), within=20)
    assert not refuses(here)


def test_a_new_password_ends_the_other_sessions(person, refuses):
    elsewhere = Person.again(person).token()
    assert not refuses(elsewhere)
    change = {"currentPassword": PASSWORD, "newPassword": "another long secret", "revokeOtherSessions": True}
    answer = person.browser.post("/change-password", json=change)
    assert answer.status_code == 200, answer.text
    eventually("it is refused", lambda: refuses(elsewhere), within=20)


def test_who_starts_later_hears_of_it_too(person, verify):
    token = person.token()
    person.sign_out()
    with pytest.raises(RevokedToken):
        verify(revocations="require").verify(token)
    assert verify(revocations="off").verify(token), "without the feed it holds until it expires"


def test_the_examples_see_a_sign_out(images, person):
    def ends():
        headers = {"Authorization": f"Bearer {person.token()}"}
        assert images.get("/api/me", headers=headers).status_code == 200
        person.sign_out()

        def refused():
            answer = images.get("/api/me", headers=headers)
            return answer if answer.status_code == 401 else None

        answer, seconds = eventually("it is refused", refused, within=20)
        assert answer.json()["code"] == "TOKEN_REVOKED"
        assert answer.json()["message"] == "Token d'authentification révoqué"
        assert person.sign_in().status_code == 200
        return seconds

    within_a_second(ends)
