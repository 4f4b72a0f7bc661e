"""Can we keep our promises? The page, and what it looks at."""

from datetime import timedelta

import pytest

from puntuale.office import assurance, assurance_words
from puntuale.oncall import contacts, rotas
from puntuale.sending.models import Intent
from puntuale.watch.models import Heartbeat, OutsideBeat, Watched
from tests.guarantee.test_story import on

AT = on("fri 16:00")
HOUR = timedelta(hours=1)


def found(at=AT):
    return {(finding.verdict.value, finding.key) for finding in assurance.findings(at)}


@pytest.fixture
def all_is_well(company, oncall, settings):
    settings.HEARTBEAT_URL = "https://monitor.example.com/x"
    OutsideBeat.objects.create(pk=1, tried_at=AT, heard_at=AT)
    for person in (company.ada, company.grace, company.mara):
        contact = contacts.add(person, channel="chat", address=f"ntfy://ntfy.example.com/{person.pk}", at=AT)
        contacts.verify(contact, code=contact.code, by=person, at=AT)
    Intent.objects.all().delete()


def test_all_well_is_said(all_is_well):
    assert {verdict for verdict, _ in found()} == {"ok"}


def test_a_desk_without_anything_says_what_is_missing(company):
    assert {("bad", "no_chain"), ("bad", "no_mail"), ("warning", "no_monitor")} <= found()


@pytest.mark.parametrize(
    ("breaks", "expected"),
    [
        (lambda company: [rotas.take_time_off(person, start_at=AT, end_at=AT + HOUR, by=person, at=AT) for person in (company.ada, company.grace)], ("bad", "gap")),
        (lambda company: company.ada.contacts.update(removed_at=AT), ("warning", "hard_to_reach")),
        (lambda _: Heartbeat.objects.update(beat_at=AT - HOUR), ("bad", "watch_silent")),
        (lambda company: company.ticket(at=AT - HOUR), ("bad", "lag")),
        (lambda company: (company.ticket(at=AT), Watched.objects.update(set_aside_at=AT)), ("bad", "set_aside")),
        (lambda _: OutsideBeat.objects.update(heard_at=AT - HOUR), ("bad", "monitor_unheard")),
        (lambda _: OutsideBeat.objects.all().delete(), ("bad", "monitor_unheard")),
        (lambda company: Intent.objects.create(kind="page", about=1, channel="email", address="x@y.test", person=company.ada, rank=0, made_at=AT, try_at=AT, attempts=1, problem="550 no"), ("warning", "failed")),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_found(all_is_well, company, breaks, expected):
    breaks(company)
    assert expected in found()


def test_holidays_that_end_within_a_year_are_told(all_is_well):
    assert ("ok", "holidays") in found()
    assert ("warning", "holidays") in found(AT.replace(year=2040))


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "es"])
def test_every_finding_has_its_sentence_in_every_language(company, language, settings):
    from puntuale.guarantee.texts import Text  # noqa: PLC0415
    from puntuale.guarantee.zones import zone  # noqa: PLC0415

    facts = {"plan": "advanced", "target": 3600, "takes": 5400, "chain": "C", "count": 2, "from": AT, "until": AT, "since": AT, "name": "Ada", "list": Text.of({"en": "TARGET"}), "year": 2040, "channel": "sms", "problem": "no"}  # fmt: skip
    for key in assurance_words.SENTENCES:
        said = assurance_words.sentence(assurance.Finding("bad", key, facts), language, zone("UTC"), at=AT)
        assert "%(" not in said and said.endswith((".", "no"))


def test_the_page_is_for_managers_and_shows_the_worst_first(all_is_well, company, signed_in, now):
    company.ada.contacts.update(removed_at=AT)
    now.at = AT
    assert signed_in("ada").get("/en/office/promises/").status_code == 404
    page = signed_in("mara").get("/en/office/promises/").content.decode()
    assert page.index("Ada Byron may be woken") < page.index("The watch is alive")
    assert "Yes, but not everything is as it should be" in page
