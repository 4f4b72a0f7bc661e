"""Addresses that are slow on purpose: they hold up nobody but themselves, and not for long."""

import threading
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from puntuale.people import egress
from puntuale.sending import delivery, intents, kinds, wire
from puntuale.sending.hands import LEASE, Hands
from puntuale.sending.kinds import Kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.webhooks import endpoints, posting
from tests.security.slow import DRIPPING, drips_headers, drips_until_it_hangs_up, never_ends, served
from tests.sending.test_delivery import AT, Clock

AMPLE = 8.0


@pytest.fixture
def news(db, settings, monkeypatch):
    settings.PRIVATE_TARGETS = True
    monkeypatch.setitem(kinds._KINDS, "news", Kind("news", lambda _: {}, lambda *_: Letter("subject", "text")))


def page(address, about=1, channel="webhook"):
    told = {"kind": "news", "about": about, "channel": channel, "address": address, "rank": 0}
    intents.intend([Intent(made_at=AT, try_at=AT, **told)])
    return Intent.objects.get(about=about, address=address, channel=channel)


def takes_it(send, over):
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def deliver_until(hands, channel, is_enough):
    began = time.monotonic()
    while not is_enough() and time.monotonic() - began < AMPLE:
        delivery.deliver(Clock(), channel=channel, hands=hands)
        time.sleep(0.05)
    return time.monotonic() - began


def is_sent(intent):
    return Intent.objects.filter(pk=intent.pk, sent_at__isnull=False).exists()


@pytest.mark.parametrize("behaviour", [*DRIPPING, never_ends])
@pytest.mark.parametrize(
    ("channel", "address"), [("webhook", "http://{}/{}"), ("chat", "gotify://{}/Aabcdefghijkl{:02}")]
)
def test_a_healthy_address_is_told_soon_however_many_are_slow(news, behaviour, channel, address):
    hands = Hands()
    with served(behaviour) as slow, served(takes_it) as healthy:
        for n in range(8):
            page(address.format(slow, n), n, channel)
        last = page(address.format(healthy, 9), 99, channel)
        took = deliver_until(hands, channel, lambda: is_sent(last))
    assert is_sent(last) and took < AMPLE


def test_one_that_drips_is_tried_again_later_like_any_other_that_failed(news, monkeypatch):
    monkeypatch.setattr(egress, "LONGEST", 0.5)
    monkeypatch.setattr(wire, "PATIENCE", 0.1)
    hands = Hands()
    with served(drips_headers) as slow:
        one = page(f"http://{slow}/")
        deliver_until(hands, "webhook", lambda: Intent.objects.filter(attempts=1).exists())
    one.refresh_from_db()
    assert (one.attempts, one.problem, one.leased_until) == (1, "no answer in time", None)
    assert one.try_at == AT + delivery.RETRIES[0]


class Held:
    """A channel whose sends take until a test says so."""

    def __init__(self, monkeypatch):
        self.over, self.begun = threading.Event(), []
        monkeypatch.setattr(delivery, "available", lambda: {"webhook": self.send})
        monkeypatch.setattr(wire, "PATIENCE", 0.05)

    def send(self, address, letter, key):
        self.begun.append(address)
        if address.startswith("slow"):
            self.over.wait(30)


@pytest.fixture
def held(news, monkeypatch):
    there = Held(monkeypatch)
    yield there
    there.over.set()


def test_the_lease_lasts_while_it_is_under_way_and_not_longer(held, monkeypatch):
    monkeypatch.setattr(wire, "LONGEST", 0.5)
    hands, one = Hands(), page("slow")
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    assert hands.renew(AT + LEASE / 2) == 1
    time.sleep(0.6)
    assert hands.renew(AT + LEASE) == 0
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    one.refresh_from_db()
    assert (one.attempts, one.problem, one.leased_until) == (1, "no answer in time", None)
    later = Clock()
    later.at += timedelta(minutes=1)
    delivery.deliver(later, channel="webhook", hands=hands)
    assert held.begun == ["slow"], "its thread still hangs, so no second one is begun"
    held.over.set()
    time.sleep(0.1)
    delivery.deliver(later, channel="webhook", hands=hands)
    assert held.begun == ["slow", "slow"]


def test_to_one_address_there_is_one_under_way(held):
    hands = Hands()
    for about in range(5):
        page("slow", about)
    page("quick")
    for _ in range(3):
        delivery.deliver(Clock(), channel="webhook", hands=hands)
    assert sorted(held.begun) == ["quick", "slow"]
    assert Intent.objects.filter(address="slow", leased_until__isnull=False).count() == 1


def test_while_many_are_under_way_those_that_were_slow_wait_behind_others(held, monkeypatch):
    monkeypatch.setattr(wire, "MOST", 4)
    hands = Hands()
    page("slow again")
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    held.over.set()
    time.sleep(0.1)
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    held.over.clear()
    for about, address in enumerate(["slow a", "slow b"]):
        page(address, about)
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    page("slow again", 2)
    quick = page("quick", 3)
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    assert held.begun == ["slow again", "slow a", "slow b", "quick"]
    assert is_sent(quick)


def test_when_too_many_are_under_way_nothing_more_is_begun(held, monkeypatch):
    monkeypatch.setattr(wire, "MOST", 2)
    hands = Hands()
    for about in range(2):
        page(f"slow {about}", about)
    delivery.deliver(Clock(), channel="webhook", hands=hands)
    page("slow 2", 2)
    assert delivery.deliver(Clock(), channel="webhook", hands=hands) == 0
    assert len(held.begun) == 2


def test_what_did_not_end_at_one_address_keeps_nothing_from_another(monkeypatch, settings):
    settings.PRIVATE_TARGETS = True
    monkeypatch.setattr(posting, "LONGEST", 0.2)
    told = {"body": "{}", "secrets": [endpoints._new_secret()], "at": AT}
    with served(drips_until_it_hangs_up) as slow, served(takes_it) as healthy:
        said = [posting.post(f"http://{slow}/", key=uuid4(), **told).said for _ in range(posting.MOST_LEFT_BEHIND + 1)]
        assert said[-1] == "too many earlier tries have not ended"
        monkeypatch.setattr(posting, "LONGEST", 10.0)
        assert posting.post(f"http://{healthy}/", key=UUID(int=1), **told).is_taken
