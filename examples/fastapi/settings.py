"""What the environment says: `.env.example` lists it."""

import os
from dataclasses import dataclass
from typing import List


@dataclass(frozen=True)
class Settings:
    guichet_url: str
    issuer: str
    audience: str
    typ: List[str]
    revocations: str
    front_origins: List[str]
    images_per_minute: int
    job_seconds: float


def read() -> Settings:
    url = os.environ.get("GUICHET_URL", "http://127.0.0.1:3000").rstrip("/")
    issuer = os.environ.get("GUICHET_ISSUER", url)
    return Settings(
        guichet_url=url,
        issuer=issuer,
        audience=os.environ.get("GUICHET_AUDIENCE", issuer),
        typ=[one.strip() for one in os.environ.get("GUICHET_TYP", "at+jwt").split(",")],
        revocations=os.environ.get("GUICHET_REVOCATIONS", "follow"),
        front_origins=os.environ.get("FRONT_ORIGINS", "http://localhost:3001").split(","),
        images_per_minute=int(os.environ.get("IMAGES_PER_MINUTE", "10")),
        job_seconds=float(os.environ.get("JOB_SECONDS", "8")),
    )
