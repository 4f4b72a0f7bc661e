"""What the tests of running a desk stand on."""

import os
import tempfile
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from puntuale.conf.postgres import Server
from tests.conf.web import Web, nothing_left


@pytest.fixture
def empty():
    """An empty desk: a server and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="puntuale-", dir=os.environ["PUNTUALE_TEST_FOLDER"]) as aside:
        Path(aside).chmod(0o711)
        home = Path(aside) / "home"
        with Server(home, options={"fsync": "off"}) as server:
            yield home, server.url()


@pytest.fixture
def web(company, now, monkeypatch):
    """A client of the whole web application. The connection of the test outlives its requests."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    with nothing_left():
        yield Web()
