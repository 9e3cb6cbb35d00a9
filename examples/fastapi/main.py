"""An API of images in FastAPI. Who calls, and for whom, is what the token says; the body is never believed."""

import logging
import os
from typing import Any, Dict, List, Optional, Union

import settings
import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse, PlainTextResponse
from jobs import Jobs
from pydantic import BaseModel, Field

from guichet_verify import Caller, RateLimiter, RefusalCounter, UsageCounter, Verifier
from guichet_verify.fastapi import Dependency, install

log = logging.getLogger("images")
config = settings.read()
jobs = Jobs(config.job_seconds)
refusals, usage = RefusalCounter(), UsageCounter()

verifier = Verifier(
    config.issuer,
    config.audience,
    url=config.guichet_url,
    typ=config.typ,
    revocations=config.revocations,
    on_refusal=refusals,
    on_caller=usage,
)
current_caller = Dependency(verifier)
# A limit for the whole organization: what the claims name is the key.
image_maker = current_caller.requiring(limiter=RateLimiter(config.images_per_minute, 60, by="organization"))
administrator = current_caller.requiring(roles=["ADMIN", "org:admin", "org:owner"])

app = FastAPI(title="Images")
install(app)
app.add_middleware(
    CORSMiddleware,
    allow_origins=config.front_origins,
    allow_methods=["GET", "POST"],
    allow_headers=["Authorization", "Content-Type"],
    expose_headers=["WWW-Authenticate", "Retry-After"],
)


class ImageRequest(BaseModel):
    """`user_id` and `organization_id` may be sent, as older front ends do: they are refused when they are not the token's."""

    prompt: str = Field(min_length=1, max_length=1000)
    user_id: Optional[Union[str, int]] = None
    organization_id: Optional[Union[str, int]] = None


@app.get("/api/me")
async def me(caller: Caller = Depends(current_caller)) -> Dict[str, Any]:
    return {
        "user_id": caller.user_id,
        "organization_id": caller.organization_id,
        "role": caller.role,
        "client_id": caller.client_id,
        "email": caller.email,
        "name": caller.name,
    }


@app.post("/api/images", status_code=202)
async def begin_image(image: ImageRequest, caller: Caller = Depends(image_maker)) -> Dict[str, str]:
    job = jobs.begin(caller, image.prompt)
    log.info("image begun: user=%s organization=%s job=%s", caller.user_id, caller.organization_id, job.job_id)
    return {"job_id": job.job_id}


@app.get("/api/jobs/{job_id}")
async def show_job(job_id: str, caller: Caller = Depends(current_caller)) -> Any:
    job = jobs.of(caller, job_id)
    return refusal(404, "JOB_NOT_FOUND", "Image introuvable") if job is None else job.shown()


@app.get("/api/usage")
async def show_usage(caller: Caller = Depends(administrator)) -> List[Dict[str, Any]]:
    """Calls by user, of the caller's own organization."""
    return [
        {"organization_id": organization, "user_id": user, "calls": calls}
        for (organization, user), calls in usage.counts().items()
        if organization == caller.organization_id
    ]


@app.get("/metrics", response_class=PlainTextResponse)
async def metrics() -> str:
    return refusals.prometheus()


@app.exception_handler(RequestValidationError)
async def invalid_input(_: Request, error: RequestValidationError) -> JSONResponse:
    fields = [".".join(str(part) for part in one["loc"][1:]) for one in error.errors()]
    errors = [{"field": field, "code": "INVALID", "message": "Champ manquant ou invalide"} for field in fields]
    return refusal(422, "INVALID_INPUT", "La demande est incomplète ou invalide", errors=errors)


def refusal(status: int, code: str, message: str, **more: Any) -> JSONResponse:
    return JSONResponse({"code": code, "message": message, "detail": message, **more}, status)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    uvicorn.run(app, host=os.environ.get("HOST", "127.0.0.1"), port=int(os.environ.get("PORT", "8001")))
