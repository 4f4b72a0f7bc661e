"""Other programs open tickets: alarms of a monitoring, calls that nobody took."""

import json
from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.guarantee.visible import is_visible
from puntuale.people import roles
from puntuale.tickets import conversation, texts
from puntuale.tickets.models import Ticket
from puntuale.webhooks import incoming, phones
from puntuale.webhooks.incoming import HookRefused, TooManyCalls
from puntuale.webhooks.models import IncomingHook, PhoneNumber
from puntuale.webhooks.phones import NumberRefused
from puntuale.webhooks.reports import read
from tests.guarantee.test_story import on

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)
ALERTMANAGER = {
    "status": "firing", "groupKey": '{}:{alertname="DiskFull"}', "commonLabels": {"alertname": "DiskFull"},
    "commonAnnotations": {"summary": "Disk full on db1", "description": "97 % of /var"}, "alerts": [{"status": "firing"}],
}  # fmt: skip


def hook(company, kind="monitoring", **more):
    asked = {"name": "Monitor", "person": company.anna, "priority": "1", "environment": "production", "product": None}
    return incoming.add(kind=kind, by=company.mara, at=AT, **asked | more)


def call(found, told, at=AT):
    return incoming.take(found, read(told), at=at)


def test_an_alarm_becomes_a_ticket_with_a_promise(company):
    found, _ = hook(company, product=company.telephony)
    taken = call(found, ALERTMANAGER)
    ticket = Ticket.objects.get()
    assert (taken.outcome, taken.ticket) == ("opened", ticket)
    assert (ticket.subject, ticket.requester, ticket.priority, ticket.product) == (
        "Disk full on db1",
        company.anna,
        "1",
        company.telephony,
    )
    assert ticket.due_at == on("fri 17:00")
    body = ticket.messages.get().body
    assert body.startswith("97 % of /var\n\n```\n{")
    assert '"alertname": "DiskFull"' in body


def test_the_same_alarm_opens_no_second_ticket_while_the_first_is_open(company):
    found, _ = hook(company)
    first = call(found, ALERTMANAGER)
    again = call(found, ALERTMANAGER, AT + MINUTE)
    assert (again.outcome, again.ticket) == ("known", first.ticket)
    conversation.answer(first.ticket, body="Done.", by=company.ada, at=AT + 2 * MINUTE, then=Phase.RESOLVED)
    later = call(found, ALERTMANAGER, AT + 3 * MINUTE)
    assert later.outcome == "opened"
    assert later.ticket != first.ticket
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    "told",
    [
        {"status": "resolved"},
        {"state": "OK"},
        {"alert": {"state": "closed"}},
        {"heartbeat": {"status": 1}},
        {"status": "cleared"},
        {"state": "CLEAR"},
        {"state": "Normal"},
        {"status": "healthy"},
        {"status": "passing"},
        {"status": "inactive"},
        {"status": "green"},
        {"status": "No Longer Firing"},
        {"state": "expired"},
        {"status": "completed"},
    ],
)
def test_what_is_over_opens_nothing(company, told):
    found, _ = hook(company)
    assert call(found, told | {"subject": "x"}).outcome == "over"
    assert not Ticket.objects.exists()


KUMA = {"monitor": {"id": 7, "name": "web"}, "msg": "[web] it is so"}
ZABBIX = {"event_id": "31", "subject": "High load"}
REPORTS = [
    (KUMA | {"heartbeat": {"status": 0}}, KUMA | {"heartbeat": {"status": 1}}),
    (ALERTMANAGER, ALERTMANAGER | {"status": "resolved"}),
    ({"groupKey": "g", "title": "x", "state": "alerting"}, {"groupKey": "g", "title": "x", "state": "ok"}),
    (ZABBIX | {"event_value": "1"}, ZABBIX | {"event_value": "0"}),
    (ZABBIX | {"event_status": "PROBLEM"}, ZABBIX | {"event_status": "RESOLVED"}),
    ({"alert_id": 3, "alert_transition": "Triggered"}, {"alert_id": 3, "alert_transition": "Recovered"}),
    ({"action": "created", "data": {"issue": {"id": "9"}}}, {"action": "resolved", "data": {"issue": {"id": "9"}}}),
    ({"name": "backup", "code": "c", "status": "down"}, {"name": "backup", "code": "c", "status": "up"}),
]


