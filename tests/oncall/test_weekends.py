"""Two stories, told minute by minute and seen by fake phones: a Saturday outage, and a holiday weekend."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from puntuale.oncall import chains, contacts, paging, rotas
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.drawing import DrawnLayer
from puntuale.oncall.models import Contact
from puntuale.sending import delivery
from puntuale.sending.hands import Hands
from puntuale.tickets.models import Ticket
from puntuale.watch import ringing
from tests.company import LONG_AGO
from tests.guarantee.test_story import on
from tests.oncall.phones import Phones

MINUTE = timedelta(minutes=1)
OFFICE = (("09:00-17:00",),) * 5 + ((),) * 2


@pytest.fixture
def phones(now, settings):
    settings.PRIVATE_TARGETS, settings.EMAIL_IS_SET = True, False
    found = Phones(now)
    yield found
    found.stop()


@pytest.fixture
def duty(company, phones):
    """Ada has the office hours, Grace and Ada the rest by turns of a week; Mara is the last resort. All have phones."""
    layers = [
        DrawnLayer("Office", (company.ada.pk,), "Europe/Rome", date(2026, 11, 16), 540, 7, OFFICE, "target"),
        DrawnLayer("Nights", (company.grace.pk, company.ada.pk), "Europe/Rome", date(2026, 11, 16), 540, 7),
    ]
    rota = rotas.shape(None, name="First line", layers=layers, by=company.mara, at=LONG_AGO)
    steps = [
        DrawnStep(wait=300, rotas=(rota.pk,)),
        DrawnStep(wait=300, people=(company.ada.pk,)),
        DrawnStep(wait=600, people=(company.mara.pk,)),
    ]
    chains.shape(None, name="Business critical", steps=steps, by=company.mara, at=LONG_AGO, rounds=2, answer_within=900)
    for name in ("ada", "grace", "mara"):
        person = getattr(company, name)
        contact = contacts.add(person, channel="webhook", address=phones.address_of(name), at=LONG_AGO)
        contacts.verify(contact, code=Contact.objects.get(pk=contact.pk).code, by=person, at=LONG_AGO)
    return rota


@pytest.fixture
def until(now):
    """Let the worker work, minute by minute, up to an instant."""

    def pass_time(instant, step=MINUTE):
        while now.at <= instant:
            ringing.go_round(at=now.at)
            while paging.go_round(now.at) == 0:
                pass
            while delivery.deliver(now, channel="webhook", hands=Hands()):
                pass
            now.at += step
        now.at = instant

    return pass_time


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def submitted(person, priority="1"):
    said = {
        "key": str(uuid4()), "environment": "production", "product": "", "subject": "All lines are dead",
        "priority": priority, "body": "Nobody can call us.",
    }  # fmt: skip
    assert browser_of(person).post("/en/tickets/new/", said).status_code == 302
    return Ticket.objects.latest("pk")


def pages(phones):
    """Who was paged when, as `22:05 grace`; codes of contacts are none."""
    return [f"{at + timedelta(hours=1):%H:%M} {name}" for at, name, letter in phones.rung if "/page/" in letter["link"]]


def test_a_saturday_outage(company, duty, phones, until, now):
    # Saturday, two o'clock at night: a customer sends the form, and sees the promise.
    now.at = on("sat 02:00")
    ticket = submitted(company.anna)
    assert ticket.due_at == on("sat 03:00")

    # Grace is paged at once. Her phone is off; so the chain goes on to Ada, who sleeps, and to Mara, who wakes up.
    phones.dead.add("grace")
    until(on("sat 02:11"))
    assert pages(phones) == ["02:05 ada", "02:10 mara"]
    told = phones.rung[-1][2]
    assert told["subject"] == f"#{ticket.number} P1 · mancano 0:50 · All lines are dead"

    # One tap on the link, without a login: Mara is on it, and nobody is paged any more.
    link = re.search(r"/it/page/[^/]+/", told["link"])[0]
    assert "Te ne occupi tu." in Client().post(link, follow=True).content.decode()
    phones.dead.clear()
    until(on("sat 02:25"))
    assert pages(phones) == ["02:05 ada", "02:10 mara"]

    # She falls asleep again. Her quarter of an hour lapses without an answer, and the chain begins anew.
    until(on("sat 02:28"))
    assert pages(phones)[2:] == ["02:26 grace"]

    # Grace answers, seven minutes before the promise would have been missed. That ends it, for good.
    answered = browser_of(company.grace).post(
        f"/en/desk/{ticket.number}/answers/", {"body": "We are on it: a line card is being replaced.", "then": "open"}
    )
    assert answered.status_code == 302
    until(on("sat 05:00"))
    assert pages(phones)[3:] == []
    ticket.refresh_from_db()
    assert ticket.answered_at == on("sat 02:28")
    assert "answered in time" in browser_of(company.anna).get(f"/en/tickets/{ticket.number}/").content.decode()


def test_nobody_wakes_up(company, duty, phones, until, now):
    """The chain is gone through twice, the managers hear that it was in vain, and the miss is dated when it was due."""
    now.at = on("sat 02:00")
    ticket = submitted(company.anna)
    until(on("sat 03:10"), step=MINUTE)
    assert pages(phones) == [
        "02:00 grace", "02:05 ada", "02:10 mara", "02:20 grace", "02:25 ada", "02:30 mara",
    ]  # fmt: skip
    in_vain = [(at, name) for at, name, letter in phones.rung if "Nessuno se ne occupa" in letter["text"]]
    assert in_vain == [(on("sat 02:40"), "mara")]
    assert "missed" in browser_of(company.ada).get(f"/en/desk/{ticket.number}/").content.decode()


def test_a_holiday_weekend(company, duty, phones, until, now):
    # Christmas Day is a Friday. The office layer leaves it to whoever has the nights of that week: Ada until Monday the
    # 28th. She has asked for Boxing Day off, so Grace steps in for that day.
    rotas.take_time_off(
        company.ada, start_at=on("2026-12-26 00:00"), end_at=on("2026-12-27 00:00"), by=company.ada, at=LONG_AGO
    )
    # A question of business hours, sent on Christmas Eve before closing, is due on Monday and wakes nobody.
    now.at = on("2026-12-24 16:00")
    question = submitted(company.anna, priority="2")
    until(on("2026-12-24 17:30"), step=10 * MINUTE)
    assert question.due_at == on("2026-12-28 11:00") and pages(phones) == []

    # An outage at eleven on Christmas Day is due at noon: Ada, who is on call, says that she is on it and answers.
    now.at = on("2026-12-25 11:00")
    outage = submitted(company.anna)
    assert outage.due_at == on("2026-12-25 12:00")
    until(on("2026-12-25 11:03"))
    assert pages(phones) == ["11:00 ada"]
    told = phones.rung[-1][2]
    Client().post(re.search(r"/en/page/[^/]+/", told["link"])[0])
    browser_of(company.ada).post(f"/en/desk/{outage.number}/answers/", {"body": "Rerouted.", "then": "open"})
    until(on("2026-12-25 13:00"), step=5 * MINUTE)
    assert pages(phones) == ["11:00 ada"]

    # Another one on Boxing Day is Grace's.
    now.at = on("2026-12-26 23:30")
    submitted(company.anna)
    until(on("2026-12-26 23:32"))
    assert pages(phones)[1:] == ["23:30 grace"]

    # The question of Christmas Eve has still two of its three hours when the office opens on Monday.
    now.at = on("2026-12-28 09:00")
    page = browser_of(company.ada).get(f"/en/desk/{question.number}/").content.decode()
    assert "2:00 left" in page
