"""Tokens of `/auth/login`, as a back end of before gave them, are checked by the kit and the examples like any other."""

import secrets

import httpx
import pytest
from conftest import PASSWORD, URL, eventually, within_a_second


@pytest.fixture
def api():
    with httpx.Client(base_url=f"{URL}/auth", timeout=60) as client:
        yield client


@pytest.fixture
def registered(api):
    email = f"jean-{secrets.token_hex(6)}@example.com"
    answer = api.post("/register", json={"name": "Jean Dupont", "email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return answer.json()


# Wishes: 80, 87.
def test_a_service_checks_what_login_and_refresh_gave(api, registered, verify):
    user = registered["user"]
    wrong = api.post("/login", json={"identifier": user["email"], "password": "another long secret"})
    assert wrong.status_code == 401
    pair = api.post("/login", json={"identifier": user["email"], "password": PASSWORD}).json()
    assert pair["token_type"] == "bearer"
    caller = verify().verify(pair["access_token"])
    assert (caller.user_id, caller.email) == (user["id"], user["email"])
    lives = caller.claims["exp"] - caller.claims["iat"]
    assert lives == pair["expires_in"] and 300 <= lives <= 1800
    newer = api.post("/refresh", json={"refresh_token": pair["refresh_token"]}).json()
    assert verify().verify(newer["access_token"]).user_id == user["id"]
    assert api.get("/me", headers={"Authorization": f"Bearer {newer['access_token']}"}).json()["id"] == user["id"]


# Wishes: 83.
def test_a_service_hears_of_a_logout_within_a_second(api, registered, verify, refuses):
    assert verify().verify(registered["access_token"]).user_id == registered["user"]["id"]

    def ends():
        entry = {"identifier": registered["user"]["email"], "password": PASSWORD}
        pair = api.post("/login", json=entry).json()
        token = pair["access_token"]
        assert not refuses(token)
        assert api.post("/logout", json={"refresh_token": pair["refresh_token"]}).json() == {"success": True}
        _, seconds = eventually("it is refused", lambda: refuses(token), within=20)
        return seconds

    within_a_second(ends)


# Wishes: 87, 136.
def test_the_examples_know_who_it_is(images, registered):
    headers = {"Authorization": f"Bearer {registered['access_token']}"}
    answer = images.get("/api/me", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["user_id"] == registered["user"]["id"]
    refused = images.post("/api/images", json={"prompt": "a cat", "user_id": "another"}, headers=headers)
    assert refused.status_code == 403 and refused.json()["code"] == "IDENTITY_MISMATCH"
