"""Keeping a copy of the tickets: versions that change with what happens, and lists in the order in which it did."""

from datetime import timedelta

import pytest
from django.db import connection

from puntuale.tickets import assignment, conversation, following, merging, rating, resolution, waiting
from puntuale.tickets.models import Ticket

BEGINNING = {"updated_since": "2026-11-20T14:00:00Z"}


@pytest.fixture
def ticket(company, now):
    return company.ticket(at=now.at)


def merged_and_back(company, ticket, at):
    other = company.ticket(at=at)
    merging.merge(other, into=ticket, by=company.ada, at=at)
    other.refresh_from_db()
    merging.unmerge(other, by=company.ada, at=at)


HAPPENINGS = {
    "a message of the customer": lambda c, t, at: conversation.follow_up(t, body="And?", by=c.anna, at=at),
    "a second answer": lambda c, t, at: conversation.answer(t, body="More.", by=c.grace, at=at),
    "waiting": lambda c, t, at: waiting.wait(t, by=c.ada, at=at),
    "resolving": lambda c, t, at: resolution.resolve(t, by=c.ada, at=at),
    "a merge into it": lambda c, t, at: merging.merge(c.ticket(at=at), into=t, by=c.ada, at=at),
    "a merge into it that is undone": merged_and_back,
}
AMONG_US = {
    "a note": lambda c, t, at: conversation.note(t, body="Hm.", by=c.grace, at=at),
    "an assignment": lambda c, t, at: assignment.assign(t, to=c.grace, by=c.ada, at=at),
    "somebody who reads along": lambda c, t, at: following.follow(t, person=c.andrea, by=c.ada, at=at),
    "a rating": lambda c, t, at: rating.rate(t, good=True, comment="", by=c.anna, at=at),
}


@pytest.mark.parametrize("happens", [*HAPPENINGS.values(), *AMONG_US.values()], ids=[*HAPPENINGS, *AMONG_US])
def test_whatever_happens_makes_another_version_for_agents(program, company, ticket, now, happens):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    ada, path = program("ada"), f"/tickets/{ticket.number}"
    before = ada.get(path)["ETag"]
    happens(company, ticket, now.at)
    assert ada.get(path, If_None_Match=before).status_code == 200
    refused = ada.post(f"{path}/messages", {"body": "Late."}, If_Match=before)
    assert (refused.status_code, refused.json()["type"]) == (412, "/api/v1/docs#problem-changed")
    assert ada.post(f"{path}/messages", {"body": "Now."}, If_Match=refused["ETag"]).status_code == 201


@pytest.mark.parametrize("happens", HAPPENINGS.values(), ids=HAPPENINGS)
def test_what_customers_are_told_makes_another_version_for_them(program, company, ticket, now, happens):
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    anna, path = program("anna"), f"/tickets/{ticket.number}"
    before = anna.get(path)["ETag"]
    happens(company, ticket, now.at)
    assert anna.get(path)["ETag"] != before


@pytest.mark.parametrize("happens", list(AMONG_US.values())[:2], ids=list(AMONG_US)[:2])
def test_what_happens_among_agents_does_not_show(program, company, ticket, now, happens):
    anna, path = program("anna"), f"/tickets/{ticket.number}"
    before = anna.get(path)
    happens(company, ticket, now.at)
    after = anna.get(path)
    assert (after["ETag"], after.json()["version"]) == (before["ETag"], before.json()["version"])


def test_a_resolution_that_did_not_see_the_customers_last_words_is_refused(program, company, ticket, now):
    conversation.answer(ticket, body="Try this.", by=company.ada, at=now.at)
    ada, path = program("ada"), f"/tickets/{ticket.number}"
    read = ada.get(path)["ETag"]
    conversation.follow_up(ticket, body="NO, it is still broken!", by=company.anna, at=now.at)
    assert ada.post(f"{path}/resolution", If_Match=read).status_code == 412
    ticket.refresh_from_db()
    assert ticket.phase == "open"


def paged(program, between=lambda _page: None, **asked):
    """Return the numbers of all pages, with something done after each."""
    seen, cursor = [], None
    for page in range(50):
        more = {"cursor": cursor} if cursor else {}
        found = program.get("/tickets", BEGINNING | {"limit": 2} | asked | more).json()
        seen.append([one["number"] for one in found["items"]])
        cursor = found["next"]
        if cursor is None:
            return seen
        between(page)
    raise AssertionError(seen)


