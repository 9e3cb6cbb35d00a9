"""A fake issuer behind a real HTTP server: its keys, and its feed of revocations with long poll."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from guichet_verify.testing import FakeIssuer
from guichet_verify.verifier import Verifier


class Served:
    def __init__(self):
        self.asked = []
        self.cache_control = "public, max-age=300"
        self.delay = 0.0
        #: Instead of the keys: `(status, headers, body)`. Of the feed: `down`, or what signs it otherwise.
        self.keys_answer = None
        self.feed_down = False
        self.sign_feed = None
        #: How many entries an answer of the feed holds.
        self.part = 1000
        self._entries = []
        self._changed = threading.Condition()
        self._open = True
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                served._answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self.issuer = FakeIssuer(self.base, "https://api.test")
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def verifier(self, **options):
        return Verifier(self.base, self.issuer.audience, **{"revocations": "off", **options})

    def end_session(self, sid):
        self._add({"sid": sid, "exp": time.time() + 900})

    def end_user(self, sub, not_before=None):
        self._add({"sub": sub, "not_before": not_before or int(time.time()) + 1, "exp": time.time() + 900})

    def forget(self):
        """As a server that was restored: the cursors that it gave mean nothing any more."""
        with self._changed:
            self._entries.clear()
            self._changed.notify_all()

    def close(self):
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()

    def count(self, path):
        return sum(asked.startswith(path) for asked in self.asked)

    def _add(self, entry):
        with self._changed:
            self._entries.append(entry)
            self._changed.notify_all()

    def _answer(self, request):
        self.asked.append(request.path)
        path = urlsplit(request.path)
        if path.path == "/api/auth/jwks":
            time.sleep(self.delay)
            status, headers, body = self.keys_answer or (200, {}, json.dumps(self.issuer.jwks()).encode())
            headers = {"Cache-Control": self.cache_control, **headers} if self.cache_control else headers
        elif path.path == "/api/auth/revocations" and not self.feed_down:
            status, headers, body = 200, {"Content-Type": "application/jwt"}, self._feed(parse_qs(path.query))
        else:
            status, headers, body = 404, {}, b"not here"
        try:
            request.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)
        except OSError:
            pass

    def _feed(self, query):
        since = int(query.get("cursor", ["0"])[0])
        ends = time.monotonic() + int(query.get("wait", ["0"])[0])
        with self._changed:
            reset = since > len(self._entries)
            since = 0 if reset else since
            while self._open and not reset and len(self._entries) <= since and time.monotonic() < ends:
                self._changed.wait(ends - time.monotonic())
            entries = self._entries[since : since + self.part]
            more = since + len(entries) < len(self._entries)
        claims = {
            "iss": self.base,
            "iat": int(time.time()),
            "cursor": str(since + len(entries)),
            "reset": reset,
            "more": more,
            "sessions": [entry for entry in entries if "sid" in entry],
            "users": [entry for entry in entries if "sub" in entry],
        }
        sign = self.sign_feed or (lambda claims: self.issuer.sign(claims, typ="revocations+jwt"))
        return sign(claims).encode()
