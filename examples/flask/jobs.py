"""Images that take some seconds. In memory: a real service would have a queue and a table. The same in both examples in
Python: each is a folder that is copied whole."""

import html
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Dict, Optional
from urllib.parse import quote

from guichet_verify import Caller


@dataclass(frozen=True)
class Job:
    job_id: str
    user_id: str
    organization_id: Optional[str]
    prompt: str
    began: float
    seconds: float

    def belongs_to(self, caller: Caller) -> bool:
        """Colleagues see each other's images; who is in no organization sees their own."""
        if self.organization_id is not None:
            return self.organization_id == caller.organization_id
        return caller.organization_id is None and self.user_id == caller.user_id

    def shown(self) -> Dict[str, Any]:
        progress = min(1.0, (time.monotonic() - self.began) / self.seconds)
        done = progress >= 1.0
        return {
            "job_id": self.job_id,
            "status": "done" if done else "running",
            "progress": round(progress, 2),
            "prompt": self.prompt,
            "user_id": self.user_id,
            "organization_id": self.organization_id,
            "image_url": self._image() if done else None,
        }

    def _image(self) -> str:
        text = html.escape(self.prompt[:40])
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="120"><rect width="100%" height="100%" fill="#dde"/>'
            f'<text x="20" y="65" font-size="18">{text}</text></svg>'
        )
        return "data:image/svg+xml," + quote(svg)


class Jobs:
    """The newest thousand."""

    def __init__(self, seconds: float, most: int = 1000) -> None:
        self._seconds = max(seconds, 0.001)
        self._most = most
        self._lock = threading.Lock()
        self._jobs: "OrderedDict[str, Job]" = OrderedDict()

    def begin(self, caller: Caller, prompt: str) -> Job:
        job = Job(
            job_id=secrets.token_urlsafe(12),
            user_id=caller.user_id,
            organization_id=caller.organization_id,
            prompt=prompt,
            began=time.monotonic(),
            seconds=self._seconds,
        )
        with self._lock:
            self._jobs[job.job_id] = job
            if len(self._jobs) > self._most:
                self._jobs.popitem(last=False)
        return job

    def of(self, caller: Caller, job_id: str) -> Optional[Job]:
        """A job that the caller may see; what belongs to others does not exist for them."""
        with self._lock:
            job = self._jobs.get(job_id)
        return job if job is not None and job.belongs_to(caller) else None
