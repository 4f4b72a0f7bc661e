"""What the tests of running a desk stand on."""

import tempfile
from pathlib import Path

import pytest

from puntuale.conf.postgres import Server


@pytest.fixture
def empty():
    """An empty desk: a server and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="puntuale-") as aside:
        Path(aside).chmod(0o711)
        home = Path(aside) / "home"
        with Server(home, options={"fsync": "off"}) as server:
            yield home, server.url()
