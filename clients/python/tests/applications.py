"""The same small application in FastAPI and in Flask, so that one story is told of both."""

import json

import flask
from fastapi import Body, Depends, FastAPI, Form, Request
from fastapi.testclient import TestClient

import guichet_verify.fastapi
import guichet_verify.flask
from guichet_verify import Caller


def fast(verifier, **rules):
    app = FastAPI()
    current_caller = guichet_verify.fastapi.Dependency(verifier, **rules)
    guichet_verify.fastapi.install(app)

    @app.get("/me")
    async def me(caller: Caller = Depends(current_caller)):
        return {"id": caller.user_id}

    @app.get("/admin")
    def admin(caller: Caller = Depends(current_caller.requiring(roles="ADMIN"))):
        return {"id": caller.user_id}

    @app.get("/images")
    def images(caller: Caller = Depends(current_caller.requiring(permissions=["images.read"]))):
        return {"id": caller.user_id}

    @app.post("/json")
    async def takes_json(body=Body(), caller: Caller = Depends(current_caller)):
        return {"body": body}

    @app.post("/raw")
    async def takes_anything(request: Request, caller: Caller = Depends(current_caller)):
        assert request.state.caller is caller
        return {"body": (await request.body()).decode("latin-1")}

    @app.post("/form")
    async def takes_a_form(prompt: str = Form(), caller: Caller = Depends(current_caller)):
        return {"body": prompt}

    return Fast(TestClient(app))


def flasked(verifier, **rules):
    app = flask.Flask(__name__)
    requires_caller = guichet_verify.flask.RequiresCaller(verifier, **rules)
    current_caller = guichet_verify.flask.current_caller

    @app.get("/me")
    @requires_caller
    def me():
        return {"id": current_caller.user_id}

    @app.get("/admin")
    @requires_caller(roles="ADMIN")
    def admin():
        return {"id": current_caller.user_id}

    @app.get("/images")
    @requires_caller(permissions=["images.read"])
    def images():
        return {"id": current_caller.user_id}

    @app.post("/json")
    @requires_caller
    def takes_json():
        return {"body": flask.request.get_json(force=True)}

    @app.post("/raw")
    @requires_caller
    def takes_anything():
        return {"body": flask.request.get_data().decode("latin-1")}

    @app.post("/form")
    @requires_caller
    def takes_a_form():
        return {"body": flask.request.form["prompt"]}

    return Flasked(app.test_client())


class Fast:
    def __init__(self, client):
        self.client = client

    def get(self, path, headers=None):
        return self._answer(self.client.get(path, headers=headers or {}))

    def post(self, path, data, content_type, headers):
        types = {} if content_type is None else {"Content-Type": content_type}
        return self._answer(self.client.post(path, content=data, headers={**headers, **types}))

    @staticmethod
    def _answer(answer):
        return answer.status_code, json.loads(answer.content), answer.headers


class Flasked(Fast):
    def post(self, path, data, content_type, headers):
        return self._answer(self.client.post(path, data=data, content_type=content_type, headers=headers))

    @staticmethod
    def _answer(answer):
        return answer.status_code, json.loads(answer.data), answer.headers
