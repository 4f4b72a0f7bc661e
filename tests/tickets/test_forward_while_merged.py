"""What comes forward while a ticket is away comes forward for it too: merged, it is owed elsewhere by its own terms."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.agreements.publication import publish
from puntuale.agreements.reading import agreement_published_as
from puntuale.guarantee.facts import Phase
from puntuale.reports.attainment import Reading, attainment
from puntuale.reports.counting import Asked, Outcome
from puntuale.tickets import classification, conversation, merging, resolution, waiting
from puntuale.tickets.foresight import foresee
from puntuale.tickets.models import Grounds
from puntuale.tickets.renewal import ask, renew
from puntuale.tickets.rights import ClosedForGood
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, GOALS, MONDAY, all_is_consistent, due, endings, fresh, kinds, standing, state
from tests.tickets.test_coverage import change_plan
from tests.tickets.test_renewal import version

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
THEN = MONDAY
ROME = ZoneInfo("Europe/Rome")


def a_plan(company, when):
    """Advanced instead of Professional: one hour from the change, for the most urgent."""
    change_plan(company.professional, "advanced", when)


def a_version(company, when):
    """Two hours instead of three, from the start."""
    found = publish(version(professional_1="2h business"), effective_from=when, at=when, allowing_warnings=True)
    ask(found, by=company.mara, at=when)
    renew(found, by=company.mara, at=when)
    return found


WAYS = pytest.mark.parametrize("bring", [a_plan, a_version])


@pytest.fixture
def three(company):
    """An urgent ticket, one just like it, and a third that the first went into: less urgent, and answered."""
    urgent, twin = (company.ticket(company.paola, "1", at=MONDAY - HOUR / 2) for _ in range(2))
    target = company.ticket(company.paola, "3", at=FRIDAY)
    conversation.answer(target, body="Yes.", by=company.ada, at=FRIDAY + MINUTE, then=Phase.RESOLVED)
    merging.merge(urgent, into=target, by=company.ada, at=MONDAY - 20 * MINUTE)
    return urgent, twin, target


@WAYS
@pytest.mark.parametrize("later", [MINUTE, 30 * MINUTE, 5 * HOUR])
def test_of_two_equal_tickets_one_that_was_merged_meanwhile_has_the_same(company, three, bring, later):
    urgent, twin, target = three
    bring(company, THEN)
    assert due(target) == due(twin)
    merging.unmerge(urgent, by=company.ada, at=THEN + later)
    assert (due(urgent), fresh(urgent).plan) == (due(twin), fresh(twin).plan)
    assert state(urgent, THEN + later) == state(twin, THEN + later)
    assert (fresh(target).phase, due(target)) == ("resolved", None)
    assert all_is_consistent()


@WAYS
@pytest.mark.parametrize("way", ["through another", "twice"])
def test_however_it_went_there(company, three, bring, way):
    urgent, twin, target = three
    further = company.ticket(company.paola, "3", at=FRIDAY)
    if way == "through another":
        merging.merge(target, into=further, by=company.ada, at=MONDAY - 10 * MINUTE)
    else:
        merging.unmerge(urgent, by=company.ada, at=MONDAY - 15 * MINUTE)
        merging.merge(urgent, into=further, by=company.ada, at=MONDAY - 10 * MINUTE)
    bring(company, THEN)
    assert due(further) == due(twin)
    if way == "through another":
        merging.unmerge(target, by=company.ada, at=THEN + MINUTE)
        assert due(target) == due(twin)
    merging.unmerge(urgent, by=company.ada, at=THEN + 2 * MINUTE)
    assert due(urgent) == due(twin)
    assert all_is_consistent()


@WAYS
def test_what_another_owes_by_those_terms_is_not_put_back_by_lowering_that_one(company, three, bring):
    _, twin, target = three
    change = classification.reclassify(
        target, to="2", because=Grounds.OTHER, telling="t", by=company.ada, at=MONDAY - 5 * MINUTE
    )
    assert change.became == "2"
    bring(company, THEN)
    classification.reclassify(target, to="3", because=Grounds.OTHER, telling="t", by=company.ada, at=THEN + MINUTE)
    assert due(target) == due(twin)
    assert all_is_consistent()


@WAYS
def test_an_answer_there_is_late_by_what_had_come_forward_and_counts_so_once(company, three, bring):
    urgent, twin, target = three
    bring(company, THEN)
    late = due(twin) + MINUTE
    for ticket in (target, twin):
        conversation.answer(ticket, body="Now.", by=company.ada, at=late)
    sent = Asked(since=MONDAY - HOUR, until=MONDAY, at=late, zone=ROME)
    assert attainment(sent).total[Reading.FINAL].counts == {Outcome.LATE: 2}
    merging.unmerge(urgent, by=company.ada, at=late + MINUTE)
    assert endings(urgent)[-1] == endings(twin)[-1] == "met_late"
    assert state(urgent, late + HOUR) == state(twin, late + HOUR)
    assert all_is_consistent()


def test_where_it_was_answered_before_nothing_comes_forward(company):
    ticket, other = (company.ticket(company.bruno, at=FRIDAY) for _ in range(2))
    merging.merge(ticket, into=other, by=company.ada, at=FRIDAY)
    conversation.answer(other, body="Yes.", by=company.ada, at=FRIDAY + MINUTE)
    change_plan(company.basic, "professional", MONDAY)
    merging.unmerge(ticket, by=company.ada, at=MONDAY + HOUR)
    assert (kinds(ticket), endings(ticket)) == (["submitted", "merged", "unmerged"], ["merged", "answered"])
    assert all_is_consistent()


def test_what_counts_later_comes_forward_too_and_counts_once_the_own_is_lowered(company):
    own, merged = company.ticket(company.paola, "1", at=MONDAY), company.ticket(company.paola, "2", at=MONDAY)
    merging.merge(merged, into=own, by=company.ada, at=MONDAY + MINUTE)
    found = publish(version(professional_2="4h business"), effective_from=THEN, at=THEN, allowing_warnings=True)
    shown = {(one.ticket, one.would_be) for one in foresee(agreement_published_as(found), at=THEN).moved}
    assert shown == {(merged.number, MONDAY + 4 * HOUR)}
    renew(found, by=company.mara, at=MONDAY + 2 * MINUTE)
    assert due(own) == MONDAY + 3 * HOUR
    classification.reclassify(own, to="3", because=Grounds.OTHER, telling="t", by=company.ada, at=MONDAY + 3 * MINUTE)
    assert due(own) == MONDAY + 4 * HOUR
    assert all_is_consistent()


def test_what_is_promised_to_a_ticket_itself_comes_forward_behind_a_merge_that_counts(company):
    own, merged = (
        company.ticket(company.paola, "1", at=MONDAY),
        company.ticket(company.paola, "1", at=FRIDAY),
    )
    merging.merge(merged, into=own, by=company.ada, at=MONDAY)
    counts = due(own)
    found = publish(version(professional_1="2h business"), effective_from=counts, at=counts, allowing_warnings=True)
    shown = {(one.ticket, one.would_be) for one in foresee(agreement_published_as(found), at=counts + MINUTE).moved}
    assert shown == {(own.number, MONDAY + 2 * HOUR)}
    assert renew(found, by=company.mara, at=counts + MINUTE) == [own]
    assert due(own) == counts
    merging.unmerge(merged, by=company.ada, at=counts + 2 * MINUTE)
    assert due(own) == MONDAY + 2 * HOUR
    assert all_is_consistent()


def test_a_cancelled_ticket_that_a_merge_had_opened_stays_cancelled_whatever_is_clicked(company, three):
    _, _, target = three
    resolution.cancel(target, because=resolution.Because.SPAM, telling="", by=company.ada, at=MONDAY)
    with pytest.raises(ClosedForGood):
        resolution.reopen(target, by=company.ada, at=MONDAY + MINUTE)
    waiting.go_on(target, by=company.ada, at=MONDAY + MINUTE)
    assert fresh(target).phase == "cancelled"


@pytest.mark.parametrize("gone", ["cancelled", "merged after an answer"])
def test_what_nobody_owes_meanwhile_catches_up_with_the_version_once_it_is_back(company, gone):
    source = version().replace("[hours.business]", GOALS + "\n[hours.business]")
    publish(source, effective_from=FRIDAY, at=FRIDAY, allowing_warnings=True)
    ticket, twin, other = (company.ticket(company.anna, "1", at=FRIDAY) for _ in range(3))
    if gone == "cancelled":
        resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", by=company.ada, at=FRIDAY)
    else:
        conversation.answer(ticket, body="Yes.", by=company.ada, at=FRIDAY)
        merging.merge(ticket, into=other, by=company.ada, at=FRIDAY)
    quicker = source.replace("version = 2", "version = 3").replace('1 = "8h always"', '1 = "7h always"')
    found = publish(quicker, effective_from=FRIDAY, at=FRIDAY, allowing_warnings=True)
    ask(found, by=company.mara, at=FRIDAY + MINUTE)
    renew(found, by=company.mara, at=FRIDAY + MINUTE)
    back = resolution.restore if gone == "cancelled" else merging.unmerge
    back(ticket, by=company.ada, at=FRIDAY + 10 * MINUTE)
    goals = [next(one for one in standing(each, FRIDAY).goals if one.metric == "resolution") for each in (ticket, twin)]
    assert {one.promise.due_at for one in goals} == {FRIDAY + 7 * HOUR}
    assert all_is_consistent()


def test_a_version_that_nobody_asked_for_touches_nothing_that_comes_back(company, three):
    urgent, _, _ = three
    publish(version(professional_1="2h business"), effective_from=THEN, at=THEN, allowing_warnings=True)
    merging.unmerge(urgent, by=company.ada, at=THEN + MINUTE)
    assert due(urgent) == at("2026-11-23T12:30:00+01:00")