def flat(pages):
    return [number for page in pages for number in page]


@pytest.mark.parametrize("who", ["ada", "anna"])
def test_what_changed_comes_in_the_order_in_which_it_did(program, company, now, who):
    first, second, third = (company.ticket(at=now.at + timedelta(minutes=n)) for n in range(3))
    conversation.follow_up(first, body="And?", by=company.anna, at=now.at + timedelta(minutes=9))
    assert flat(paged(program(who))) == [second.number, third.number, first.number]
    since = (now.at + timedelta(minutes=2)).isoformat()
    assert flat(paged(program(who), updated_since=since)) == [third.number, first.number]


def test_tickets_that_changed_at_one_instant_are_each_told_once(program, company, now):
    numbers = [company.ticket(at=now.at).number for _ in range(7)]
    assert flat(paged(program("ada"))) == flat(paged(program("anna"))) == numbers


@pytest.mark.parametrize("who", ["ada", "anna"])
def test_nothing_is_left_out_or_doubled_while_others_write(program, company, now, who):
    tickets = [company.ticket(at=now.at + timedelta(seconds=n)) for n in range(7)]
    made = []

    def between(page):
        later = now.at + timedelta(minutes=1 + page)
        if page < 2:
            # One that was read, one that was not, and a new one.
            conversation.follow_up(tickets[page], body="And?", by=company.anna, at=later)
            conversation.follow_up(tickets[6 - page], body="And?", by=company.anna, at=later)
            made.append(company.ticket(at=later))

    seen = flat(paged(program(who), between))
    wanted = [ticket.number for ticket in [*tickets, *made]]
    assert set(seen) == set(wanted)
    twice = {number for number in seen if seen.count(number) > 1}
    assert twice == {tickets[0].number, tickets[1].number}
    assert [number for number in seen if number in twice][-2:] == [tickets[0].number, tickets[1].number]


def test_the_order_tells_customers_nothing_of_what_happens_among_agents(program, company, now):
    first, second = (company.ticket(at=now.at + timedelta(minutes=n)) for n in range(2))
    conversation.note(first, body="Hm.", by=company.ada, at=now.at + timedelta(minutes=9))
    assert flat(paged(program("anna"))) == [first.number, second.number]
    assert flat(paged(program("ada"))) == [second.number, first.number]


def test_what_changed_is_found_by_an_index(company, ticket, now):
    changed = Ticket.objects.filter(last_event_at__gte=now.at).order_by("last_event_at", "pk")[:51]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = changed.explain()
    assert "ticket_changed" in plan and "Sort" not in plan, plan


@pytest.mark.parametrize("who", ["ada", "anna"])
def test_what_was_merged_and_goes_its_own_way_again_changes_the_other_one_too(program, company, ticket, now, who):
    other = company.ticket(at=now.at)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at)
    merging.merge(other, into=ticket, by=company.ada, at=now.at)
    other.refresh_from_db()
    reader, path = program(who), f"/tickets/{ticket.number}"
    assert reader.get(path).json()["promise"]["state"] == "running"
    merging.unmerge(other, by=company.ada, at=now.at + timedelta(minutes=5))
    assert reader.get(path).json()["promise"]["state"] == "met"
    since = (now.at + timedelta(minutes=5)).isoformat()
    assert set(flat(paged(reader, updated_since=since))) == {ticket.number, other.number}


@pytest.mark.parametrize("said", ["{}", "stale", '"stale', "", ",", "W/stale", "stale, {}", "{}{}"])
def test_a_version_in_another_form_is_not_ignored(program, ticket, said):
    ada, path = program("ada"), f"/tickets/{ticket.number}"
    version = ada.get(path)["ETag"].strip('"')
    answer = ada.post(f"{path}/notes", {"body": "Hm."}, If_Match=said.replace("{}", version))
    assert answer.status_code == (201 if said == "{}" else 412)


def test_any_version_is_meant_by_a_star(program, ticket):
    assert program("ada").post(f"/tickets/{ticket.number}/notes", {"body": "Hm."}, If_Match=" * ").status_code == 201
