"""The search finds what people mean, in Italian and English, and shows nobody what is not hers."""

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import TicketWords
from puntuale.tickets.reading import visible_to
from puntuale.tickets.searching import find
from tests.tickets.deeds import FRIDAY


@pytest.fixture
def tickets(company):
    return {
        "calls": company.ticket(subject="Calls drop after ten seconds", body="From all our extensions.", at=FRIDAY),
        "problem": company.ticket(
            company.paola, subject="Problèmes d'accès", body="Le chiamate arrivano in ritardo, perché?", at=FRIDAY
        ),
        "billing": company.ticket(company.andrea, subject="Invoice", body="The invoices are wrong.", at=FRIDAY),
        "bar": company.ticket(company.bruno, subject="Über den Umlaut", body="C'è la caffetteria chiusa", at=FRIDAY),
    }


def found(tickets, who, asked):
    names = {ticket.pk: name for name, ticket in tickets.items()}
    return [names[ticket.pk] for ticket in find(visible_to(who), asked, by=who)]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("call dropping", ["calls"]),
        ("CALLS", ["calls"]),
        ("chiamata", ["problem"]),
        ("perche", ["problem"]),
        ("perché", ["problem"]),
        ("problemes", ["problem"]),
        ("Problème", ["problem"]),
        ("acces", ["problem"]),
        ("invoice wrong", ["billing"]),
        ("invoices", ["billing"]),
        ("uber umlaut", ["bar"]),
        ("caffetterie", ["bar"]),
        ("Fabrikam", ["problem"]),
        ("Paola Neri", ["problem"]),
        ("andrea@northwind.test", ["billing"]),
        ("northwind seconds", ["calls"]),
        ("nothing of the kind", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("_", []),
        ("' OR 1=1--", []),
        ("NEAR(((", []),
        ("(" * 500, []),
        ("a\0b", []),
        ("\U0001f600", []),
        ("x" * 10_000, []),
        ("!&|:*<->", []),
        ("#99999999999999999999", []),
    ],
)
def test_what_people_type_finds_what_they_mean(company, tickets, asked, wanted):
    assert found(tickets, company.ada, asked) == wanted


def test_a_number_finds_its_ticket_before_all_others(company, tickets):
    number = tickets["calls"].number
    conversation.note(tickets["billing"], body=f"like {number}", by=company.ada, at=FRIDAY)
    assert found(tickets, company.ada, str(number)) == ["calls", "billing"]
    assert found(tickets, company.ada, f"#{number}") == ["calls", "billing"]


def test_the_subject_counts_for_more_than_the_text(company, tickets):
    tickets["late"] = company.ticket(subject="Something", body="About an invoice, once.", at=FRIDAY)
    assert found(tickets, company.ada, "invoice") == ["billing", "late"]


def test_answers_are_found_by_everybody_and_notes_by_agents_only(company, tickets):
    conversation.note(tickets["calls"], body="The zebra knows.", by=company.ada, at=FRIDAY)
    conversation.answer(tickets["calls"], body="The giraffe is on it.", by=company.ada, at=FRIDAY)
    assert found(tickets, company.ada, "zebra") == found(tickets, company.ada, "giraffes") == ["calls"]
    assert found(tickets, company.anna, "giraffe") == ["calls"]
    assert found(tickets, company.anna, "zebra") == []


def test_nobody_finds_the_tickets_of_another_organisation(company, tickets):
    assert found(tickets, company.paola, "invoice") == []
    assert found(tickets, company.paola, str(tickets["billing"].number)) == []
    assert found(tickets, company.andrea, "calls") == ["calls"]


def test_an_endless_ticket_stops_being_remembered_and_goes_on_being_answered(company, tickets):
    words = " ".join(f"w{number:06}" for number in range(25_000))
    for _ in range(4):
        conversation.follow_up(tickets["calls"], body=words, by=company.anna, at=FRIDAY)
    assert TicketWords.objects.get(ticket=tickets["calls"]).characters == 100_000
    assert found(tickets, company.ada, "w000001") == ["calls"]