@pytest.mark.parametrize(("bad", "good"), REPORTS)
def test_bad_news_opens_and_good_news_is_told_on_its_ticket(company, bad, good):
    found, _ = hook(company)
    assert call(found, good).outcome == "over" and not Ticket.objects.exists()
    opened = call(found, bad)
    assert opened.outcome == "opened"
    assert call(found, bad, AT + MINUTE).outcome == "known"
    assert opened.ticket.messages.count() == 1
    over = call(found, good, AT + 2 * MINUTE)
    assert (over.outcome, over.ticket) == ("over", opened.ticket)
    last = opened.ticket.messages.order_by("pk").last()
    assert last.body.startswith("Monitoring reports that this is resolved.\n\n")
    assert (opened.ticket.messages.count(), last.author, Ticket.objects.get().phase) == (2, company.anna, "open")


@pytest.mark.parametrize("state", [{"status": 1}, {"state": "1"}, {"status": "down"}, {"heartbeat": {"status": 0}}])
def test_a_number_of_no_known_meaning_and_down_are_never_good_news(company, state):
    assert call(hook(company)[0], {"subject": "x"} | state).outcome == "opened"


def test_a_report_that_it_is_worse_ends_waiting(company):
    found, _ = hook(company)
    ticket = call(found, {"id": "a", "subject": "Disk", "body": "90 %"}).ticket
    conversation.answer(ticket, body="We look at it.", by=company.ada, at=AT + MINUTE, then=Phase.WAITING)
    call(found, {"id": "a", "subject": "Disk", "body": "99 %"}, AT + 2 * MINUTE)
    ticket.refresh_from_db()
    assert (ticket.phase, "99 %" in ticket.messages.order_by("pk").last().body) == ("open", True)


def test_whatever_a_program_says_makes_a_ticket_that_can_be_read(company):
    found, _ = hook(company)
    for told in (
        {},
        {"subject": ["a"], "x": {"y": None}},
        {"subject": "\0" * 400, "body": "```\n" * 9_000},
        {"title": 42},
        {"subject": "a\r\nb" * 200},
    ):
        taken = call(found, told)
        assert taken.outcome == "opened", told
        assert 0 < len(taken.ticket.subject) <= 255


def test_without_a_guarantee_for_its_priority_the_usual_one_is_taken(company):
    found, _ = hook(company)
    IncomingHook.objects.update(priority="7")
    found.refresh_from_db()
    assert call(found, ALERTMANAGER).ticket.priority == "3"


@pytest.mark.parametrize("written", ["+39 06 12345678", "0039 06/1234-5678", "+39(06)12345678"])
def test_a_call_that_nobody_took_becomes_a_ticket_of_the_caller(company, written):
    phones.add(company.paola, number="+39 06 12345678", by=company.mara, at=AT)
    found, _ = hook(company, "telephony", priority="")
    taken = call(found, {"from": written, "id": "call-1"})
    assert (taken.ticket.requester, taken.ticket.organisation) == (company.paola, company.professional)
    assert taken.ticket.subject == "Chiamata persa da +390612345678"
    assert call(found, {"From": written, "CallStatus": "completed"}).outcome == "over"


def test_a_call_of_a_number_that_nobody_knows_falls_to_whoever_the_hook_names(company):
    found, _ = hook(company, "telephony", priority="")
    assert call(found, {"from": "+1 555 0100"}).ticket.requester == company.anna
    assert call(found, {"from": "withheld"}).ticket.subject == "Missed call from an unknown number"


def test_a_customer_who_left_gets_no_tickets(company):
    found, _ = hook(company)
    roles.leave(company.anna, by=company.mara, at=AT)
    taken = call(incoming.IncomingHook.objects.select_related("person__organisation").get(), ALERTMANAGER)
    assert (found.calls.get().outcome, taken.because) == ("refused", "person_left")


def test_more_calls_than_anybody_could_look_at_are_refused(company):
    found, _ = hook(company)
    found.calls.bulk_create(found.calls.model(hook=found, at=AT, outcome="over") for _ in range(incoming.MOST_A_MINUTE))
    with pytest.raises(TooManyCalls):
        call(found, ALERTMANAGER)
    assert call(found, ALERTMANAGER, AT + 2 * MINUTE).outcome == "opened"
    assert incoming.forget_old(at=AT + timedelta(days=31)) == incoming.MOST_A_MINUTE + 1


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"name": " "}, "name.length"),
        ({"kind": "carrier pigeon"}, "kind.unknown"),
        ({"person": None}, "person.customer"),
        ({"environment": "staging"}, "priority.barred"),
        ({"priority": "9"}, "priority.unknown"),
        ({"environment": "moon"}, "priority.unknown"),
    ],
)
def test_an_address_that_cannot_be_is_refused(company, more, rule):
    asked = {"kind": "monitoring"} | more
    with pytest.raises(HookRefused) as refused:
        hook(company, **asked)
    assert refused.value.rule == rule


