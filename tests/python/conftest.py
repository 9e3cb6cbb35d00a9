"""The program that these tests are about runs already: GUICHET_URL says where, GUICHET_TYP what its tokens are."""

import os
import random
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
URL = os.environ["GUICHET_URL"]
TYP = os.environ.get("GUICHET_TYP", "at+jwt")
PASSWORD = "a long enough secret"

sys.path.insert(0, str(ROOT / "clients/python"))
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

from guichet_verify import RevokedToken, Verifier  # noqa: E402


def browser():
    return httpx.Client(base_url=f"{URL}/api/auth", headers={"Origin": URL}, timeout=60)


class Person:
    """Somebody with a browser, signed up a moment ago."""

    def __init__(self, **fields):
        self.email = f"jean-{secrets.token_hex(6)}@example.com"
        self.browser = browser()
        body = {"email": self.email, "password": PASSWORD, "name": "Jean Dupont", **fields}
        answer = self.browser.post("/sign-up/email", json=body)
        assert answer.status_code == 200, answer.text
        self.id = answer.json()["user"]["id"]

    @classmethod
    def again(cls, person):
        """The same person, signed in with another browser."""
        other = cls.__new__(cls)
        other.email, other.id, other.browser = person.email, person.id, browser()
        assert other.sign_in().status_code == 200
        return other

    def sign_in(self, password=PASSWORD):
        return self.browser.post("/sign-in/email", json={"email": self.email, "password": password})

    def sign_out(self):
        answer = self.browser.post("/sign-out", json={})
        assert answer.status_code == 200, answer.text

    def enter(self, organization):
        """Makes it the session's active one. Without the plugin of organizations, the settings let anybody say which."""
        answer = self.browser.post("/update-session", json={"activeOrganizationId": organization})
        assert answer.status_code == 200, answer.text

    def token(self):
        answer = self.browser.get("/token")
        assert answer.status_code == 200, answer.text
        return answer.json()["token"]


@pytest.fixture
def person():
    return Person()


@pytest.fixture
def other_person():
    return Person()


@pytest.fixture
def verify():
    """A verifier with the settings of the program, and others where they are given."""
    made = []

    def make(**options):
        made.append(Verifier(URL, URL, **{"typ": TYP, "revocations": "off", **options}))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def refuses(verify):
    """Whether a verifier that follows the feed refuses a token as one that has ended."""
    verifier = verify(revocations="require")

    def look(token):
        try:
            verifier.verify(token)
        except RevokedToken:
            return True
        return False

    return look


@pytest.fixture(scope="module", params=["fastapi", "flask"])
def images(request, tmp_path_factory):
    """An example, started as its README says, on a free port."""
    log = tmp_path_factory.mktemp(request.param) / "log"
    environment = {
        **os.environ,
        "GUICHET_URL": URL,
        "GUICHET_TYP": TYP,
        "GUICHET_REVOCATIONS": os.environ.get("GUICHET_REVOCATIONS", "follow"),
        "JOB_SECONDS": "5",
        "IMAGES_PER_MINUTE": "3",
        "PORT": str(free_port()),
        "PYTHONPATH": str(ROOT / "clients/python"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with log.open("w") as output:
        program = subprocess.Popen(
            [sys.executable, "main.py"],
            cwd=ROOT / "examples" / request.param,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    client = httpx.Client(base_url=f"http://127.0.0.1:{environment['PORT']}", timeout=60)
    try:
        wait_for(client, program, log)
        yield client
    finally:
        client.close()
        program.terminate()
        program.wait(30)


def free_port():
    """Below those that Linux gives by itself (32768 and up), which other tests ask it for before the program has this one."""
    while True:
        port = random.randrange(20000, 32768)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def wait_for(client, program, log):
    ends = time.monotonic() + 60
    while True:
        assert program.poll() is None, log.read_text()
        assert time.monotonic() < ends, log.read_text()
        try:
            client.get("/metrics")
            return
        except httpx.TransportError:
            time.sleep(0.05)


def eventually(what, look, within):
    """What `look` gives, once that is something; and after how many seconds."""
    began = time.monotonic()
    while True:
        found = look()
        if found:
            return found, time.monotonic() - began
        assert time.monotonic() - began < within, f"{what}: not within {within} s"
        time.sleep(0.02)


def within_a_second(attempt):
    """That it takes less than a second. `attempt` gives how long it took; a busy machine delays one, a slow way delays all."""
    took = []
    while len(took) < 5 and (not took or took[-1] >= 1):
        took.append(attempt())
    assert min(took) < 1, took
