"""What changed comes by itself: cheaply, and without telling what is none of the customer's business."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, drafts, following
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Draft, Grounds
from tests.pages import words

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


def changes(client, ticket, known="", language="en"):
    address = {"en": f"/en/tickets/{ticket.number}/changes/", "it": f"/it/ticket/{ticket.number}/cambiamenti/"}
    return client.get(address[language], headers={"If-None-Match": known} if known else {})


def shown_with(page):
    return re.search(r'data-etag="([^"]+)"', page.content.decode())[1].replace("&quot;", '"')


def test_nothing_comes_while_nothing_has_changed(signed_in, ticket):
    client = signed_in("anna")
    known = shown_with(client.get(f"/en/tickets/{ticket.number}/"))
    response = changes(client, ticket, known)
    assert (response.status_code, response.content) == (304, b"")
    assert changes(client, ticket, f"W/{known}").status_code == 304, "as a compressed answer has it"
    assert changes(client, ticket, '"something else"').status_code == 200
    assert changes(client, ticket).status_code == 200


def test_an_answer_comes(signed_in, company, ticket, now):
    client = signed_in("anna")
    known = shown_with(client.get(f"/en/tickets/{ticket.number}/"))
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=now.at)
    response = changes(client, ticket, known)
    assert response.status_code == 200
    assert "We are on it." in words(response)
    assert "answered in time" in words(response)
    assert "<html" not in response.content.decode()
    assert changes(client, ticket, response["ETag"]).status_code == 304


def test_time_itself_is_a_change_every_minute(signed_in, ticket, now):
    client = signed_in("anna")
    known = changes(client, ticket)["ETag"]
    now.at += timedelta(seconds=59)
    assert changes(client, ticket, known).status_code == 304
    now.at += timedelta(seconds=1)
    assert changes(client, ticket, known).status_code == 200


def test_what_happens_among_agents_cannot_even_be_told_from_the_name_of_the_version(signed_in, company, ticket, now):
    client = signed_in("anna")
    known = changes(client, ticket)["ETag"]
    conversation.note(ticket, body="Hm.", by=company.ada, at=now.at)
    assign(ticket, to=company.ada, by=company.ada, at=now.at)
    following.follow(ticket, person=company.grace, by=company.ada, at=now.at)
    drafts.keep(company.ada, place=Draft.Place.ANSWER, ticket=ticket, body="Soon", at=now.at)
    assert changes(client, ticket, known).status_code == 304


def test_language_and_zone_have_versions_of_their_own(signed_in, company, ticket):
    client = signed_in("anna")
    known = changes(client, ticket)["ETag"]
    company.anna.zone_name = "America/New_York"
    company.anna.save()
    assert changes(client, ticket, known).status_code == 200


def test_each_part_of_the_page_that_changes_is_in_the_answer(signed_in, company, ticket, now):
    conversation.answer(ticket, body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    client = signed_in("anna")
    pattern = r'id="(part-[a-z-]+)" data-part'
    page = client.get(f"/en/tickets/{ticket.number}/").content.decode()
    assert sorted(re.findall(pattern, page)) == sorted(re.findall(pattern, changes(client, ticket).content.decode()))


@pytest.mark.parametrize("name", ["paola", "bruno", "ada"])
def test_nobody_else_gets_it(signed_in, ticket, name):
    assert changes(signed_in(name), ticket).status_code == 404


def test_asking_in_vain_is_cheap(signed_in, ticket, django_assert_max_num_queries):
    client = signed_in("anna")
    known = changes(client, ticket)["ETag"]
    with django_assert_max_num_queries(8):
        assert changes(client, ticket, known).status_code == 304


def test_a_long_story_costs_as_many_queries_as_a_short_one(signed_in, company, now, django_assert_max_num_queries):
    client, counts = signed_in("anna"), []
    for rounds in (2, 20):
        ticket = company.ticket(company.anna, "1", now.at)
        for number in range(rounds):
            to = "23"[number % 2]
            classification.reclassify(
                ticket, to=to, because=Grounds.OTHER, telling="Because.", by=company.ada, at=now.at
            )
            ticket.refresh_from_db()
        conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
        for _ in range(rounds):
            conversation.follow_up(ticket, body="Thanks.", by=company.anna, at=now.at)
        client.get(f"/en/tickets/{ticket.number}/")
        with django_assert_max_num_queries(60) as asked:
            client.get(f"/en/tickets/{ticket.number}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_of_a_ticket_weighs_less_than_a_hundred_kilobytes(signed_in, company, ticket, now):
    for number in range(10):
        conversation.follow_up(ticket, body=f"Message {number}. " * 40, by=company.anna, at=now.at)
    page = signed_in("anna").get(f"/en/tickets/{ticket.number}/").content
    files = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    assert {"looks/inter.woff2", "looks/puntuale.css", "portal/portal.css", "portal/changes.js"} <= files
    weight = len(gzip.compress(page))
    for name in files:
        content = (ROOT / "puntuale" / name.split("/")[0] / "static" / name).read_bytes()
        weight += min(len(content), len(gzip.compress(content)))
    assert weight < 100_000, f"{weight} bytes for {sorted(files)}"
