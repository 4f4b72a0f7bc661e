"""Priorities are claims that get checked, and reclassifying is fair, explained and impossible to abuse."""

from datetime import timedelta
from uuid import uuid4

import pytest

from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.people import audit
from puntuale.people.joining import add_person
from puntuale.people.models import Invitation, Role
from puntuale.tickets import classification, conversation, resolution
from puntuale.tickets.classification import (
    AlreadyDecided,
    DisagreedAlready,
    NotARaise,
    NotOpen,
    SecondPersonNeeded,
)
from puntuale.tickets.models import Grounds, ImpactReport, Lowering, Reclassification
from puntuale.tickets.priorities import NoChange, PriorityChanged, ReasonContradicts
from puntuale.tickets.rights import ClosedForGood, NotAManager, NotAnAgent, NotTheCustomer
from puntuale.tickets.texts import TextRefused
from tests.guarantee.tables import at
from tests.tickets.deeds import FRIDAY, all_is_consistent, due, endings, fresh, kinds, state

SATURDAY = at("2026-11-21T10:00:00+01:00")
TEN_PAST = SATURDAY + timedelta(minutes=10)


@pytest.fixture
def urgent(company):
    """A P1 of the Advanced plan, sent Saturday 10:00: due 11:00."""
    return company.ticket(at=SATURDAY)


def change(ticket, to, company, when, because=Grounds.OTHER, by=None, telling="We looked at it.", **more):
    return classification.reclassify(
        ticket, to=to, because=because, telling=telling, by=by or company.ada, at=when, **more
    )


def test_lowering_counts_the_new_target_from_the_start(company, urgent):
    done = change(urgent, "3", company, TEN_PAST)
    assert isinstance(done, Reclassification)
    assert (done.was, done.became, done.by, done.asked_by) == ("1", "3", company.ada, None)
    assert due(urgent) == at("2026-11-23T15:00:00+01:00")
    assert fresh(urgent).priority == "3"
    assert endings(urgent) == ["replaced", None]
    assert all_is_consistent()


def test_raising_counts_the_new_target_from_now_and_never_gets_later(company):
    general = company.ticket(priority="3", at=at("2026-11-20T16:50:00+01:00"))
    assert due(general) == at("2026-11-23T14:50:00+01:00")
    change(general, "1", company, SATURDAY, Grounds.IMPACT_GREW)
    assert due(general) == at("2026-11-21T11:00:00+01:00")


def test_undoing_a_lowering_brings_the_best_earlier_promise_back(company, urgent):
    change(urgent, "3", company, TEN_PAST)
    change(urgent, "1", company, SATURDAY + timedelta(minutes=30), Grounds.IMPACT_GREW)
    assert due(urgent) == SATURDAY + timedelta(hours=1)
    assert all_is_consistent()


def test_undone_too_late_the_earlier_promise_is_missed_at_once(company, urgent):
    change(urgent, "3", company, TEN_PAST)
    change(urgent, "1", company, SATURDAY + timedelta(hours=5), Grounds.OUR_MISTAKE)
    assert state(urgent, SATURDAY + timedelta(hours=5)) == "missed"
    assert due(urgent) == SATURDAY + timedelta(hours=1)


@pytest.mark.parametrize("minutes", [46, 59, 61, 600], ids=lambda minutes: f"after {minutes} minutes")
def test_in_the_last_minutes_and_after_a_miss_lowering_waits_for_a_second_person(company, urgent, minutes):
    when = SATURDAY + timedelta(minutes=minutes)
    before = due(urgent)
    lowering = change(urgent, "3", company, when)
    assert isinstance(lowering, Lowering)
    assert (fresh(urgent).priority, due(urgent)) == ("1", before)
    with pytest.raises(SecondPersonNeeded):
        change(urgent, "2", company, when)
    with pytest.raises(NotAManager):
        classification.confirm(lowering, by=company.grace, at=when)
    done = classification.confirm(lowering, by=company.mara, at=when)
    assert (done.by, done.asked_by, fresh(urgent).priority) == (company.mara, company.ada, "3")
    with pytest.raises(AlreadyDecided):
        classification.confirm(lowering, by=company.mara, at=when)
    assert all_is_consistent()


