"""A customer who is signed in fills neither the queue, nor the disk, nor the night of whoever is on call."""

import json
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from puntuale.people import tokens
from puntuale.people.joining import add_person
from puntuale.people.models import Role
from puntuale.tickets import classification, conversation, limits, submission
from puntuale.tickets.attachments import FileRefused, take_in
from puntuale.tickets.models import Draft, Grounds, Ticket
from puntuale.webhooks import incoming, reports
from puntuale.webhooks.incoming import TooManyCalls
from tests.pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small(settings):
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR, settings.FILES_AN_HOUR = 3, 2, 3


def form(priority="3", **more):
    key = str(uuid4())
    return {
        # The very same text sent again would be the ticket that was sent before.
        "key": key, "subject": f"Calls drop {key}", "body": "What I typed.", "environment": "production",
        "priority": priority, "product": "",
    } | more  # fmt: skip


def send(browser, priority="3", **more):
    return browser.post("/en/tickets/new/", form(priority, **more))


def program(person, now):
    _token, secret = tokens.issue(person, name="x", scopes=["read", "write"], lasts=timedelta(days=9), at=now.at)
    return lambda path, said, kind="application/json": Client().post(
        f"/api/v1{path}", said, content_type=kind, headers={"Authorization": f"Bearer {secret}"}
    )


def test_sec_s17_a_page_takes_so_many_tickets_an_hour_and_keeps_what_was_typed(signed_in, company, now):
    browser = signed_in("anna")
    assert [send(browser).status_code for _ in range(3)] == [302] * 3
    file = SimpleUploadedFile("log.txt", b"kept")
    refused = browser.post("/en/tickets/new/", form() | {"file": file})
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    said = words(refused)
    assert "You sent 3 tickets within the last hour" in said and "try again in 60 min" in said
    assert "What I typed." in refused.content.decode() and "log.txt" in said
    assert Ticket.objects.count() == 3
    now.at += timedelta(hours=1)
    assert send(browser).status_code == 302


@pytest.mark.parametrize("spent", ["3", "2"])
def test_sec_s17_nobody_with_an_outage_is_turned_away_by_what_else_was_sent(signed_in, company, now, spent):
    browser = signed_in("anna")
    for _ in range(3):
        send(browser, spent)
    assert send(browser, spent).status_code == 429
    assert [send(browser, "1").status_code for _ in range(2)] == [302, 302]
    refused = send(browser, "1")
    assert refused.status_code == 429
    assert "2 tickets of the most urgent priority were sent" in words(refused)
    assert "Choose a lower priority" in words(refused)


def test_sec_s17_after_too_many_outages_the_same_form_is_taken_as_less_urgent(signed_in, company, now):
    browser, sent = signed_in("anna"), form("1")
    for _ in range(2):
        send(browser, "1")
    assert browser.post("/en/tickets/new/", sent).status_code == 429
    assert browser.post("/en/tickets/new/", sent | {"priority": "2"}).status_code == 302
    assert Ticket.objects.order_by("pk").last().priority == "2"


def test_sec_s17_the_same_form_twice_is_one_ticket_also_past_the_limit(signed_in, company, now):
    browser, sent = signed_in("anna"), form()
    browser.post("/en/tickets/new/", sent)
    for _ in range(2):
        send(browser)
    assert browser.post("/en/tickets/new/", sent).status_code == 302
    assert Ticket.objects.count() == 3


def test_sec_s17_page_and_api_count_together_and_the_draft_stays(signed_in, company, now):
    browser, post = signed_in("anna"), program(company.anna, now)
    browser.post(reverse("draft"), {"place": "new_ticket", "subject": "Half", "body": "A draft"})
    kept = Draft.objects.get()
    said = json.dumps({"subject": "S", "body": "B", "priority": "3", "environment": "production"})
    assert [post("/tickets", said).status_code for _ in range(3)] == [201] * 3
    answer = post("/tickets", said)
    assert (answer.status_code, answer["Retry-After"], answer.json()["status"]) == (429, "3600", 429)
    assert "You sent 3 tickets" in answer.json()["detail"]
    assert send(browser).status_code == 429
    assert Draft.objects.get().body == kept.body == "A draft"


def grew(browser, number, priority="1"):
    said = {"priority": priority, "text": "It got worse."}
    return browser.post(f"/en/tickets/{number}/impact/", said)


