"""The lists: whose tickets, in which phase, page after page, and the search; nothing that is not hers."""

import re
from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, drafts, following, merging, resolution
from puntuale.tickets.models import Draft
from tests.pages import words

MINE, ALL, FOUND = "/en/tickets/", "/en/tickets/organisation/", "/en/tickets/found/"


def subjects(response):
    return re.findall(r'class="subject"[^>]*>([^<]*)<', response.content.decode())


@pytest.fixture
def phases(company, now):
    """A ticket of Anna's in each phase, by its name."""
    tickets = {
        name: company.ticket(company.anna, "3", now.at, subject=name.title())
        for name in ("open", "waiting", "resolved", "cancelled", "merged")
    }
    now.at += timedelta(minutes=5)
    conversation.answer(tickets["waiting"], body="Which?", by=company.ada, at=now.at, then=Phase.WAITING)
    conversation.answer(tickets["resolved"], body="Done.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    resolution.close(tickets["cancelled"], by=company.anna, at=now.at)
    merging.merge(tickets["merged"], into=tickets["open"], by=company.ada, at=now.at)
    return tickets


def test_each_ticket_says_where_it_stands(signed_in, phases):
    said = words(signed_in("anna").get(MINE))
    for expected in (
        "P3 General issue waiting for you",
        "P3 General issue resolved",
        "P3 General issue cancelled",
        "P3 General issue merged",
        "P3 General issue open",
    ):
        assert expected in said


@pytest.mark.parametrize("phase", ["open", "waiting", "resolved", "cancelled", "merged"])
def test_the_list_can_be_narrowed_to_a_phase(signed_in, phases, phase):
    assert subjects(signed_in("anna").get(MINE, {"phase": phase})) == [phase.title()]


def test_no_ticket_in_a_phase_is_told(signed_in):
    assert "No tickets here." in words(signed_in("anna").get(MINE, {"phase": "resolved"}))


def test_a_customer_sees_her_own_and_those_she_follows(signed_in, company, now):
    company.ticket(company.anna, "3", now.at, subject="Hers")
    other = company.ticket(company.andrea, "3", now.at, subject="Followed")
    company.ticket(company.andrea, "3", now.at, subject="Of a colleague")
    company.ticket(company.paola, "3", now.at, subject="Foreign")
    following.follow(other, person=company.anna, by=company.andrea, at=now.at)
    assert subjects(signed_in("anna").get(MINE)) == ["Followed", "Hers"]


def test_an_administrator_has_a_list_of_her_own_and_one_of_the_organisation(signed_in, company, now):
    company.ticket(company.andrea, "3", now.at, subject="Hers")
    company.ticket(company.anna, "3", now.at, subject="Anna's")
    company.ticket(company.paola, "3", now.at, subject="Foreign")
    client = signed_in("andrea")
    assert subjects(client.get(MINE)) == ["Hers"]
    response = client.get(ALL)
    assert subjects(response) == ["Anna&#x27;s", "Hers"]
    assert "Anna Conti" in words(response)


def test_the_organisations_list_is_for_its_administrators(signed_in, client):
    assert signed_in("anna").get(ALL).status_code == 404
    assert "organisation/" not in signed_in("anna").get(MINE).content.decode()
    assert "organisation/" in signed_in("andrea").get(MINE).content.decode()
    assert signed_in("ada").get(ALL).status_code == 404


def test_pages_follow_each_other_and_nothing_is_missed_or_told_twice(signed_in, company, now):
    for number in range(60):
        company.ticket(company.anna, "3", now.at, subject=f"Number {number}")
    client, seen, address = signed_in("anna"), [], MINE
    for _ in range(3):
        response = client.get(address)
        seen += subjects(response)
        more = re.search(r'href="(\?[^"]*)">Older tickets', response.content.decode())
        company.ticket(company.anna, "3", now.at, subject="Sent meanwhile")
        address = MINE + more[1].replace("&amp;", "&") if more else None
    assert seen == [f"Number {number}" for number in reversed(range(60))]
    assert address is None


def test_the_phase_stays_from_page_to_page(signed_in, company, now):
    for _ in range(30):
        company.ticket(company.anna, "3", now.at)
    shown = signed_in("anna").get(MINE, {"phase": "open"}).content.decode()
    assert re.search(r'href="\?phase=open&amp;after=[^"]+">Older tickets', shown)


@pytest.mark.parametrize("address", [MINE, ALL, FOUND + "?q=calls"])
def test_many_tickets_cost_as_many_queries_as_few(signed_in, company, now, django_assert_max_num_queries, address):
    client, counts = signed_in("andrea"), []
    client.get(address)
    for already, wanted in ((0, 3), (3, 25)):
        for _ in range(already, wanted):
            company.ticket(company.andrea, "2", now.at)
        with django_assert_max_num_queries(14) as asked:
            assert len(subjects(client.get(address))) == wanted
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_unsent_ticket_is_remembered(signed_in, company, now):
    drafts.keep(company.anna, place=Draft.Place.NEW_TICKET, ticket=None, subject="", body="Half a story", at=now.at)
    assert "You have a ticket that is not sent yet: Half a story" in words(signed_in("anna").get(MINE))
    assert "not sent yet" not in words(signed_in("andrea").get(MINE))


def test_the_search_finds_words_and_numbers_among_what_she_may_see(signed_in, company, now):
    hers = company.ticket(company.anna, "3", now.at, subject="Le chiamate cadono")
    company.ticket(company.andrea, "3", now.at, subject="Chiamate perse")
    foreign = company.ticket(company.paola, "3", now.at, subject="Chiamata muta")
    anna = signed_in("anna")
    assert subjects(anna.get(FOUND, {"q": "chiamata"})) == ["Le chiamate cadono"]
    assert subjects(anna.get(FOUND, {"q": f"#{hers.number}"})) == ["Le chiamate cadono"]
    assert subjects(anna.get(FOUND, {"q": str(foreign.number)})) == []
    assert "1 ticket found" in words(anna.get(FOUND, {"q": "cadono"}))
    assert "0 tickets found" in words(anna.get(FOUND, {"q": "nothing like it"}))
    assert len(subjects(signed_in("andrea").get(FOUND, {"q": "chiamata"}))) == 2


def test_the_search_never_finds_a_note(signed_in, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    conversation.note(ticket, body="xylophone", by=company.ada, at=now.at)
    assert subjects(signed_in("anna").get(FOUND, {"q": "xylophone"})) == []


def test_without_a_question_the_search_says_nothing(signed_in):
    assert "found" not in words(signed_in("anna").get(FOUND))