@pytest.mark.parametrize(("days", "by_whom"), [(0, "ada"), (29, "ada"), (1, "mara"), (-1, "ada")])
def test_whoever_gave_a_colleague_another_address_is_not_two_persons_with_them(company, urgent, days, by_whom):
    when = SATURDAY + timedelta(minutes=50)
    by, about = (company.ada, company.mara) if by_whom == "ada" else (company.mara, company.ada)
    audit.record(
        "row_repaired", by=by, about=audit.about(about), at=when - timedelta(days=days), fields=["name", "email"]
    )
    lowering = change(urgent, "3", company, when)
    with pytest.raises(NotAManager):
        classification.confirm(lowering, by=company.mara, at=when)


@pytest.mark.parametrize(("days", "fields"), [(31, ["email"]), (1, ["name"]), (1, [])])
def test_an_older_repair_or_another_one_changes_nothing(company, urgent, days, fields):
    when = SATURDAY + timedelta(minutes=50)
    about, at_ = audit.about(company.mara), when - timedelta(days=days)
    audit.record("row_repaired", by=company.ada, about=about, at=at_, fields=fields)
    lowering = change(urgent, "3", company, when)
    assert classification.confirm(lowering, by=company.mara, at=when).by == company.mara


def let_in(person, *, by, when):
    Invitation.objects.create(
        digest=uuid4().hex, role=person.role, address=person.email, made_at=when, made_by=by, expires_at=when,
        accepted_at=when, accepted_by=person,
    )  # fmt: skip


def may_confirm(company, urgent, *, by):
    when = SATURDAY + timedelta(minutes=50)
    lowering = change(urgent, "3", company, when)
    try:
        classification.confirm(lowering, by=by, at=when)
    except NotAManager:
        return False
    return True


@pytest.mark.parametrize(("days", "which"), [(0, "proposer"), (29, "proposer"), (1, "manager"), (-1, "proposer")])
def test_whoever_invited_a_colleague_is_not_two_persons_with_them(company, urgent, days, which):
    pair = (company.ada, company.mara) if which == "proposer" else (company.mara, company.ada)
    let_in(pair[0], by=pair[1], when=SATURDAY - timedelta(days=days))
    assert not may_confirm(company, urgent, by=company.mara)


def test_an_account_added_by_hand_is_not_two_persons_with_whoever_added_it(company, urgent):
    audit.record("row_added", by=company.mara, about=audit.about(company.ada), at=SATURDAY, fields=["email"])
    assert not may_confirm(company, urgent, by=company.mara)


def test_two_accounts_that_one_manager_let_in_are_not_two_persons(company, urgent):
    third = person(company, Role.MANAGER)
    for one in (company.ada, company.mara):
        let_in(one, by=third, when=SATURDAY)
    assert not may_confirm(company, urgent, by=company.mara)


def test_nor_is_who_let_in_the_one_who_let_them_in(company, urgent):
    between = person(company, Role.MANAGER)
    let_in(between, by=company.mara, when=SATURDAY)
    let_in(company.ada, by=between, when=SATURDAY)
    assert not may_confirm(company, urgent, by=company.mara)


def test_after_thirty_days_whoever_was_invited_counts(company, urgent):
    let_in(company.ada, by=company.mara, when=SATURDAY - timedelta(days=31))
    assert may_confirm(company, urgent, by=company.mara)


def test_the_first_manager_is_let_in_by_nobody(company, urgent):
    for one in (company.ada, company.mara):
        let_in(one, by=None, when=SATURDAY)
    assert may_confirm(company, urgent, by=company.mara)


def test_an_administrator_can_confirm_for_everybody_but_whom_they_invited(company, urgent):
    administrator = person(company, Role.ADMINISTRATOR)
    let_in(administrator, by=company.mara, when=SATURDAY)
    let_in(company.ada, by=company.mara, when=SATURDAY)
    assert may_confirm(company, urgent, by=administrator)


def test_an_administrator_does_not_confirm_what_somebody_they_invited_proposes(company, urgent):
    administrator = person(company, Role.ADMINISTRATOR)
    let_in(company.ada, by=administrator, when=SATURDAY)
    assert not may_confirm(company, urgent, by=administrator)


def test_two_whom_an_administrator_let_in_are_two_persons(company, urgent):
    administrator = person(company, Role.ADMINISTRATOR)
    for one in (company.ada, company.mara):
        let_in(one, by=administrator, when=SATURDAY)
    assert may_confirm(company, urgent, by=company.mara)


def person(company, role):
    return add_person(name="Third", email="third@vendor.test", password=None, role=role, at=FRIDAY)


def test_fifteen_minutes_before_due_no_second_person_is_needed(company, urgent):
    assert isinstance(change(urgent, "3", company, SATURDAY + timedelta(minutes=45)), Reclassification)


