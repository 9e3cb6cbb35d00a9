"""Both applications against a running Guichet: `GUICHET_URL=… TOKEN=… python check.py` (needs httpx too)."""

import os

from fastapi.testclient import TestClient

from fastapi_app import app as fast
from flask_app import app as flask

token = os.environ["TOKEN"]
header, payload, signature = token.split(".")
# The first letter: the last one holds bits that are not part of the signature.
forged = f"{header}.{payload}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
unsigned = "eyJhbGciOiJub25lIn0.e30."

for client, word in [(TestClient(fast), "detail"), (flask.test_client(), "error")]:
    def ask(headers):
        answer = client.get("/me", headers=headers)
        return answer.status_code, answer.json() if callable(answer.json) else answer.json

    status, body = ask({"Authorization": f"Bearer {token}"})
    assert status == 200 and body["email"] == "jean@example.com", (status, body)
    for headers, message in [
        ({}, "Token d'authentification manquant"),
        ({"Authorization": "Basic abc"}, "Token d'authentification manquant"),
        ({"Authorization": "Bearer"}, "Token d'authentification manquant"),
        ({"Authorization": "Bearer nonsense"}, "Token d'authentification invalide"),
        ({"Authorization": f"Bearer {forged}"}, "Token d'authentification invalide"),
        ({"Authorization": f"Bearer {unsigned}"}, "Token d'authentification invalide"),
    ]:
        status, body = ask(headers)
        assert (status, body[word]) == (401, message), (headers, status, body)
print("good")
