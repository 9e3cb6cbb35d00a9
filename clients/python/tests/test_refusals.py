"""What FastAPI and Flask answer to whom, word for word."""

import asyncio
import threading

import pytest
from applications import fast, flasked

from guichet_verify import RateLimiter, RefusalCounter
from guichet_verify.messages import language_of
from guichet_verify.testing import FakeIssuer

FRENCH, ENGLISH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.8"}, {"Accept-Language": "en-GB"}


@pytest.fixture(params=[fast, flasked])
def make(request):
    return request.param


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def check(answer, status, code, message):
    got, body, headers = answer
    assert (got, body) == (status, {"code": code, "message": message, "detail": message})
    assert headers["Cache-Control"] == "no-store" and "Accept-Language" in headers["Vary"]
    return headers


# Wishes: 138.
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "Basic YTpi"},
    ],
)
def test_a_missing_token_is_told_in_words_that_people_understand(make, issuer, headers):
    client = make(issuer.verifier())
    for language in [{}, FRENCH, {"Accept-Language": "de, fr"}]:
        answer = client.get("/me", {**headers, **language})
        told = check(answer, 401, "MISSING_TOKEN", "Token d'authentification manquant")
        assert told["WWW-Authenticate"] == "Bearer" and told["Content-Language"] == "fr"
    answer = client.get("/me", {**headers, **ENGLISH})
    assert check(answer, 401, "MISSING_TOKEN", "Missing authentication token")["Content-Language"] == "en"


# Wishes: 138.
def test_expired_invalid_and_revoked_tokens_are_told_apart(make, issuer, clock):
    client = make(issuer.verifier())
    old = issuer.token(expires_in=-60)
    told = check(client.get("/me", bearer(old)), 401, "TOKEN_EXPIRED", "Token d'authentification expiré")
    assert told["WWW-Authenticate"] == 'Bearer error="invalid_token", error_description="Expired authentication token"'
    check(client.get("/me", {**bearer(old), **ENGLISH}), 401, "TOKEN_EXPIRED", "Expired authentication token")
    for wrong in ["nonsense", "a b", FakeIssuer(clock=clock).token(), issuer.token(aud="https://other.test")]:
        answer = client.get("/me", bearer(wrong))
        told = check(answer, 401, "INVALID_TOKEN", "Token d'authentification invalide")
        assert told["WWW-Authenticate"].startswith('Bearer error="invalid_token"')
    check(client.get("/me", {**bearer("x"), **ENGLISH}), 401, "INVALID_TOKEN", "Invalid authentication token")
    token = issuer.token(sid="s-1")
    assert client.get("/me", bearer(token))[:2] == (200, {"id": "user-1"})
    issuer.end_session("s-1")
    check(client.get("/me", bearer(token)), 401, "TOKEN_REVOKED", "Token d'authentification révoqué")
    check(client.get("/me", {**bearer(token), **ENGLISH}), 401, "TOKEN_REVOKED", "Revoked authentication token")
    issuer.end_user("user-2")
    check(client.get("/me", bearer(issuer.token("user-2"))), 401, "TOKEN_REVOKED", "Token d'authentification révoqué")


def test_the_scheme_is_read_in_any_case_and_the_token_from_nowhere_else(make, issuer):
    client = make(issuer.verifier())
    token = issuer.token()
    assert client.get("/me", {"Authorization": f"bearer {token}"})[0] == 200
    assert client.get("/me", {"Authorization": f"BEARER   {token}"})[0] == 200
    assert client.get(f"/me?access_token={token}")[0] == 401
    assert client.get("/me", {"Cookie": f"access_token={token}"})[0] == 401


def test_two_tokens_are_none(issuer):
    client = fast(issuer.verifier()).client
    token = issuer.token()
    answer = client.get("/me", headers=[("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")])
    assert answer.status_code == 401 and answer.json()["code"] == "INVALID_TOKEN"


def test_without_keys_the_service_is_unavailable(make, served):
    served.keys_answer = (500, {}, b"")
    answer = make(served.verifier()).get("/me", bearer(served.issuer.token()))
    told = check(answer, 503, "KEYS_UNAVAILABLE", "Service d'authentification indisponible")
    assert told["Retry-After"] == "5" and "WWW-Authenticate" not in told


# Wishes: 137.
def test_roles_and_permissions_are_demanded_by_the_claims(make, issuer):
    client = make(issuer.verifier())
    plain = bearer(issuer.token(role="UTILISATEUR"))
    told = check(client.get("/admin", plain), 403, "MISSING_ROLE", "Vous n'avez pas le rôle nécessaire")
    assert 'error="insufficient_scope"' in told["WWW-Authenticate"]
    check(client.get("/admin", {**plain, **ENGLISH}), 403, "MISSING_ROLE", "You do not have the necessary role")
    assert client.get("/admin", bearer(issuer.token(role=None)))[0] == 403
    assert client.get("/admin", bearer(issuer.token(org_role="ADMIN")))[0] == 403
    assert client.get("/admin", bearer(issuer.token(role="UTILISATEUR,ADMIN")))[0] == 200
    check(client.get("/admin"), 401, "MISSING_TOKEN", "Token d'authentification manquant")
    answer = client.get("/images", plain)
    check(answer, 403, "MISSING_PERMISSION", "Vous n'avez pas la permission nécessaire")
    assert client.get("/images", bearer(issuer.token(permissions=["images.read"])))[0] == 200


