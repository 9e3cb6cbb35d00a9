"""Flask: a decorator that lets nobody in without a token, and the caller inside.

requires_caller = RequiresCaller(verifier)

@app.get("/api/me")
@requires_caller
def me(): return {"id": current_caller.user_id}
"""

from __future__ import annotations

from functools import wraps
from typing import Any, Callable, Optional, cast

from flask import Response, current_app, g, jsonify, request
from werkzeug.local import LocalProxy

from .caller import Caller
from .errors import Refusal
from .gate import Gate
from .identity import MULTIPART
from .verifier import Verifier

View = Callable[..., Any]

#: Who calls, inside a view with the decorator.
current_caller = cast(Caller, LocalProxy(lambda: g.guichet_caller))


class RequiresCaller:
    """A decorator of views. Its rules are those of ``guichet_verify.gate.Gate``; a view may have others:
    ``@requires_caller(roles="ADMIN")``."""

    def __init__(self, verifier: Verifier, **rules: Any) -> None:
        self._gate = Gate(verifier, **rules)

    def __call__(self, view: Optional[View] = None, **rules: Any) -> Any:
        gate = self._gate.with_rules(**rules) if rules else self._gate
        return _guarded(gate, view) if view is not None else lambda later: _guarded(gate, later)


def _guarded(gate: Gate, view: View) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            caller = gate.admit(request.headers.getlist("Authorization"))
            _check_body(gate, caller)
        except Refusal as refusal:
            return answer(refusal, gate.language(request.headers.get("Accept-Language")))
        g.guichet_caller = caller
        return current_app.ensure_sync(view)(*args, **kwargs)

    return guarded


def _check_body(gate: Gate, caller: Caller) -> None:
    if not gate.reads_bodies:
        return
    if request.mimetype == MULTIPART:
        # Afterwards the view has the form as well, and nothing else of the body.
        gate.check_form(caller, request.form.items(multi=True))
    else:
        # What is kept is what the view's `request.form` and `request.get_json()` are made of later.
        gate.check_body(caller, request.get_data(cache=True), request.content_type)


def answer(refusal: Refusal, language: str) -> Response:
    """``{code, message, detail}`` with the refusal's status and headers."""
    response = jsonify(refusal.body(language))
    response.status_code = refusal.status
    response.headers.update(refusal.headers(language))
    return response