@pytest.mark.parametrize(
    "written", ["", "12345", "+39", "06 12345678", "+39 06 CALL ME", "+0 12345678", "+39061234567812345"]
)
def test_what_is_no_number_is_refused(company, written):
    with pytest.raises(NumberRefused, match=r"number\.international"):
        phones.add(company.anna, number=written, by=company.mara, at=AT)


def test_a_number_is_one_person_s_and_no_agent_s(company):
    phones.add(company.anna, number="+39 06 12345678", by=company.mara, at=AT)
    with pytest.raises(NumberRefused, match=r"number\.taken"):
        phones.add(company.paola, number="0039 0612345678", by=company.mara, at=AT)
    with pytest.raises(NumberRefused, match=r"person\.customer"):
        phones.add(company.ada, number="+39 06 87654321", by=company.mara, at=AT)
    phones.remove(PhoneNumber.objects.get(), by=company.mara, at=AT)
    assert phones.caller("+390612345678") is None


def test_programs_call_the_address_with_json_or_a_form(company, client, now):
    _, secret = hook(company)
    address = f"/hooks/{secret}/"
    answer = client.post(address, json.dumps(ALERTMANAGER), content_type="application/json")
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"outcome": "opened", "ticket": ticket.number, "because": ""})
    assert client.post(address, {"subject": "By form"}).status_code == 201
    assert client.post(address, json.dumps(ALERTMANAGER), content_type="application/json").status_code == 200


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"a"', "[" * 100_000, '{"a": "' + "x" * 300_000 + '"}'])
def test_sec_s17_what_is_no_small_json_object_is_refused(company, client, now, body):
    _, secret = hook(company)
    assert client.post(f"/hooks/{secret}/", body, content_type="application/json").status_code == 400
    assert not Ticket.objects.exists()


def test_sec_s25_the_secret_is_kept_as_a_hash_and_over_when_the_address_is_retired(company, client, now):
    found, secret = hook(company)
    assert secret not in str(IncomingHook.objects.values().get())
    incoming.retire(found, by=company.mara, at=AT)
    assert client.post(f"/hooks/{secret}/", {"subject": "x"}).status_code == 404
    assert client.post("/hooks/guessed/", {"subject": "x"}).status_code == 404
    assert client.get(f"/hooks/{secret}/").status_code == 405


def test_managers_make_addresses_and_write_down_numbers(company, signed_in, now):
    client = signed_in("mara")
    form = {
        "name": "Zabbix",
        "kind": "monitoring",
        "person": "anna@northwind.test",
        "priority": "1",
        "environment": "production",
        "product": "",
    }
    page = client.post("/en/office/connectors/new/", form).content.decode()
    found = IncomingHook.objects.get()
    assert f"/hooks/{found.begins}" in page
    refused = client.post("/en/office/connectors/new/", form | {"environment": "staging"})
    assert refused.status_code == 422
    assert "This priority cannot be chosen" in refused.content.decode()
    assert (
        client.post(
            "/en/office/connectors/numbers/", {"number": "+39 06 1234567", "person": "anna@northwind.test"}
        ).status_code
        == 302
    )
    refused = client.post("/en/office/connectors/numbers/", {"number": "12", "person": "anna@northwind.test"})
    assert "with its country" in refused.content.decode()
    call(found, ALERTMANAGER)
    assert f"#{Ticket.objects.get().number}" in client.get(f"/en/office/connectors/{found.pk}/").content.decode()


@pytest.mark.parametrize("unseen", ["\u200b", "\u3164", "<!-- -->"])
def test_what_nobody_can_see_of_a_call_is_told_in_other_words(company, unseen):
    alarm = call(hook(company)[0], {"title": unseen, "body": unseen, "status": "firing"})
    missed = call(hook(company, "telephony")[0], {"from": "+39061234567", "status": "no-answer", "body": unseen})
    for taken in (alarm, missed):
        assert is_visible(taken.ticket.subject)
        assert texts.is_seen(taken.ticket.messages.get().body)
