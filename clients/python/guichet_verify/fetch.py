"""HTTP GET with a bound on time and size, that follows no redirect."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import urlsplit

_CHUNK = 65536


class FetchFailed(Exception):
    """Nothing usable came; the text says why."""


@dataclass(frozen=True)
class Answer:
    body: bytes
    #: Seconds for which it may be kept: None when the answer does not say, 0 for ``no-store`` and ``no-cache``.
    max_age: Optional[int]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from the address that was configured, and from nowhere it may point to."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def checked_url(url: str) -> str:
    """``url`` when it is one of http or https with a host and without a password. Raises ``ValueError``."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError(f"not an http or https address: {url!r}")
    return url


def get(url: str, *, accept: str, timeout: float, max_bytes: int) -> Answer:
    """The answer 200 of ``url``, within ``timeout`` seconds in all. Raises ``FetchFailed``."""
    deadline = time.monotonic() + timeout
    request = urllib.request.Request(url, headers={"Accept": accept, "User-Agent": "guichet-verify"})
    try:
        with _opener.open(request, timeout=timeout) as response:
            if response.status != 200:
                raise FetchFailed(f"{url} answered {response.status}")
            body = _read(response, deadline, max_bytes, url)
            return Answer(body, max_age(response.headers.get("Cache-Control")))
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchFailed(f"{url} answered {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(f"{url}: {error}") from error


def _read(response: http.client.HTTPResponse, deadline: float, max_bytes: int, url: str) -> bytes:
    body = bytearray()
    while True:
        chunk = response.read1(_CHUNK)
        if not chunk:
            break
        body += chunk
        if len(body) > max_bytes:
            raise FetchFailed(f"{url} answered more than {max_bytes} bytes")
        if time.monotonic() > deadline:
            raise FetchFailed(f"{url} answers too slowly")
    if response.length:
        raise FetchFailed(f"{url} broke off")
    return bytes(body)


def max_age(cache_control: Optional[str]) -> Optional[int]:
    """What ``Cache-Control`` (RFC 9111, 5.2.2) says about keeping an answer, in seconds."""
    found = None
    for directive in (cache_control or "").lower().split(","):
        directive = directive.strip()
        if directive in ("no-store", "no-cache"):
            return 0
        match = re.fullmatch(r'max-age="?([0-9]{1,9})"?', directive)
        if match:
            found = int(match.group(1))
    return found
