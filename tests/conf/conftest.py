"""What the tests of running a desk stand on."""

import os
import tempfile
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

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
    monkeypatch.setattr("puntuale.conf.lanes.close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with nothing_left():
        yield Web()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
