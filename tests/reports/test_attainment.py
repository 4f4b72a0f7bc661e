"""Attainment in its three readings: told by SQL, and walked in Python over the same tickets."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from puntuale.reports.arriving import arrivals
from puntuale.reports.attainment import Behind, Reading, Tally, attainment, tickets
from puntuale.reports.counting import Asked, Grouping, Outcome
from puntuale.tickets import classification, conversation, merging, resolution
from puntuale.tickets.models import Grounds
from tests.reports.walk import tallies, walked
from tests.tickets.deeds import FRIDAY
from tests.tickets.test_replay import DEEDS, do

ROME = ZoneInfo("Europe/Rome")
LATER = FRIDAY + timedelta(days=40)


def asked(at=LATER, **more):
    return Asked(since=FRIDAY - timedelta(days=1), until=FRIDAY + timedelta(days=30), at=at, zone=ROME, **more)


def counted(report):
    return (*(report.total[reading].counts for reading in Reading), report.moved)


def only(report, reading):
    """The one outcome of the one ticket there is."""
    (outcome,) = report.total[reading].counts
    return outcome.value


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.sampled_from(["anna", "paola", "bruno"]),
    priority=st.sampled_from(["1", "2", "3", None]),
    deeds=DEEDS,
    after=st.integers(0, 6 * 86_400),
)
def test_any_story_is_counted_as_a_walk_over_it_counts(company, who, priority, deeds, after):
    customer = getattr(company, who)
    ticket, other = company.ticket(customer, priority, FRIDAY), company.ticket(customer, "2", FRIDAY)
    for deed, seconds in sorted(deeds, key=lambda one: one[1]):
        do(deed, company, ticket, other, customer, FRIDAY + timedelta(seconds=seconds))
    at = FRIDAY + timedelta(seconds=max([after, *(seconds for _, seconds in deeds)]))
    told = attainment(asked(at), by=Grouping.PRIORITY)
    assert counted(told) == tallies(at)
    for reading in Reading:
        in_groups = sum((line[reading].counts for line in told.lines), start=type(told.total[reading].counts)())
        assert in_groups == told.total[reading].counts
    for outcome in Outcome:
        numbers, count = tickets(asked(at), Behind(promised=(outcome,)), first=0, size=100)
        assert set(numbers) == {number for number, (first, _, _) in walked(at).items() if first is outcome}
        assert count == len(numbers)


def lowered(company, ticket, at, because=Grounds.HOW_TO):
    return classification.reclassify(
        ticket,
        to="3",
        because=because,
        telling="It is a question.",
        environment="staging" if because is Grounds.NOT_PRODUCTION else None,
        by=company.ada,
        at=at,
    )


def answered(company, ticket, at):
    conversation.answer(ticket, body="Here.", by=company.ada, at=at)


@pytest.mark.parametrize(
    ("because", "disagrees", "readings", "left_out"),
    [
        (Grounds.HOW_TO, False, ("late", "kept"), 1),
        (Grounds.NOT_PRODUCTION, False, ("late", "kept"), 1),
        (Grounds.HOW_TO, True, ("late", "kept"), 0),
        (Grounds.IMPACT_FELL, False, ("late", "kept"), 0),
    ],
)
def test_a_lowering_in_time_is_told_three_ways(company, because, disagrees, readings, left_out):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    change = lowered(company, ticket, FRIDAY + timedelta(minutes=10), because)
    if disagrees:
        classification.disagree(change, text="It is not.", by=company.anna, at=FRIDAY + timedelta(minutes=20))
    answered(company, ticket, FRIDAY + timedelta(hours=2))
    told = attainment(asked())
    assert (only(told, Reading.PROMISED), only(told, Reading.FINAL)) == readings
    assert told.total.left_out == left_out
    assert told.total[Reading.EXCLUDING].total == 1 - left_out
    assert told.moved == {(Outcome.LATE, Outcome.KEPT): 1} and told.moves == 1


def test_a_miss_stays_in_every_reading(company):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    change = lowered(company, ticket, FRIDAY + timedelta(hours=2))
    classification.confirm(change, by=company.mara, at=FRIDAY + timedelta(hours=3))
    answered(company, ticket, FRIDAY + timedelta(hours=4))
    told = attainment(asked())
    assert [only(told, reading) for reading in Reading] == ["late"] * 3


def test_what_is_overdue_counts_as_missed_though_nobody_wrote_a_row(company):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    due = FRIDAY + timedelta(hours=1)
    assert only(attainment(asked(due)), Reading.PROMISED) == "running"
    told = attainment(asked(due + timedelta(microseconds=1)))
    assert [only(told, reading) for reading in Reading] == ["missed"] * 3
    assert ticket.promises.filter(ending=None).count() == 1


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "outcome"), [(HOUR, "kept"), (HOUR + timedelta(seconds=1), "late"), (None, "missed")]
)
@pytest.mark.parametrize("was_answered", [True, False])
def test_what_was_merged_counts_once_and_by_how_the_other_kept_it(company, after, outcome, was_answered):
    """The ticket it went into counts by what was promised to that itself."""
    general, urgent = company.ticket(company.anna, "3", FRIDAY - HOUR), company.ticket(company.anna, "1", FRIDAY)
    if was_answered:
        answered(company, general, FRIDAY - HOUR / 2)
    merging.merge(urgent, into=general, by=company.ada, at=FRIDAY + HOUR / 2)
    if after is not None:
        answered(company, general, FRIDAY + after)
    told = attainment(asked(FRIDAY + 2 * HOUR), by=Grouping.PRIORITY)
    urgent_ones, general_ones = told.lines
    own = "kept" if was_answered or after is not None else "running"
    for reading in Reading:
        assert urgent_ones[reading].counts == {Outcome(outcome): 1}
        assert general_ones[reading].counts == {Outcome(own): 1}
    agents = attainment(asked(FRIDAY + 2 * HOUR), by=Grouping.AGENT).lines
    assert agents[0].key == ("" if own == "running" else str(company.ada.pk))


def test_what_was_missed_before_a_merge_is_late_once_the_other_is_answered(company):
    general, urgent = company.ticket(company.anna, "3", FRIDAY), company.ticket(company.anna, "1", FRIDAY)
    merging.merge(urgent, into=general, by=company.ada, at=FRIDAY + 2 * HOUR)
    assert attainment(asked(FRIDAY + 2 * HOUR)).total[Reading.FINAL].counts == {Outcome.MISSED: 1, Outcome.RUNNING: 1}
    answered(company, general, FRIDAY + 3 * HOUR)
    assert attainment(asked()).total[Reading.PROMISED].counts == {Outcome.LATE: 1, Outcome.KEPT: 1}


def test_what_was_merged_into_what_is_cancelled_counts_as_that(company):
    general, urgent = company.ticket(company.anna, "3", FRIDAY), company.ticket(company.anna, "1", FRIDAY)
    merging.merge(urgent, into=general, by=company.ada, at=FRIDAY + HOUR / 2)
    resolution.cancel(general, because=resolution.Because.SPAM, telling="", by=company.ada, at=FRIDAY + 2 * HOUR)
    told = attainment(asked(FRIDAY + 3 * HOUR)).total
    assert told[Reading.PROMISED].counts == told[Reading.FINAL].counts == {Outcome.MISSED: 1, Outcome.CANCELLED: 1}


def test_what_has_no_guarantee_and_what_was_cancelled_is_beside_the_rate(company):
    company.ticket(company.bruno, "1", FRIDAY)
    spam = company.ticket(company.anna, "1", FRIDAY)
    resolution.cancel(spam, because=resolution.Because.SPAM, telling="", by=company.ada, at=FRIDAY)
    answered(company, company.ticket(company.paola, "1", FRIDAY), FRIDAY + timedelta(minutes=1))
    tally = attainment(asked()).total[Reading.PROMISED]
    assert tally.counts == {Outcome.NO_GUARANTEE: 1, Outcome.CANCELLED: 1, Outcome.KEPT: 1}
    assert (tally.kept, tally.decided, tally.total, tally.rate) == (1, 1, 3, 1)


def test_a_rate_is_rounded_down_and_there_is_none_of_nothing():
    tally = Tally()
    assert tally.rate is None
    tally.counts.update({Outcome.KEPT: 99_999, Outcome.MISSED: 1})
    assert tally.rate == Decimal("0.999")


def test_a_lowered_ticket_is_counted_where_each_reading_sees_it(company):
    lowered(company, company.ticket(company.anna, "1", FRIDAY), FRIDAY + timedelta(minutes=10))
    told = {line.key: line for line in attainment(asked(), by=Grouping.PRIORITY).lines}
    assert told["1"][Reading.PROMISED].total == 1 and told["1"][Reading.FINAL].total == 0
    assert told["3"][Reading.PROMISED].total == 0 and told["3"][Reading.FINAL].total == 1
    assert told["1"].left_out == 1


@pytest.mark.parametrize(
    ("grouping", "key"),
    [
        (Grouping.DAY, "2026-11-21"),
        (Grouping.WEEK, "2026-11-16"),
        (Grouping.MONTH, "2026-11-01"),
        (Grouping.PLAN, "advanced"),
        (Grouping.PRIORITY, "1"),
        (Grouping.HOUR, str(5 * 24)),
    ],
)
def test_what_tells_tickets_apart(company, grouping, key):
    """Friday 23:30 in London is Saturday half past midnight in Rome."""
    company.ticket(company.anna, "1", datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    told = attainment(asked(), by=grouping)
    assert [line.key for line in told.lines] == [key]
    assert tickets(asked(), Behind(grouping=grouping, key=key), first=0, size=9)[1] == 1
    assert tickets(asked(), Behind(grouping=grouping, key="none"), first=0, size=9) == ([], 0)


def test_the_agent_is_who_answered_or_else_whose_it_is(company):
    answered(company, company.ticket(company.anna, "1", FRIDAY), FRIDAY)
    company.ticket(company.anna, "1", FRIDAY)
    told = attainment(asked(), by=Grouping.AGENT)
    assert [line.key for line in told.lines] == [str(company.ada.pk), ""]


def test_an_organisation_sees_only_its_own(company):
    company.ticket(company.anna, "1", FRIDAY)
    company.ticket(company.paola, "1", FRIDAY)
    assert attainment(asked(organisation=company.advanced.pk)).total[Reading.PROMISED].total == 1
    named = attainment(asked(), by=Grouping.ORGANISATION)
    assert {line.key for line in named.lines} == {str(company.advanced.pk), str(company.professional.pk)}


def test_a_ticket_belongs_to_the_period_in_which_it_was_submitted(company):
    for when in (FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=30)):
        company.ticket(company.anna, "1", when)
    assert attainment(asked()).total[Reading.PROMISED].total == 1


def test_arrivals_are_counted_on_the_clock_of_the_desk(company):
    """Friday 23:30 in London is Saturday half past midnight in Rome."""
    for _ in range(2):
        company.ticket(company.anna, "1", datetime(2026, 11, 20, 23, 30, tzinfo=UTC))
    company.ticket(company.anna, "1", FRIDAY)
    counts = arrivals(asked())
    assert {(day, hour): n for day, hours in enumerate(counts) for hour, n in enumerate(hours) if n} == {
        (5, 0): 2,
        (4, 16): 1,
    }
