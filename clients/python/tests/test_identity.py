"""Bodies that name a user or an organization: it must be the token's."""

import json
from urllib.parse import urlencode

import pytest
from applications import fast, flasked

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.fixture(params=[fast, flasked])
def make(request):
    return request.param


@pytest.fixture
def post(make, issuer):
    client = make(issuer.verifier())

    def send(body, content_type=JSON, path="/raw", claims=None, language="fr"):
        claims = {"org_id": "org-1", **(claims or {})}
        headers = {
            "Authorization": f"Bearer {issuer.token(claims.pop('sub', 'user-1'), **claims)}",
            "Accept-Language": language,
        }
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(path, data, content_type, headers)[:2]

    return send


MISMATCH = "L'utilisateur ou l'organisation de la requête n'est pas celui du token"


# Wishes: 136.
@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "user-2"},
        {"organization_id": "org-2"},
        {"user_id": "user-1", "organization_id": "org-2"},
        {"user_id": ["user-1"]},
        {"user_id": {"id": "user-1"}},
        {"user_id": True},
        {"user_id": ""},
        {"user_id": "USER-1"},
        {"user_id": " user-1"},
        {"organization_id": 1},
        [{"prompt": "x"}, {"user_id": "user-2"}],
    ],
)
def test_a_body_that_names_somebody_else_is_refused(post, body):
    expected = {"code": "IDENTITY_MISMATCH", "message": MISMATCH, "detail": MISMATCH}
    assert post(body) == (403, expected)
    assert post(body, path="/json") == (403, expected)
    assert post(body, language="en")[1]["message"] == "The user or organization of the request is not that of the token"


# Wishes: 136.
def test_a_body_may_say_what_the_token_says_or_nothing(post):
    for body in [
        {},
        [],
        {"prompt": "a cat"},
        {"user_id": "user-1", "organization_id": "org-1", "prompt": "a cat"},
        {"user_id": None, "organization_id": None},
        {"item": {"user_id": "user-2"}},
        "user_id",
        3,
    ]:
        assert post(body, path="/json") == (200, {"body": body})


def test_an_organization_is_refused_when_the_token_has_none(post):
    assert post({"organization_id": "org-1"}, claims={"org_id": None})[0] == 403
    assert post({"organization_id": None}, claims={"org_id": None})[0] == 200


def test_ids_that_are_numbers_are_the_same_as_text(post):
    assert post({"user_id": 123}, claims={"sub": "123"})[0] == 200
    assert post({"user_id": "123"}, claims={"sub": "123"})[0] == 200
    for other in [124, 123.0, -123, "0123"]:
        assert post({"user_id": other}, claims={"sub": "123"})[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        b'{"user_id":"user-1","user_id":"user-2"}',
        b'{"user_id":"user-2","user_id":"user-1"}',
        b'{"user\\u005fid":"user-2"}',
        b'\xef\xbb\xbf{"user_id":"user-2"}',
        b' \n\t{"user_id":"user-2"}',
        '{"user_id":"user-2"}'.encode("utf-16"),
        '{"user_id":"user-2"}'.encode("utf-16-be"),
        '{"user_id":"user-2"}'.encode("utf-32"),
    ],
)
def test_no_spelling_of_json_hides_somebody_else(post, body):
    assert post(body)[0] == 403


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/vnd.api+json",
        "APPLICATION/JSON; charset=utf-8",
        "image/png",
        "application/octet-stream",
        None,
        FORM,
    ],
)
def test_no_content_type_hides_somebody_else(post, content_type):
    assert post({"user_id": "user-2"}, content_type)[0] == 403
    assert post({"user_id": "user-1"}, content_type)[0] == 200


# Wishes: 136.
@pytest.mark.parametrize("path", ["/form", "/raw"])
def test_a_form_is_held_to_the_same(post, path):
    assert post(urlencode({"prompt": "cat", "user_id": "user-2"}).encode(), FORM, path)[0] == 403
    status, _ = post(urlencode({"prompt": "cat", "user_id": "user-1"}).encode(), FORM, path)
    assert status == 200
    twice = urlencode([("prompt", "cat"), ("user_id", "user-1"), ("user_id", "user-2")]).encode()
    assert post(twice, FORM, path)[0] == 403


def test_a_form_with_files_is_held_to_the_same(post):
    def parts(user):
        part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        return (part.format("prompt", "cat") + part.format("user_id", user) + "--b--\r\n").encode()

    kind = "multipart/form-data; boundary=b"
    assert post(parts("user-2"), kind, "/form")[0] == 403
    assert post(parts("user-1"), kind, "/form") == (200, {"body": "cat"})


@pytest.mark.parametrize("body", [b"{", b"{nonsense", b"\xff\xfe\xff", b"user_id=user-2", b""])
def test_what_cannot_be_parsed_is_left_to_the_view(post, body):
    assert post(body, "text/plain") == (200, {"body": body.decode("latin-1")})


def test_no_depth_and_no_number_hides_somebody_else(post):
    assert post(b'{"user_id":"user-2","x":' + b"[" * 50000 + b"]" * 50000 + b"}")[0] == 403
    assert post(b'{"x":' + b"9" * 9000 + b',"user_id":"user-2"}')[0] == 403
    assert post(b'{"x":' + b"9" * 9000 + b',"user_id":"user-1"}')[0] == 200


def test_a_form_with_files_that_the_view_reads_by_itself(make, post):
    part = b'--b\r\nContent-Disposition: form-data; name="user_id"\r\n\r\nuser-2\r\n--b--\r\n'
    kind = "multipart/form-data; boundary=b"
    assert post(part, kind)[0] == 403
    if make is fast:  # Flask's view finds nothing but the form then.
        assert post(b'{"user_id":"user-2"}', kind)[0] == 403


def test_a_body_is_there_for_the_view_as_it_was_sent(post):
    body = json.dumps({"prompt": "x" * 300_000}).encode()
    assert post(body) == (200, {"body": body.decode()})
    assert post(bytes(range(256)) * 100, "application/octet-stream")[0] == 200


def test_other_names_and_none(make, issuer):
    headers = {"Authorization": f"Bearer {issuer.token(clientId='c-1')}"}
    client = make(issuer.verifier(), identity_fields={"userId": "user_id", "client": "client_id"})
    assert client.post("/raw", b'{"userId":"x"}', JSON, headers)[0] == 403
    assert client.post("/raw", b'{"client":"c-2"}', JSON, headers)[0] == 403
    assert client.post("/raw", b'{"client":"c-1","user_id":"x"}', JSON, headers)[0] == 200
    client = make(issuer.verifier(), identity_fields={})
    assert client.post("/raw", b'{"user_id":"x"}', JSON, headers)[0] == 200