# Wishes: 147.
def test_a_limit_by_organization_follows_the_claims(make, issuer):
    client = make(issuer.verifier(), limiter=RateLimiter(2, 60, by="organization"))
    for user in ["user-1", "user-2"]:
        assert client.get("/me", bearer(issuer.token(user, org_id="org-1")))[0] == 200
    answer = client.get("/me", bearer(issuer.token("user-3", org_id="org-1")))
    told = check(answer, 429, "TOO_MANY_REQUESTS", "Trop de demandes. Réessayez plus tard.")
    assert 1 <= int(told["Retry-After"]) <= 30
    assert client.get("/me", bearer(issuer.token("user-3", org_id="org-2")))[0] == 200
    assert client.get("/me", bearer(issuer.token("org-1", org_id=None)))[0] == 200, "a user of that name is another"


# Wishes: 145.
def test_refusals_are_counted_by_their_code(make, issuer):
    counter = RefusalCounter()
    client = make(issuer.verifier(on_refusal=counter))
    client.get("/me")
    client.get("/me", bearer("nonsense"))
    client.get("/me", bearer("nonsense"))
    client.get("/me", bearer(issuer.token(expires_in=-60)))
    client.get("/admin", bearer(issuer.token()))
    client.post("/json", b'{"user_id":"x"}', "application/json", bearer(issuer.token()))
    client.get("/me", bearer(issuer.token()))
    expected = {"MISSING_TOKEN": 1, "INVALID_TOKEN": 2, "TOKEN_EXPIRED": 1, "MISSING_ROLE": 1, "IDENTITY_MISMATCH": 1}
    assert counter.counts() == expected
    assert 'auth_refusals_total{code="INVALID_TOKEN"} 2\n' in counter.prometheus()


# Wishes: 95.
@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("EN-us", "en"),
        ("de", "fr"),
        ("de, en;q=0.5", "en"),
        ("en;q=0.5, fr;q=0.6", "fr"),
        ("fr;q=0, en;q=0.1", "en"),
        ("en;q=0", "fr"),
        ("en;q=nonsense", "fr"),
        ("en;q=nan", "fr"),
        ("en;q=99", "fr"),
        ("*", "fr"),
        (",;,;q=", "fr"),
    ],
)
def test_the_language_is_the_one_asked_for(header, language):
    assert language_of(header) == language


def test_another_language_by_default(make, issuer):
    client = make(issuer.verifier(), language="en")
    assert client.get("/me")[1]["message"] == "Missing authentication token"
    assert client.get("/me", FRENCH)[1]["message"] == "Token d'authentification manquant"


def test_without_install_fastapi_answers_with_the_same_words(issuer):
    from fastapi import Depends, FastAPI
    from fastapi.testclient import TestClient

    import guichet_verify.fastapi

    app = FastAPI()
    app.get("/me", dependencies=[Depends(guichet_verify.fastapi.Dependency(issuer.verifier()))])(lambda: {})
    answer = TestClient(app).get("/me")
    assert (answer.status_code, answer.json()) == (401, {"detail": "Token d'authentification manquant"})
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_document_of_a_fastapi_application_says_bearer(issuer):
    document = fast(issuer.verifier()).client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["guichet"] == {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
    }
    assert document["paths"]["/me"]["get"]["security"] == [{"guichet": []}]


def test_an_asynchronous_application_goes_on_while_keys_are_read(served):
    """The event loop is not held up: a tick comes through while a request waits for the keys."""
    from starlette.requests import Request

    import guichet_verify.fastapi

    served.delay = 0.6
    current_caller = guichet_verify.fastapi.Dependency(served.verifier())
    token = served.issuer.token()
    scope = {"type": "http", "method": "GET", "headers": [(b"authorization", f"Bearer {token}".encode())]}

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def both():
        asked = asyncio.ensure_future(current_caller(Request(scope, receive)))
        ticks = 0
        while not asked.done():
            await asyncio.sleep(0.02)
            ticks += 1
        return (await asked).user_id, ticks

    user_id, ticks = asyncio.run(both())
    assert user_id == "user-1" and ticks >= 10


def test_asynchronous_views_of_flask_are_guarded_too(issuer):
    import flask

    import guichet_verify.flask

    app = flask.Flask(__name__)

    @app.get("/me")
    @guichet_verify.flask.RequiresCaller(issuer.verifier())
    async def me():
        return {"id": guichet_verify.flask.current_caller.user_id}

    client = app.test_client()
    assert client.get("/me").status_code == 401
    assert client.get("/me", headers=bearer(issuer.token())).json == {"id": "user-1"}


def test_callers_of_parallel_requests_are_not_mixed_up(make, issuer):
    client = make(issuer.verifier())
    wrong = []

    def call(user):
        for _ in range(10):
            if client.get("/me", bearer(issuer.token(user)))[1] != {"id": user}:
                wrong.append(user)

    threads = [threading.Thread(target=call, args=(f"user-{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
