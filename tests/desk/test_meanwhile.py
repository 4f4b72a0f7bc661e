"""Nobody does something to a ticket because of a state that is no more; and what was done is said."""

import re

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, resolution, waiting
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Cancellation, Message, Ticket
from tests.pages import words

DONE = {
    "Take it": ("assignment/", {"to": "me"}),
    "Wait": ("waiting/", {}),
    "Resolve": ("resolution/", {}),
    "Cancel": ("cancellation/", {"because": "withdrawn", "text": "As you wish."}),
    "Answer": ("answers/", {"body": "On it.", "then": "resolved"}),
}


@pytest.fixture
def ticket(company, now):
    made = company.ticket(at=now.at)
    conversation.answer(made, body="Hello.", by=company.ada, at=now.at)
    return made


def at(ticket, rest=""):
    return f"/en/desk/{ticket.number}/{rest}"


def saw(browser, ticket):
    return re.search(r'name="saw" value="(\d+)"', browser.get(at(ticket)).content.decode())[1]


MEANWHILE = {
    "Jonas": (lambda x, t, now: assign(t, to=x.grace, by=x.grace, at=now.at), "Grace Hopper took it"),
    "resolved": (lambda x, t, now: resolution.resolve(t, by=x.grace, at=now.at), "Resolved by Grace Hopper"),
    "waits": (lambda x, t, now: waiting.wait(t, by=x.grace, at=now.at), "Waiting for the customer"),
    "cancelled": (
        lambda x, t, now: resolution.cancel(
            t, because=Cancellation.Because.WITHDRAWN, telling="Bye.", by=x.grace, at=now.at
        ),
        "Cancelled by Grace Hopper",
    ),
}


@pytest.mark.parametrize("verb", DONE.values(), ids=DONE.keys())
@pytest.mark.parametrize("what", MEANWHILE.values(), ids=MEANWHILE.keys())
def test_a_stale_page_says_what_happened_and_does_nothing(ada, company, ticket, now, verb, what):
    path, fields = verb
    before = saw(ada, ticket)
    deed, told = what
    deed(company, ticket, now)
    if "body" in fields and "Cancelled" in told:
        told = "This ticket is cancelled. Bring it back first."
    else:
        told = f"Not done. In the meantime: {told}"
    stood = Ticket.objects.values("phase", "assignee", "last_event").get(pk=ticket.pk)
    page = ada.post(at(ticket, path), fields | {"saw": before})
    assert page.status_code == 409
    assert told in words(page)
    assert Ticket.objects.values("phase", "assignee", "last_event").get(pk=ticket.pk) == stood
    if "body" in fields:
        assert "On it." in words(page)
        assert not Message.objects.filter(body="On it.").exists()


def test_what_the_page_says_by_then_can_be_done(ada, company, ticket, now):
    before = saw(ada, ticket)
    assign(ticket, to=company.grace, by=company.grace, at=now.at)
    again = ada.post(at(ticket, "assignment/"), {"to": "me", "saw": before}).content.decode()
    fresh = re.search(r'name="saw" value="(\d+)"', again)[1]
    assert ada.post(at(ticket, "assignment/"), {"to": "me", "saw": fresh}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == company.ada


def test_what_changes_no_state_and_what_one_did_oneself_stops_nobody(ada, company, ticket, now):
    before = saw(ada, ticket)
    conversation.note(ticket, body="Look at this.", by=company.grace, at=now.at)
    ada.post(at(ticket, "assignment/"), {"to": "me", "saw": before})
    assert ada.post(at(ticket, "resolution/"), {"saw": before}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.phase == Phase.RESOLVED


@pytest.mark.parametrize("said", ["", "x", "-1", "\u0663", "9" * 30])
def test_a_number_that_no_page_has_is_as_good_as_none(ada, ticket, said):
    assert ada.post(at(ticket, "assignment/"), {"to": "me", "saw": said}).status_code == 302


SAID = [
    ("assignment/", {"to": "me"}, "Assigned to you."),
    ("assignment/", {"to": "nobody"}, "Ticket unassigned."),
    ("waiting/", {}, "Waiting for the customer."),
    ("resolution/", {}, "Resolved."),
    ("cancellation/", {"because": "withdrawn", "text": "Bye."}, "The ticket is cancelled."),
    ("followers/", {"person": "me"}, "Ada Byron follows this ticket now."),
    ("notes/", {"body": "Aha."}, "The note is saved."),
]


@pytest.mark.parametrize(("path", "fields", "told"), SAID)
def test_what_was_done_is_said(ada, ticket, path, fields, told):
    page = ada.post(at(ticket, path), fields, follow=True)
    assert page.status_code == 200
    assert told in words(page)


def test_the_side_column_and_the_decisions_come_with_what_changed(ada, company, ticket, now):
    assign(ticket, to=company.grace, by=company.grace, at=now.at)
    told = ada.get(at(ticket, "changes/")).content.decode()
    for part in ('id="deeds"', 'id="decisions"', 'id="answer-head"', "Grace Hopper"):
        assert part in told


def test_an_answer_never_starts_to_wait_by_itself(ada, company, ticket, now):
    for phase, kept in ((Phase.OPEN, Phase.OPEN), (Phase.WAITING, Phase.WAITING), (Phase.RESOLVED, Phase.OPEN)):
        Ticket.objects.filter(pk=ticket.pk).update(phase=phase)
        page = ada.get(at(ticket)).content.decode()
        assert re.search(r'name="then" value="(\w+)" checked', page)[1] == kept
