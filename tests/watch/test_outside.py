"""The dead man's switch: an outside monitor hears from us once a minute, and only while the watch is alive."""

from datetime import timedelta

import pytest

from puntuale.watch import heartbeat, outside
from puntuale.watch.models import OutsideBeat
from tests.guarantee.test_story import on
from tests.sending.test_phones import Receiver

AT = on("fri 16:00")
SECOND = timedelta(seconds=1)


class Monitor(Receiver):
    """A receiver that is asked, not told."""

    def __init__(self):
        super().__init__()
        handler = self.server.RequestHandlerClass
        handler.do_GET = handler.do_POST


@pytest.fixture
def monitor(settings):
    found = Monitor()
    settings.HEARTBEAT_URL = f"http://{found.address}/ping"
    yield found
    found.stop()


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        at = AT

    monkeypatch.setattr(heartbeat, "database_now", lambda: Clock.at)
    return Clock


def test_it_is_told_once_a_minute(company, monitor, clock):
    told = []
    for seconds in (0, 10, 59, 60, 70, 120):
        clock.at = AT + seconds * SECOND
        told.append(outside.tell())
    assert told == [True, False, False, True, False, True]
    assert [path for path, _, _ in monitor.got] == ["/ping"] * 3
    assert OutsideBeat.objects.get().heard_at == AT + 120 * SECOND


def test_a_silent_watch_tells_nobody(db, monitor, clock):
    heartbeat.beat("a worker", at=AT - 16 * SECOND)
    assert outside.tell() is False and monitor.got == []


def test_a_monitor_that_does_not_hear_is_written_down(company, monitor, clock):
    monitor.status = 500
    assert outside.tell() is False
    assert OutsideBeat.objects.get().problem.startswith("500")
    assert OutsideBeat.objects.get().heard_at is None


def test_without_an_address_nobody_is_told(company, settings, clock):
    settings.HEARTBEAT_URL = ""
    assert outside.tell() is False and not OutsideBeat.objects.exists()
