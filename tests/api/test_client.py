"""The client: stories told through it, and what it does when the line is bad."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from puntuale.client import Client, Problem
from puntuale.client.line import TRIES
from puntuale.client.told import File, read
from puntuale.people import tokens
from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Grounds, Ticket


@pytest.fixture
def desk(company, now, kept_open):
    """The desk as a program of somebody sees it: `desk("anna")`."""
    lines = []

    def to(name, transport=None, **how):
        person = getattr(company, name)
        _, secret = tokens.issue(
            person, name="x", scopes=tokens.scopes_for(person), lasts=timedelta(days=30), at=now.at - timedelta(hours=1)
        )
        transport = transport or httpx.WSGITransport(get_wsgi_application())
        lines.append(Client("http://localhost", token=secret, transport=transport, sleep=lambda _: None, **how))
        return lines[-1]

    yield to
    for line in lines:
        line.close()


def test_a_program_sends_a_ticket_and_another_one_answers_it_in_time(desk, company, now):
    anna, ada = desk("anna"), desk("ada")
    quote = anna.quote(priority="1", environment="production")
    ticket = anna.submit(subject="Calls drop", body="Since this morning.", priority="1", environment="production")
    assert ticket.promise.due_at == quote.due_at == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    assert ticket.requester.name == anna.me().name == "Anna Conti"
    assert [one.number for one in ada.tickets(queue="due")] == [ticket.number]
    assert ada.assign(ticket.number, company.ada.pk).assignee.name == "Ada Byron"
    answer = ada.write(ticket.number, "Try this.", then="waiting", if_match=ada.ticket(ticket.number).etag)
    assert answer.author.works_for_vendor
    read = anna.ticket(ticket.number)
    assert (read.promise.state, read.phase, read.assignee) == ("met", "waiting", None)
    assert [one.kind for one in anna.events(ticket.number)] == ["submitted", "answered", "waited"]
    with pytest.raises(Problem) as refused:
        ada.resolve(ticket.number, if_match=ticket.etag)
    assert (refused.value.status, refused.value.kind) == (412, "changed")
    assert ada.resolve(ticket.number).phase == "resolved"
    assert anna.rate(ticket.number, good=True).number == ticket.number
    assert anna.reopen(ticket.number).phase == "open"
    assert anna.close_ticket(ticket.number).phase == "resolved"


def test_a_priority_changes_and_is_disputed(desk, company, now):
    anna, ada = desk("anna"), desk("ada")
    number = anna.submit(subject="How do I?", body="Well?", priority="1", environment="production").number
    lowered, waits = ada.reclassify(number, priority="3", was="1", because="how_to", text="It is a question.")
    assert (lowered.priority, waits) == ("3", False)
    change = next(one.change for one in anna.events(number) if one.change)
    assert (change["was"], change["became"], change["text"]) == ("1", "3", "It is a question.")
    anna.disagree(number, change["id"], text="It is not.")
    _, waits = anna.report_impact(number, priority="1", text="All of it.")
    assert waits


def test_files_go_along(desk, company, now):
    anna, ada = desk("anna"), desk("ada")
    file = anna.upload("log.txt", b"so it says")
    number = anna.submit(subject="See the log", body="Here.", files=[file.key]).number
    (message,) = ada.messages(number)
    assert [one.name for one in message.files] == ["log.txt"]
    assert ada.download(file.key) == b"so it says"
    with pytest.raises(Problem) as refused:
        desk("bruno").download(file.key)
    assert refused.value.status == 404
    with pytest.raises(Problem) as refused:
        anna.upload("run.exe", b"MZ")
    assert refused.value.errors[0].rule == "file.kind"


def test_a_manager_signs_a_contract(desk, company, now):
    mara = desk("mara")
    (litware,) = mara.organisations("litware")
    assert litware.plan == "basic"
    signed = mara.sign(litware.id, plan="professional", starts_at=now.at + timedelta(days=1))
    assert [one.plan for one in mara.contracts(litware.id)] == ["basic", "professional"]
    assert signed.starts_at == now.at + timedelta(days=1)
    assert [one.email for one in mara.people(organisation=litware.id)] == ["bruno@litware.test"]
    with pytest.raises(Problem) as refused:
        desk("ada").sign(litware.id, plan="advanced")
    assert refused.value.status == 403


def test_lists_are_read_to_the_end(desk, company, now):
    for _ in range(5):
        company.ticket(at=now.at)
    assert len(list(desk("anna").tickets(limit=2))) == 5


class Bad(httpx.BaseTransport):
    """A line that fails in one way after another, some of them after the desk has done what was asked."""

    def __init__(self, *faults):
        self.faults, self.line, self.keys = list(faults), httpx.WSGITransport(get_wsgi_application()), []

    def handle_request(self, request):
        self.keys.append(request.headers.get("Idempotency-Key"))
        fault = self.faults.pop(0) if self.faults else None
        if fault == "refused":
            raise httpx.ConnectError("nobody is there")
        answer = self.line.handle_request(request)
        if fault == "lost":
            answer.read()
            raise httpx.ReadTimeout("the answer is lost")
        return httpx.Response(fault, headers={"Retry-After": "1"}) if fault else answer


def test_what_was_lost_on_the_way_is_sent_again_and_done_once(desk, company, now):
    bad = Bad("refused", "lost", 502)
    ticket = desk("anna", bad).submit(subject="Calls drop", body="Since this morning.")
    assert Ticket.objects.get().number == ticket.number
    assert len(bad.keys) == 4 and len(set(bad.keys)) == 1


def test_it_gives_up_in_the_end(desk, company, now):
    bad = Bad(*["refused"] * TRIES)
    with pytest.raises(httpx.ConnectError):
        desk("anna", bad).me()
    assert len(bad.keys) == TRIES
    with pytest.raises(Problem) as refused:
        desk("anna", Bad(*[503] * TRIES)).me()
    assert refused.value.status == 503


def test_what_is_refused_is_not_sent_again(desk, company, now):
    bad = Bad()
    with pytest.raises(Problem) as refused:
        desk("anna", bad, language="it").submit(subject="x", body=" ")
    assert len(bad.keys) == 1
    assert (refused.value.kind, refused.value.errors[0].field) == ("refused", "body.body")
    assert refused.value.detail == "Scrivi qualcosa qui."


def test_instants_without_their_zone_do_not_even_leave(desk, company, now):
    with pytest.raises(ValueError, match="has no zone"):
        desk("anna").quote(at=datetime(2026, 11, 20, 15, 0))  # noqa: DTZ001


def test_whatever_else_a_newer_desk_tells_is_left_out(company):
    assert read(File, {"key": "k", "name": "n", "size": 1, "colour": "blue"}) == File("k", "n", 1)


def test_a_program_reads_what_was_kept_and_an_organisation_only_its_own(desk, company, now):
    for who, minutes in (("anna", 5), ("anna", 90), ("paola", 5)):
        ticket = company.ticket(getattr(company, who), "1", now.at)
        conversation.answer(ticket, body="Here.", by=company.ada, at=now.at + timedelta(minutes=minutes))
    now.is_("2026-11-20T20:00:00+01:00")
    days = date(2026, 11, 1), date(2026, 11, 30)
    whole = desk("mara").attainment(*days, by="organisation")
    assert (whole["total"]["promised"]["kept"], whole["total"]["promised"]["decided"]) == (2, 3)
    assert whole["total"]["promised"]["rate"] == 0.666
    assert {line["name"]: line["promised"]["decided"] for line in whole["groups"]} == {
        "Fabrikam": 1,
        "Northwind Telephony": 2,
    }
    assert whole["minutes"]["clock"] == {"answers": 3, "half": 5, "ninety": 90, "ninety_nine": 90}
    own = desk("andrea").service_report(*days)
    assert (own["total"]["promised"]["kept"], own["total"]["promised"]["decided"]) == (1, 2)
    with pytest.raises(Problem) as refused:
        desk("mara").attainment(days[1], days[0])
    assert (refused.value.status, refused.value.errors[0].field) == (422, "query.last")
    with pytest.raises(Problem):
        desk("ada").attainment(*days)


def test_a_program_reads_the_work_at_hand_and_how_priorities_were_changed(desk, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    company.ticket(company.paola, "3", now.at)
    lowering = {"to": "3", "because": Grounds.HOW_TO, "telling": "It is a question."}
    classification.reclassify(ticket, **lowering, by=company.ada, at=now.at + timedelta(minutes=1))
    now.is_("2026-11-20T20:00:00+01:00")
    days = date(2026, 11, 1), date(2026, 11, 30)
    work = desk("mara").workload(*days)
    assert {line["priority"]: line["unanswered"] for line in work["backlog"]} == {"3": 2}
    assert sum(map(sum, work["arrivals"])) == work["arrivals"][4][16] == 2
    assert work["ahead"][0]["day"] is None and len(work["ahead"]) == 15
    changed = desk("mara").changed_priorities(*days, organisation=company.anna.organisation_id)
    assert [(one["key"], one["name"], one["lowered"]) for one in changed["agent"]["changes"]] == [
        ("", "tutti insieme", 1),
        (str(company.ada.pk), company.ada.name, 1),
    ]
    assert [(one["reason"], one["tickets"]) for one in changed["reasons"]] == [("how_to", 1)]
    with pytest.raises(Problem):
        desk("andrea").workload(*days)
    with pytest.raises(Problem) as refused:
        desk("mara").changed_priorities(*days, organisation=10**9)
    assert refused.value.errors[0].rule == "organisation.unknown"
