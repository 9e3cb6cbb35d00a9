from functools import wraps

from flask import Flask, g, jsonify, request

from guichet_auth import Refused, caller

app = Flask(__name__)


def signed_in(view):
    @wraps(view)
    def checked(*args, **kwargs):
        try:
            g.claims = caller(request.headers.get("Authorization"))
        except Refused as refused:
            answer = jsonify(error=refused.message)
            answer.status_code = refused.status
            if refused.status == 401:
                answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        return view(*args, **kwargs)

    return checked


@app.get("/me")
@signed_in
def me():
    return jsonify(id=g.claims["sub"], email=g.claims["email"])