def test_sec_s17_it_got_worse_is_no_way_round_the_limit_of_what_is_urgent(signed_in, company, now):
    browser, post = signed_in("anna"), program(company.anna, now)
    for _ in range(3):
        send(browser)
    one, two, three = Ticket.objects.order_by("pk")
    assert [grew(browser, ticket.number).status_code for ticket in (one, two)] == [302, 302]
    refused = grew(browser, three.number)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "2 tickets of the most urgent priority were sent" in words(refused)
    assert "It got worse.</textarea>" in refused.content.decode()
    answer = post(f"/tickets/{three.number}/impact", json.dumps({"priority": "1", "text": "Worse."}))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    three.refresh_from_db()
    assert three.priority == "3"
    assert grew(browser, three.number, "2").status_code == 302, "less than the most urgent is no question of limits"
    assert send(browser, "1").status_code == 429


def test_sec_s17_what_was_made_urgent_still_counts_as_what_was_sent(signed_in, company, now):
    browser = signed_in("anna")
    for _ in range(3):
        send(browser)
    for ticket in Ticket.objects.order_by("pk")[:2]:
        grew(browser, ticket.number)
    assert send(browser).status_code == 429


def test_sec_s17_what_we_lowered_still_counts_as_urgent(signed_in, company, now):
    browser = signed_in("anna")
    for _ in range(2):
        send(browser, "1")
    for ticket in Ticket.objects.all():
        classification.reclassify(
            ticket, to="3", because=Grounds.WORKAROUND, telling="There is a way.", by=company.ada, at=now.at
        )
    assert send(browser, "1").status_code == 429
    assert [send(browser).status_code for _ in range(4)] == [302] * 3 + [429]


def test_sec_s17_the_first_of_an_outage_go_through_however_many_were_made_urgent_before(signed_in, company, now):
    browser = signed_in("anna")
    for _ in range(2):
        send(browser)
    for ticket in Ticket.objects.order_by("pk"):
        grew(browser, ticket.number)
    now.at += timedelta(hours=1)
    assert [send(browser, "1").status_code for _ in range(3)] == [302, 302, 429]


def test_sec_s17_what_an_agent_makes_urgent_is_not_the_customers(signed_in, company, now):
    browser = signed_in("anna")
    for _ in range(3):
        send(browser)
    for ticket in Ticket.objects.all():
        classification.reclassify(
            ticket, to="1", because=Grounds.IMPACT_GREW, telling="It is down.", by=company.ada, at=now.at
        )
    assert send(browser, "1").status_code == 302


def test_sec_s17_the_people_of_an_organisation_make_urgent_together(company, now, settings):
    settings.TICKETS_AN_HOUR, settings.URGENT_TICKETS_AN_HOUR = 30, 1
    people = [
        add_person(
            name=f"P {count}", email=f"p{count}@northwind.test", password=None, role=Role.CUSTOMER, at=now.at,
            organisation=company.advanced,
        )
        for count in range(6)
    ]  # fmt: skip
    tickets = [company.ticket(person, priority="3", at=now.at) for person in people]
    for person, ticket in zip(people[:5], tickets, strict=False):
        classification.report_impact(ticket, to="1", text="Worse.", by=person, at=now.at)
    with pytest.raises(limits.TooMany) as refused:
        classification.report_impact(tickets[5], to="1", text="Worse.", by=people[5], at=now.at)
    assert (refused.value.what, refused.value.is_of_all) == ("urgent", True)


def test_sec_s17_an_organisation_has_five_times_as_much_and_another_is_not_touched(company, now):
    people = [
        add_person(
            name=f"P {count}", email=f"p{count}@northwind.test", password=None, role=Role.CUSTOMER, at=now.at,
            organisation=company.advanced,
        )
        for count in range(6)
    ]  # fmt: skip
    for person in people[:5]:
        for _ in range(3):
            company.ticket(person, priority="3", at=now.at)
    with pytest.raises(limits.TooMany) as refused:
        company.ticket(people[5], priority="3", at=now.at)
    assert (refused.value.is_of_all, refused.value.limit) == (True, 15)
    company.ticket(people[5], priority="1", at=now.at)
    company.ticket(company.paola, priority="3", at=now.at)


def test_sec_s17_colleagues_have_no_limits(company, now):
    for _ in range(8):
        submission.open_for(
            company.anna, subject="S", body="B", environment="production", product=None, priority="1", key=uuid4(),
            by=company.ada, at=now.at,
        )  # fmt: skip
        take_in("a.txt", [b"x"], by=company.ada, at=now.at)


def test_sec_s17_messages_are_counted_by_page_and_api_alike(signed_in, company, now):
    browser, post = signed_in("anna"), program(company.anna, now)
    ticket = company.ticket(priority="3", at=now.at)

    def write():
        key = uuid4()
        return browser.post(f"/en/tickets/{ticket.number}/messages/", {"key": str(key), "body": f"And {key}"})

    def tell():
        return post(f"/tickets/{ticket.number}/messages", json.dumps({"body": f"And {uuid4()}"}))

    assert [write().status_code for _ in range(4)] == [302] * 4
    assert [tell().status_code for _ in range(4)] == [201] * 4
    refused, answer = write(), tell()
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Too many requests. Please wait." in words(refused) and "And " in refused.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert send(browser).status_code == 302, "tickets are counted by themselves"
    now.at += timedelta(hours=1)
    assert write().status_code == 302