def test_the_last_minutes_are_counted_in_business_time(company):
    """Due Monday 09:10: on Friday evening ten minutes are left, however long the weekend is."""
    ticket = company.ticket(company.paola, "1", at=at("2026-11-20T14:10:00+01:00"))
    assert due(ticket) == at("2026-11-23T09:10:00+01:00")
    assert isinstance(change(ticket, "3", company, at("2026-11-20T18:00:00+01:00")), Lowering)


def test_a_manager_does_not_confirm_what_she_proposed_herself(company, urgent):
    when = SATURDAY + timedelta(minutes=50)
    lowering = change(urgent, "3", company, when, by=company.mara)
    with pytest.raises(NotAManager):
        classification.confirm(lowering, by=company.mara, at=when)


def test_a_lowering_that_was_declined_or_taken_back_changes_nothing_and_another_may_follow(company, urgent):
    when = SATURDAY + timedelta(minutes=50)
    classification.decline(change(urgent, "3", company, when), by=company.mara, at=when)
    classification.decline(change(urgent, "2", company, when), by=company.ada, at=when)
    third = change(urgent, "3", company, when)
    with pytest.raises(NotAManager):
        classification.decline(third, by=company.grace, at=when)
    assert (fresh(urgent).priority, due(urgent)) == ("1", SATURDAY + timedelta(hours=1))
    assert kinds(urgent).count("lowering_declined") == 2


def test_raising_never_needs_a_second_person(company):
    ticket = company.ticket(priority="2", at=FRIDAY)
    late = at("2026-11-23T12:00:00+01:00")
    assert state(ticket, late) == "missed"
    assert isinstance(change(ticket, "1", company, late, Grounds.IMPACT_GREW), Reclassification)
    assert state(ticket, late) == "missed"


def test_lowering_does_not_launder_a_miss(company, urgent):
    late = SATURDAY + timedelta(hours=2)
    classification.confirm(change(urgent, "3", company, late), by=company.mara, at=late)
    assert state(urgent, late) == "missed"
    assert due(urgent) == SATURDAY + timedelta(hours=1)
    conversation.answer(urgent, body="Here.", by=company.ada, at=late + timedelta(minutes=1))
    assert endings(urgent) == ["missed", "met"]
    assert state(urgent, late) == "met_late"
    missed = urgent.promises.get(number=1).ending
    assert missed.at == SATURDAY + timedelta(hours=1)
    assert all_is_consistent()


def test_reclassifying_an_answered_ticket_rewrites_no_verdict(company, urgent):
    conversation.answer(urgent, body="Here.", by=company.ada, at=TEN_PAST)
    change(urgent, "3", company, SATURDAY + timedelta(hours=3))
    assert endings(urgent) == ["met"]
    assert fresh(urgent).priority == "3"
    assert all_is_consistent()


def test_a_preview_shows_both_sides_and_changes_nothing(company, urgent):
    seen = classification.preview(urgent, to="3", at=TEN_PAST)
    assert (seen.due_before, seen.due_after) == (SATURDAY + timedelta(hours=1), at("2026-11-23T15:00:00+01:00"))
    assert (seen.raises, seen.needs_manager, seen.still_owed) == (False, False, True)
    assert classification.preview(urgent, to="3", at=SATURDAY + timedelta(minutes=50)).needs_manager
    assert kinds(urgent) == ["submitted"]
    assert change(urgent, "3", company, TEN_PAST).event.number == 2
    assert due(urgent) == seen.due_after


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_reason_without_a_text_for_the_customer_is_refused(company, urgent, text):
    with pytest.raises(TextRefused):
        change(urgent, "3", company, TEN_PAST, telling=text)
    assert kinds(urgent) == ["submitted"]


def test_what_cannot_be_chosen_is_refused(company, urgent):
    with pytest.raises(NoChange):
        change(urgent, "1", company, TEN_PAST)
    with pytest.raises(UnknownTerm):
        change(urgent, "4", company, TEN_PAST)
    with pytest.raises(NotAnAgent):
        change(urgent, "3", company, TEN_PAST, by=company.anna)
    staging = company.ticket(priority="3", environment="staging", at=SATURDAY)
    with pytest.raises(PriorityBarred):
        change(staging, "1", company, TEN_PAST, Grounds.IMPACT_GREW)
    resolution.cancel(urgent, because=resolution.Because.SPAM, telling="", by=company.ada, at=TEN_PAST)
    with pytest.raises(ClosedForGood):
        change(urgent, "3", company, TEN_PAST)


