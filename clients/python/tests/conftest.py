"""What the tests share: issuers, and the addresses of this machine that no proxy may see."""

import os

import pytest
from moments import Clock
from served import Served

from guichet_verify.testing import FakeIssuer

os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def issuer(clock):
    return FakeIssuer(clock=clock)


@pytest.fixture
def served():
    """An issuer behind a real HTTP server."""
    server = Served()
    yield server
    server.close()
