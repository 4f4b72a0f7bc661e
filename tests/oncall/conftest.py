"""Alarms that ask the rotas who is on call, as in a worker."""

import pytest

from puntuale.oncall.paging import on_call_for
from puntuale.watch import listeners


@pytest.fixture
def asks_the_rota(monkeypatch):
    monkeypatch.setattr(listeners, "on_call", [listeners.nobody, on_call_for])
