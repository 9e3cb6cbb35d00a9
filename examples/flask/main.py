"""An API of images in Flask. Who calls, and for whom, is what the token says; the body is never believed."""

import logging
import os
from typing import Any

import settings
from flask import Flask, Response, jsonify, request
from jobs import Jobs

from guichet_verify import RateLimiter, RefusalCounter, UsageCounter, Verifier
from guichet_verify.flask import RequiresCaller, current_caller

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
requires_caller = RequiresCaller(verifier)
# A limit for the whole organization: what the claims name is the key.
image_limit = RateLimiter(config.images_per_minute, 60, by="organization")

app = Flask(__name__)


@app.get("/api/me")
@requires_caller
def me() -> Any:
    return jsonify(
        user_id=current_caller.user_id,
        organization_id=current_caller.organization_id,
        role=current_caller.role,
        client_id=current_caller.client_id,
        email=current_caller.email,
        name=current_caller.name,
    )


@app.post("/api/images")
@requires_caller(limiter=image_limit)
def begin_image() -> Any:
    """`user_id` and `organization_id` may be sent, as older front ends do: they are refused when they are not the token's."""
    body = request.get_json(silent=True)
    prompt = body.get("prompt") if isinstance(body, dict) else None
    if not isinstance(prompt, str) or not 1 <= len(prompt) <= 1000:
        errors = [{"field": "prompt", "code": "INVALID", "message": "Champ manquant ou invalide"}]
        return refusal(422, "INVALID_INPUT", "La demande est incomplète ou invalide", errors=errors)
    job = jobs.begin(current_caller, prompt)
    log.info("image begun: user=%s organization=%s job=%s", job.user_id, job.organization_id, job.job_id)
    return jsonify(job_id=job.job_id), 202


@app.get("/api/jobs/<job_id>")
@requires_caller
def show_job(job_id: str) -> Any:
    job = jobs.of(current_caller, job_id)
    return refusal(404, "JOB_NOT_FOUND", "Image introuvable") if job is None else jsonify(job.shown())


@app.get("/api/usage")
@requires_caller(roles=["ADMIN", "org:admin", "org:owner"])
def show_usage() -> Any:
    """Calls by user, of the caller's own organization."""
    return jsonify(
        [
            {"organization_id": organization, "user_id": user, "calls": calls}
            for (organization, user), calls in usage.counts().items()
            if organization == current_caller.organization_id
        ]
    )


@app.get("/metrics")
def metrics() -> Response:
    return Response(refusals.prometheus(), mimetype="text/plain")


@app.after_request
def allow_the_front_end(response: Response) -> Response:
    """CORS, also on refusals: a page must be able to read why."""
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in config.front_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Expose-Headers"] = "WWW-Authenticate, Retry-After"
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def refusal(status: int, code: str, message: str, **more: Any) -> Any:
    return jsonify(code=code, message=message, detail=message, **more), status


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    app.run(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8002")), threaded=True)