def test_sec_s17_an_organisation_writes_five_times_as_much_and_another_is_not_touched(company, now, settings):
    settings.TICKETS_AN_HOUR = 1
    people = [
        add_person(
            name=f"P {count}", email=f"p{count}@northwind.test", password=None, role=Role.ORGANISATION_ADMIN, at=now.at,
            organisation=company.advanced,
        )
        for count in range(6)
    ]  # fmt: skip
    ticket, theirs = company.ticket(priority="1", at=now.at), company.ticket(company.paola, priority="3", at=now.at)
    for person in people[:4]:
        for count in range(3):
            conversation.follow_up(ticket, body=f"And {count}", by=person, at=now.at)
    for count in range(2):
        conversation.follow_up(ticket, body=f"And {count}", by=people[4], at=now.at)
    with pytest.raises(limits.TooMany) as refused:
        conversation.follow_up(ticket, body="And", by=people[5], at=now.at)
    assert (refused.value.what, refused.value.is_of_all) == ("messages", True)
    conversation.follow_up(theirs, body="And", by=company.paola, at=now.at)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=now.at)


def test_sec_s17_the_same_message_twice_is_one_also_past_the_limit(company, now, settings):
    settings.TICKETS_AN_HOUR = 1
    ticket, key = company.ticket(priority="3", at=now.at), uuid4()
    first = conversation.follow_up(ticket, body="And", by=company.anna, at=now.at, key=key)
    conversation.follow_up(ticket, body="And more", by=company.anna, at=now.at)
    with pytest.raises(limits.TooMany):
        conversation.follow_up(ticket, body="And yet more", by=company.anna, at=now.at)
    assert conversation.follow_up(ticket, body="And", by=company.anna, at=now.at, key=key) == first


def test_sec_s17_files_are_counted_by_page_form_and_api_alike(signed_in, company, now):
    browser, post = signed_in("anna"), program(company.anna, now)

    def upload():
        return browser.post(reverse("upload"), {"file": SimpleUploadedFile("a.txt", b"x")})

    assert [upload().status_code for _ in range(2)] == [201, 201]
    assert post("/files?name=b.txt", b"x", "application/octet-stream").status_code == 201
    refused = upload()
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "a.txt was not uploaded" in refused.json()["problem"]
    answer = post("/files?name=b.txt", b"x", "application/octet-stream")
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    refused = browser.post("/en/tickets/new/", form() | {"file": BytesIO(b"x")})
    assert refused.status_code == 429 and "What I typed." in refused.content.decode()
    with pytest.raises(FileRefused) as problem:
        take_in("c.txt", [b"x"], by=company.anna, at=now.at)
    assert problem.value.rule == "file.too_many"
    take_in("c.txt", [b"x"], by=company.anna, at=now.at + timedelta(hours=1))


def test_sec_s17_files_have_a_size_together(company, now, monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    take_in("a.txt", [b"x" * 10], by=company.anna, at=now.at)
    with pytest.raises(FileRefused):
        take_in("b.txt", [b"x"], by=company.anna, at=now.at)


def test_sec_s17_a_monitoring_opens_less_urgent_tickets_then_and_is_told_to_come_back(company, now):
    hook, _secret = incoming.add(
        name="Nagios", kind="monitoring", person=company.anna, priority="1", environment="production", product=None,
        by=company.mara, at=now.at,
    )  # fmt: skip
    alarms = [reports.read({"title": f"Host {number} down", "id": number}) for number in range(6)]
    for alarm in alarms[:5]:
        incoming.take(hook, alarm, at=now.at)
    assert list(Ticket.objects.order_by("pk").values_list("priority", flat=True)) == ["1", "1", "3", "3", "3"]
    with pytest.raises(TooManyCalls):
        incoming.take(hook, alarms[5], at=now.at)


@pytest.mark.parametrize("name", ["TICKETS_AN_HOUR", "URGENT_TICKETS_AN_HOUR", "FILES_AN_HOUR"])
def test_a_vendor_can_do_without_limits(company, now, settings, name):
    setattr(settings, name, None)
    priority = "1" if name == "URGENT_TICKETS_AN_HOUR" else "3"
    for _ in range(5):
        if name == "FILES_AN_HOUR":
            take_in("a.txt", [b"x"], by=company.anna, at=now.at)
        else:
            company.ticket(priority=priority, at=now.at)
