"""Both examples, as processes of their own, beside the real program."""

from conftest import Person, eventually

MISMATCH = "L'utilisateur ou l'organisation de la requête n'est pas celui du token"


def bearer(person):
    return {"Authorization": f"Bearer {person.token()}"}


# Wishes: 138.
def test_without_a_token_one_is_told_so(images):
    answer = images.get("/api/me")
    message = "Token d'authentification manquant"
    assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert answer.json() == {"code": "MISSING_TOKEN", "message": message, "detail": message}
    english = images.post("/api/images", json={"prompt": "x"}, headers={"Accept-Language": "en"})
    assert english.status_code == 401 and english.json()["message"] == "Missing authentication token"
    wrong = images.get("/api/jobs/x", headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401 and wrong.json()["message"] == "Token d'authentification invalide"


# Wishes: 136.
def test_who_calls_is_what_the_token_says(images, person):
    answer = images.get("/api/me", headers=bearer(person))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["user_id"], answer.json()["email"]) == (person.id, person.email)


# Wishes: 136.
def test_a_body_that_names_somebody_else_is_refused(images, person, other_person):
    headers = bearer(person)
    for claim in [{"user_id": other_person.id}, {"organization_id": "another"}]:
        answer = images.post("/api/images", json={"prompt": "a cat", **claim}, headers=headers)
        assert answer.status_code == 403, answer.text
        assert answer.json() == {"code": "IDENTITY_MISMATCH", "message": MISMATCH, "detail": MISMATCH}


# Wishes: 141.
def test_an_image_is_begun_polled_and_done_and_nobody_elses(images, person, other_person):
    begun = images.post("/api/images", json={"prompt": "<a cat>", "user_id": person.id}, headers=bearer(person))
    assert begun.status_code == 202, begun.text
    path = f"/api/jobs/{begun.json()['job_id']}"
    assert images.get(path, headers=bearer(person)).json()["status"] == "running"
    assert images.get(path, headers=bearer(other_person)).status_code == 404
    assert images.get("/api/jobs/none", headers=bearer(person)).json()["message"] == "Image introuvable"

    def done():
        job = images.get(path, headers=bearer(person)).json()
        return job if job["status"] == "done" else None

    job, _ = eventually("the image is done", done, within=30)
    assert job["image_url"].startswith("data:image/svg+xml,") and "%3Ca%20cat" not in job["image_url"]


def test_what_is_missing_is_told(images, person):
    for body in [{}, {"prompt": ""}, {"prompt": "x" * 1001}]:
        answer = images.post("/api/images", json=body, headers=bearer(person))
        assert answer.status_code == 422, (body, answer.text)
        assert answer.json()["code"] == "INVALID_INPUT" and answer.json()["errors"][0]["field"] == "prompt"


# Wishes: 147.
def test_a_limit_holds_for_one_caller_and_not_for_another(images, person, other_person):
    for _ in range(3):
        assert images.post("/api/images", json={"prompt": "x"}, headers=bearer(person)).status_code == 202
    refused = images.post("/api/images", json={"prompt": "x"}, headers=bearer(person))
    assert refused.status_code == 429 and 1 <= int(refused.headers["retry-after"]) <= 20
    assert refused.json()["message"] == "Trop de demandes. Réessayez plus tard."
    assert images.get("/api/me", headers=bearer(person)).status_code == 200
    assert images.post("/api/images", json={"prompt": "x"}, headers=bearer(other_person)).status_code == 202


# Wishes: 137, 146.
def test_the_use_is_for_administrators(images, person):
    refused = images.get("/api/usage", headers=bearer(person))
    assert refused.status_code == 403 and refused.json()["code"] == "MISSING_ROLE"
    administrator = Person(role="ADMIN", clientId="client-7")
    answer = images.get("/api/usage", headers=bearer(administrator))
    assert answer.status_code == 200, answer.text
    own = [one for one in answer.json() if one["user_id"] == administrator.id]
    assert own == [{"organization_id": None, "user_id": administrator.id, "calls": 1}]
    assert images.get("/api/me", headers=bearer(administrator)).json()["client_id"] == "client-7"


# Wishes: 136.
def test_colleagues_see_each_others_images_and_nobody_else_does(images, person, other_person):
    for one in [person, other_person]:
        one.enter("organization-1")
    headers = bearer(person)
    assert images.get("/api/me", headers=headers).json()["organization_id"] == "organization-1"
    body = {"prompt": "a cat", "organization_id": "organization-1"}
    begun = images.post("/api/images", json=body, headers=headers)
    assert begun.status_code == 202, begun.text
    path = f"/api/jobs/{begun.json()['job_id']}"
    assert images.get(path, headers=bearer(other_person)).status_code == 200
    person.enter("organization-2")
    assert images.get(path, headers=bearer(person)).status_code == 404
    assert images.post("/api/images", json=body, headers=bearer(person)).status_code == 403


# Wishes: 145.
def test_refusals_are_counted(images):
    images.get("/api/me")
    assert 'auth_refusals_total{code="MISSING_TOKEN"}' in images.get("/metrics").text


def test_the_front_end_may_call_and_read_refusals_and_nobody_else_may(images, person):
    front = {"Origin": "http://localhost:3001"}
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    preflight = images.options("/api/images", headers={**front, **asked})
    assert preflight.status_code == 200 and preflight.headers["access-control-allow-origin"] == front["Origin"]
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    for headers in [front, {**front, **bearer(person)}]:
        assert images.get("/api/me", headers=headers).headers["access-control-allow-origin"] == front["Origin"]
    evil = images.get("/api/me", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in evil.headers