def test_correcting_the_environment_opens_the_urgent_priorities(company):
    staging = company.ticket(priority="3", environment="staging", at=SATURDAY)
    change(staging, "1", company, TEN_PAST, Grounds.IMPACT_GREW, environment="production")
    assert (fresh(staging).environment, due(staging)) == ("production", TEN_PAST + timedelta(hours=1))
    assert all_is_consistent()


def test_on_a_plan_without_a_guarantee_a_raise_is_allowed_and_promises_nothing(company):
    ticket = company.ticket(company.bruno, "3", at=SATURDAY)
    change(ticket, "1", company, TEN_PAST, Grounds.IMPACT_GREW)
    assert (fresh(ticket).priority, due(ticket), state(ticket, TEN_PAST)) == ("1", None, "no_guarantee")


def test_the_customer_disagrees_once_and_a_manager_who_agrees_brings_the_promise_back(company, urgent):
    done = change(urgent, "3", company, TEN_PAST)
    said = classification.disagree(done, text="It is production!", by=company.anna, at=SATURDAY + timedelta(minutes=20))
    with pytest.raises(DisagreedAlready):
        classification.disagree(done, text="Again", by=company.anna, at=SATURDAY + timedelta(minutes=21))
    with pytest.raises(NotTheCustomer):
        classification.disagree(done, text="Me too", by=company.paola, at=SATURDAY)
    with pytest.raises(NotAManager):
        classification.uphold(said, telling="You are right.", by=company.ada, at=SATURDAY + timedelta(minutes=25))
    classification.uphold(said, telling="You are right.", by=company.mara, at=SATURDAY + timedelta(minutes=25))
    assert (fresh(urgent).priority, due(urgent)) == ("1", SATURDAY + timedelta(hours=1))
    assert urgent.reclassifications.get(became="1").grounds == Grounds.OUR_MISTAKE
    with pytest.raises(AlreadyDecided):
        classification.overrule(said, telling="No.", by=company.mara, at=SATURDAY + timedelta(minutes=26))
    assert all_is_consistent()


def test_a_manager_who_does_not_agree_leaves_the_change_and_says_why(company, urgent):
    said = classification.disagree(change(urgent, "3", company, TEN_PAST), text="", by=company.anna, at=TEN_PAST)
    decided = classification.overrule(said, telling="It is a test system.", by=company.mara, at=TEN_PAST)
    assert (decided.upheld, decided.answer, fresh(urgent).priority) == (False, "It is a test system.", "3")


def test_the_customer_reports_that_the_impact_grew_and_it_counts_at_once(company):
    ticket = company.ticket(priority="3", at=FRIDAY)
    report = classification.report_impact(ticket, to="1", text="Now all is down.", by=company.anna, at=SATURDAY)
    assert (report.raised, fresh(ticket).priority, due(ticket)) == (True, "1", SATURDAY + timedelta(hours=1))
    assert ticket.reclassifications.get().by == company.anna
    with pytest.raises(DisagreedAlready):
        classification.disagree(ticket.reclassifications.get(), text="", by=company.anna, at=SATURDAY)


def test_after_our_lowering_a_report_waits_for_an_agent_and_counts_from_when_it_was_made(company, urgent):
    change(urgent, "3", company, TEN_PAST)
    noon = SATURDAY + timedelta(hours=2)
    report = classification.report_impact(urgent, to="1", text="Production now.", by=company.anna, at=noon)
    assert (report.decided_at, fresh(urgent).priority) == (None, "3")
    with pytest.raises(AlreadyDecided):
        classification.report_impact(urgent, to="1", text="Hello?", by=company.anna, at=noon)
    classification.accept(report, telling="We see it.", by=company.ada, at=noon + timedelta(minutes=20))
    assert (fresh(urgent).priority, due(urgent)) == ("1", noon + timedelta(hours=1))
    assert state(urgent, noon + timedelta(minutes=20)) == "running"
    assert all_is_consistent()


def test_a_report_that_is_turned_down_is_answered_and_another_may_follow(company, urgent):
    change(urgent, "3", company, TEN_PAST)
    report = classification.report_impact(urgent, to="2", text="Slow.", by=company.anna, at=TEN_PAST)
    classification.turn_down(report, telling="That is the test system.", by=company.ada, at=TEN_PAST)
    assert ImpactReport.objects.get().raised is False
    classification.report_impact(urgent, to="1", text="Really.", by=company.anna, at=TEN_PAST)


