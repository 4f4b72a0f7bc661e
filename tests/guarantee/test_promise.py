"""The sacred rules of the promise, as far as submission and answer go."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puntuale.guarantee import document
from puntuale.guarantee.agreement import Metric, PriorityBarred, Reason, UnknownTerm
from puntuale.guarantee.calendars import NaiveInstant
from puntuale.guarantee.facts import Answered, Submitted
from puntuale.guarantee.promise import Ending, Promise, State, Verdict, quote, state
from puntuale.guarantee.story import ReplayFailed, fold
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at
from tests.guarantee.test_laws import instants

AGREEMENT = document.read(STANDARD).sound()
AGREEMENTS = {1: AGREEMENT}
FRIDAY = at("2026-11-20T16:00:00+01:00")


def submitted(plan="professional", priority="1", stage="released", when=FRIDAY):
    return Submitted(at=when, version=1, plan=plan, priority=priority, environment="production", stage=stage)


def course(*facts):
    return fold(facts, AGREEMENTS.__getitem__).first_response


@pytest.mark.parametrize(
    ("plan", "priority", "due"),
    [
        ("professional", "1", "2026-11-23T11:00:00+01:00"),
        ("professional", "2", "2026-11-23T14:00:00+01:00"),
        ("professional", "3", "2026-11-23T17:00:00+01:00"),
        ("advanced", "1", "2026-11-20T17:00:00+01:00"),
        ("advanced", "2", "2026-11-23T11:00:00+01:00"),
        ("advanced", "3", "2026-11-23T14:00:00+01:00"),
    ],
)
def test_every_cell_of_the_published_table_has_its_due_time(plan, priority, due):
    assert course(submitted(plan, priority)).current.due_at == at(due)


@pytest.mark.parametrize(
    ("plan", "stage", "reason"),
    [
        ("basic", "released", Reason.PLAN),
        ("advanced", "beta", Reason.PRODUCT_STAGE),
        ("basic", "preview", Reason.PRODUCT_STAGE),
        (None, "released", Reason.NO_CONTRACT),
    ],
)
def test_no_guarantee_is_a_promise_row_with_a_reason(plan, stage, reason):
    promise = course(submitted(plan, "1", stage)).current
    assert (promise.due_at, promise.target, promise.reason) == (None, None, reason)
    assert state(promise.due_at, None, at=FRIDAY + timedelta(days=365)) is State.NO_GUARANTEE


def test_the_promise_starts_with_the_submission_and_pins_version_and_plan():
    promise = course(submitted()).current
    assert promise.start_at == FRIDAY
    assert (promise.version, promise.plan, promise.priority, promise.metric) == (
        1,
        "professional",
        "1",
        Metric.FIRST_RESPONSE,
    )


@pytest.mark.parametrize(
    ("late_by", "verdict"),
    [
        (timedelta(0), Verdict.MET),
        (timedelta(milliseconds=-1), Verdict.MET),
        (timedelta(milliseconds=1), Verdict.MET_LATE),
        (timedelta(hours=2), Verdict.MET_LATE),
    ],
)
def test_a_promise_is_met_exactly_when_answered_at_or_before_due(late_by, verdict):
    due = course(submitted()).current.due_at
    assert course(submitted(), Answered(at=due + late_by)).ending == Ending(verdict, due + late_by)


def test_used_up_at_closing_the_evening_is_late_although_no_business_time_passed():
    asked = submitted(when=at("2026-11-20T14:00:00+01:00"))
    assert course(asked).current.due_at == at("2026-11-20T17:00:00+01:00")
    assert course(asked, Answered(at=at("2026-11-20T20:00:00+01:00"))).ending.verdict is Verdict.MET_LATE


def test_only_the_first_answer_counts():
    first, second = FRIDAY + timedelta(minutes=5), FRIDAY + timedelta(days=30)
    assert course(submitted(), Answered(at=first), Answered(at=second)).ending == Ending(Verdict.MET, first)


def test_an_answer_without_a_guarantee_is_neither_met_nor_missed():
    ended = course(submitted("basic"), Answered(at=FRIDAY + timedelta(days=9)))
    assert ended.ending.verdict is Verdict.ANSWERED
    assert state(ended.current.due_at, ended.ending.verdict, at=FRIDAY) is State.NO_GUARANTEE


def test_a_promise_runs_until_due_and_is_missed_after_it():
    promise = course(submitted()).current
    assert state(promise.due_at, None, at=promise.due_at) is State.RUNNING
    assert state(promise.due_at, None, at=promise.due_at + timedelta(milliseconds=1)) is State.MISSED


@given(instants, st.sampled_from(["basic", "professional", "advanced"]), st.sampled_from(["1", "2", "3"]))
def test_a_quote_is_what_a_submission_gets(when, plan, priority):
    quoted = quote(AGREEMENT, plan=plan, priority=priority, environment="production", stage="released", at=when)
    assert quoted == course(submitted(plan, priority, when=when)).current
    if quoted.due_at:
        counted = AGREEMENT.calendar(quoted.target.hours).elapsed(quoted.start_at, quoted.due_at)
        assert counted == quoted.target.seconds


def test_a_quote_applies_the_rules_of_the_form():
    with pytest.raises(PriorityBarred):
        quote(AGREEMENT, plan="advanced", priority="1", environment="staging", stage="released", at=FRIDAY)
    with pytest.raises(UnknownTerm):
        quote(AGREEMENT, plan="advanced", priority="1", environment="moon", stage="released", at=FRIDAY)
    with pytest.raises(UnknownTerm):
        quote(AGREEMENT, plan="advanced", priority="1", environment="production", stage="alpha", at=FRIDAY)
    with pytest.raises(NaiveInstant):
        quote(
            AGREEMENT,
            plan="advanced",
            priority="1",
            environment="production",
            stage="released",
            at=FRIDAY.replace(tzinfo=None),
        )
    unchosen = quote(AGREEMENT, plan="advanced", priority=None, environment="staging", stage="released", at=FRIDAY)
    assert unchosen.priority == "3"


@pytest.mark.parametrize(
    "facts",
    [(), (Answered(at=FRIDAY),), (submitted(), submitted())],
    ids=["nothing", "an answer first", "submitted twice"],
)
def test_facts_that_cannot_have_happened_are_refused(facts):
    with pytest.raises(ReplayFailed):
        course(*facts)


def test_a_promise_cannot_be_half_made():
    with pytest.raises(ValueError, match="a target and a due time, or a reason"):
        Promise(
            metric=Metric.FIRST_RESPONSE,
            made_at=FRIDAY,
            start_at=FRIDAY,
            due_at=FRIDAY,
            target=None,
            reason=None,
            version=1,
            plan="basic",
            priority="1",
        )
