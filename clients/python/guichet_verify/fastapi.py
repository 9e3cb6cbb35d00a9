"""FastAPI: a dependency that gives the caller, and the answers for those who are refused.

current_caller = Dependency(verifier)
install(app)

@app.get("/api/me")
async def me(caller: Annotated[Caller, Depends(current_caller)]): ...
"""

# Without `from __future__ import annotations`: FastAPI reads the types of `__call__`, and old versions cannot from text.

from typing import Any, Optional

from fastapi import FastAPI, HTTPException, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.responses import JSONResponse
from fastapi.security.base import SecurityBase
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException as StarletteHTTPException

from .caller import Caller
from .errors import Refusal
from .gate import Gate
from .identity import MULTIPART, is_a
from .verifier import Verifier


class Refused(HTTPException):
    """A refusal as an HTTP answer. Without ``install``, FastAPI answers ``{"detail": …}`` with the same words and headers."""

    def __init__(self, refusal: Refusal, language: str) -> None:
        super().__init__(refusal.status, refusal.message(language), refusal.headers(language))
        self.refusal = refusal
        self.language = language


class Dependency(SecurityBase):
    """Gives the ``Caller`` of a request, or refuses it. Its rules are those of ``guichet_verify.gate.Gate``.

    Nothing in it waits on the event loop: what may wait for the network runs in a thread.
    """

    def __init__(self, verifier: Verifier, **rules: Any) -> None:
        self._gate = Gate(verifier, **rules)
        self.model = HTTPBearer(bearerFormat="JWT")
        self.scheme_name = "guichet"

    def requiring(self, **rules: Any) -> "Dependency":
        """The same with other rules: ``current_caller.requiring(roles="ADMIN")``."""
        other = Dependency.__new__(Dependency)
        other._gate = self._gate.with_rules(**rules)
        other.model, other.scheme_name = self.model, self.scheme_name
        return other

    async def __call__(self, request: Request) -> Caller:
        try:
            caller = await run_in_threadpool(self._gate.admit, request.headers.getlist("authorization"))
            await self._check_body(request, caller)
        except Refusal as refusal:
            raise Refused(refusal, self._gate.language(request.headers.get("accept-language"))) from refusal
        request.state.caller = caller
        return caller

    async def _check_body(self, request: Request, caller: Caller) -> None:
        if not self._gate.reads_bodies:
            return
        content_type = request.headers.get("content-type")
        # What FastAPI has read as a form is kept there; otherwise the body is, and the view gets it again.
        form = getattr(request, "_form", None)
        if form is None:
            self._gate.check_body(caller, await request.body(), content_type)
            form = await _form(request) if is_a(content_type, MULTIPART) else None
        if form is not None:
            self._gate.check_form(caller, form.multi_items())


async def _form(request: Request) -> Optional[FormData]:
    """A form with files that the view may read by itself; None when it is none."""
    try:
        return await request.form()
    except (AssertionError, StarletteHTTPException):  # python-multipart is not there, or the body is something else.
        return None


def install(app: FastAPI) -> None:
    """Has refusals answered as ``{code, message, detail}``."""

    async def answer(_: Request, refused: Exception) -> JSONResponse:
        assert isinstance(refused, Refused)
        body = refused.refusal.body(refused.language)
        return JSONResponse(body, refused.status_code, refused.headers)

    app.add_exception_handler(Refused, answer)