def test_a_report_only_makes_more_urgent_and_keeps_the_rules_of_the_form(company, urgent):
    for to in ("1", "2", "3"):
        with pytest.raises(NotARaise):
            classification.report_impact(urgent, to=to, text="x", by=company.anna, at=TEN_PAST)
    staging = company.ticket(priority="3", environment="staging", at=SATURDAY)
    with pytest.raises(PriorityBarred):
        classification.report_impact(staging, to="1", text="x", by=company.anna, at=TEN_PAST)
    with pytest.raises(NotTheCustomer):
        classification.report_impact(staging, to="1", text="x", by=company.paola, at=TEN_PAST)
    conversation.answer(staging, body="Yes.", by=company.ada, at=TEN_PAST)
    resolution.resolve(staging, by=company.ada, at=TEN_PAST)
    with pytest.raises(NotOpen):
        classification.report_impact(staging, to="1", text="x", by=company.anna, at=TEN_PAST)


@pytest.mark.parametrize(
    ("was", "to", "because", "place", "rule"),
    [
        ("3", "1", Grounds.NOT_PRODUCTION, None, "direction"),
        ("3", "2", Grounds.HOW_TO, None, "direction"),
        ("2", "1", Grounds.WORKAROUND, None, "direction"),
        ("3", "1", Grounds.IMPACT_FELL, None, "direction"),
        ("1", "2", Grounds.IMPACT_GREW, None, "direction"),
        ("2", "3", Grounds.IMPACT_GREW, "staging", "direction"),
        ("1", "3", Grounds.NOT_PRODUCTION, None, "environment"),
        ("2", "3", Grounds.NOT_PRODUCTION, "production", "environment"),
    ],
)
def test_a_reason_fits_the_direction_and_the_place(company, was, to, because, place, rule):
    ticket = company.ticket(at=SATURDAY, priority=was)
    with pytest.raises(ReasonContradicts) as refused:
        change(ticket, to, company, TEN_PAST, because, environment=place)
    assert refused.value.rule == rule
    assert (fresh(ticket).priority, kinds(ticket)) == (was, ["submitted"])


@pytest.mark.parametrize(
    ("was", "to", "because", "place"),
    [
        ("1", "3", Grounds.NOT_PRODUCTION, "staging"),
        ("2", "3", Grounds.NOT_PRODUCTION, "development"),
        ("1", "2", Grounds.WORKAROUND, None),
        ("3", "1", Grounds.IMPACT_GREW, None),
        ("3", "2", Grounds.OUR_MISTAKE, None),
        ("1", "3", Grounds.OUR_MISTAKE, None),
    ],
)
def test_what_fits_is_taken(company, was, to, because, place):
    ticket = company.ticket(at=SATURDAY, priority=was)
    change(ticket, to, company, TEN_PAST, because, environment=place)
    assert (fresh(ticket).priority, fresh(ticket).environment) == (to, place or "production")


def test_whoever_believes_another_priority_changes_nothing(company):
    ticket = company.ticket(at=SATURDAY, priority="3")
    change(ticket, "1", company, TEN_PAST, Grounds.IMPACT_GREW, was="3")
    with pytest.raises(PriorityChanged):
        change(ticket, "2", company, TEN_PAST, Grounds.OTHER, was="3", by=company.grace)
    assert fresh(ticket).priority == "1"


def test_a_proposal_keeps_where_the_problem_shows(company, urgent):
    late = SATURDAY + timedelta(minutes=55)
    lowering = change(urgent, "3", company, late, Grounds.NOT_PRODUCTION, environment="staging")
    assert isinstance(lowering, Lowering)
    assert fresh(urgent).environment == "production"
    classification.confirm(lowering, by=company.mara, at=late)
    assert (fresh(urgent).environment, fresh(urgent).priority) == ("staging", "3")
    assert all_is_consistent()


def test_a_lowering_that_would_be_a_raise_by_now_is_not_confirmed(company):
    ticket = company.ticket(at=SATURDAY, priority="1")
    late = SATURDAY + timedelta(minutes=55)
    lowering = change(ticket, "2", company, late, Grounds.WORKAROUND)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=late)
    change(ticket, "3", company, late, Grounds.HOW_TO)
    with pytest.raises(PriorityChanged):
        classification.confirm(lowering, by=company.mara, at=late)
    assert fresh(ticket).priority == "3"
    classification.decline(lowering, by=company.mara, at=late)
