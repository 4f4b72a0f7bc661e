"""The queues: which tickets stand in them, page by page, and how many there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, mentioning
from puntuale.tickets.assignment import assign, assign_all
from puntuale.tickets.models import Grounds, Ticket
from puntuale.tickets.queues import Filter, View, counts, following, in_view, page
from tests.tickets.deeds import FRIDAY

MINUTE = timedelta(minutes=1)
NOW = FRIDAY + timedelta(hours=2)


@pytest.fixture
def desk(company):
    def sent(name, by, priority="3", after=0, **more):
        return company.ticket(by, priority, FRIDAY + after * MINUTE, subject=name, **more)

    tickets = {
        "missed": sent("missed", company.anna, "1"),
        "mine": sent("mine", company.anna, "1", 90),
        "free": sent("free", company.paola, "2", 91),
        "basic": sent("basic", company.bruno),
        "waiting": sent("waiting", company.anna, "1"),
        "resolved": sent("resolved", company.anna, "1"),
        "lowered": sent("lowered", company.anna, "1", 95),
    }
    assign(tickets["mine"], to=company.ada, by=company.ada, at=NOW)
    conversation.answer(tickets["waiting"], body="?", by=company.ada, at=FRIDAY + MINUTE, then=Phase.WAITING)
    conversation.answer(tickets["resolved"], body="!", by=company.ada, at=FRIDAY + MINUTE, then=Phase.RESOLVED)
    conversation.note(tickets["basic"], body="@Ada please, and @nobody, a@ada.test", by=company.grace, at=NOW)
    change = classification.reclassify(
        tickets["lowered"], to="3", because=Grounds.HOW_TO, telling="How to.", by=company.ada, at=FRIDAY + 96 * MINUTE
    )
    classification.disagree(change, text="", by=company.anna, at=NOW)
    return tickets


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (View.DUE, ["missed", "mine", "free", "lowered", "basic"]),
        (View.MINE, ["mine"]),
        (View.UNASSIGNED, ["missed", "free", "lowered", "basic"]),
        (View.MISSED, ["missed"]),
        (View.WAITING, ["waiting"]),
        (View.NO_GUARANTEE, ["basic"]),
        (View.REVIEW, ["lowered"]),
        (View.MENTIONS, ["basic"]),
        (View.RESOLVED, ["resolved"]),
        (View.ALL, ["lowered", "resolved", "waiting", "basic", "free", "mine", "missed"]),
    ],
)
def test_every_queue_has_its_tickets_in_its_order(company, desk, view, wanted):
    found = page(Ticket.objects.all(), view, by=company.ada, at=NOW)
    assert [ticket.subject for ticket in found.tickets] == wanted
    assert found.following == ""


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_put_together_are_the_whole_without_gaps_or_repeats(company, desk, view, size):
    tickets = Ticket.objects.all()
    whole = page(tickets, view, by=company.ada, at=NOW).tickets
    met, after = [], ""
    for _ in range(20):
        found = page(tickets, view, by=company.ada, at=NOW, after=after, size=size)
        met += found.tickets
        after = found.following
        if not after:
            break
    assert met == whole


@pytest.mark.parametrize(
    "after", ["x", "~", "~x", "1~", "99999999999999999999~1", "~99999999999999999999", "9" * 18 + "~1"]
)
def test_a_page_after_nonsense_is_the_first_or_empty_and_never_an_error(company, desk, after):
    page(Ticket.objects.all(), View.DUE, by=company.ada, at=NOW, after=after)
    page(Ticket.objects.all(), View.RESOLVED, by=company.ada, at=NOW, after=after)


def test_the_counts_are_those_of_the_queues(company, desk):
    found = counts(by=company.ada, at=NOW)
    for view in (View.DUE, View.MINE, View.UNASSIGNED, View.MISSED, View.WAITING, View.NO_GUARANTEE, View.REVIEW):
        shown = getattr(found, view.name.lower())
        assert shown == in_view(Ticket.objects.all(), view, by=company.ada, at=NOW).count(), view
    assert (found.mentions, found.within_the_hour) == (1, 1)


def test_counting_takes_one_query_however_much_there_is(company, desk):
    with CaptureQueriesContext(connection) as context:
        counts(by=company.ada, at=NOW)
    assert len(context) == 1


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({"priority": "1"}, {"missed", "mine"}),
        ({"plan": "professional"}, {"free"}),
        ({"agent": "me"}, {"mine"}),
        ({"agent": "nobody"}, {"missed", "free", "basic", "lowered"}),
        ({"environment": "moon"}, set()),
        ({"priority": "3", "plan": "basic"}, {"basic"}),
        ({"user__password": "x", "priority": ""}, {"missed", "mine", "free", "basic", "lowered"}),
        ({"organisation": "1 OR 1=1"}, {"missed", "mine", "free", "basic", "lowered"}),
        ({"agent": "9" * 30}, {"missed", "mine", "free", "basic", "lowered"}),
    ],
)
def test_a_filter_narrows_by_the_columns_there_are_and_by_nothing_else(company, desk, asked, wanted):
    found = Filter.of(asked).narrowed(Ticket.objects.all(), company.ada)
    assert {ticket.subject for ticket in page(found, View.DUE, by=company.ada, at=NOW).tickets} == wanted


def test_a_filter_comes_back_from_the_address_it_makes():
    asked = Filter.of({"priority": "1", "plan": "a&b=c", "agent": "me", "organisation": "7"})
    assert Filter.of(QueryDict(asked.asked).dict()) == asked
    assert asked.without("plan").asked == "priority=1&organisation=7&agent=me"


def test_after_a_ticket_comes_the_first_that_is_not_it(company, desk):
    tickets = Ticket.objects.all()
    assert following(tickets, desk["missed"], View.DUE, by=company.ada, at=NOW) == desk["mine"]
    assert following(tickets, desk["free"], View.DUE, by=company.ada, at=NOW) == desk["missed"]
    assert following(tickets, desk["mine"], View.MINE, by=company.ada, at=NOW) is None


def test_a_mention_is_seen_by_opening_the_ticket(company, desk):
    assert mentioning.seen(desk["basic"], by=company.grace, at=NOW) == 0
    assert mentioning.seen(desk["basic"], by=company.ada, at=NOW) == 1
    assert not mentioning.unseen_by(company.ada).exists()


def test_many_tickets_change_hands_at_once(company, desk):
    some = [desk["free"], desk["mine"], desk["basic"]]
    assert assign_all(some, to=company.ada, by=company.mara, at=NOW) == 2
    assert Ticket.objects.filter(assignee=company.ada).count() == 3
