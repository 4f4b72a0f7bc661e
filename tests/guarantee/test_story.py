"""A ticket's story told fact by fact, with every due time counted by hand on a calendar of November 2026.

Business hours are Monday to Friday, 09:00 to 17:00 in Brussels. Nothing here asks the engine what the answer should be.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.guarantee import document
from puntuale.guarantee.agreement import Metric, Reason
from puntuale.guarantee.facts import (
    Answered,
    Covered,
    CustomerWrote,
    Debt,
    GaveBack,
    Moved,
    Phase,
    Reclassified,
    Restored,
    Submitted,
    Terms,
    TookOver,
)
from puntuale.guarantee.pauses import elapsed_around, joined
from puntuale.guarantee.promise import Basis, Ending, State, Verdict
from puntuale.guarantee.reckoning import Counted, Paused, reckon
from puntuale.guarantee.retargeting import needs_second_person
from puntuale.guarantee.spans import Span
from puntuale.guarantee.story import fold
from tests.guarantee.documents import LEFT_OUT, STANDARD, bent

FIRST, NEXT, UPDATE, RESOLUTION = Metric
BRUSSELS = ZoneInfo("Europe/Brussels")
DAYS = {
    "fri": "2026-11-20",
    "sat": "2026-11-21",
    "sun": "2026-11-22",
    "mon": "2026-11-23",
    "tue": "2026-11-24",
    "wed": "2026-11-25",
    "thu": "2026-11-26",
    "next-fri": "2026-11-27",
    "next-mon": "2026-11-30",
}


def on(text):
    """`mon 09:00` is that of 23 November 2026; a date may stand in the day's place. Brussels time, unless it says."""
    day, clock = text.split()
    moment = datetime.fromisoformat(f"{DAYS.get(day, day)}T{clock}")
    return (moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)).astimezone(UTC)


def span(since, until):
    return Span(on(since), on(until))


def published(changes, version=1):
    return document.read(bent({"version": version, **changes})).sound()


PLAIN = document.read(STANDARD).sound()
SHORTER = published({f"first_response.professional.{n}": f"{n}h business" for n in "123"}, version=2)
ONLY_URGENT = published({"first_response.professional.3": "none"})
WITH_GOALS = published(
    {
        "next_response.professional": {"1": "1h business", "2": "2h business", "3": "4h business"},
        "periodic_update.professional": {"1": "2h business", "2": "4h business", "3": "8h business"},
        "resolution.professional": {"1": "3h business", "2": "6h business", "3": "9h business"},
        "next_response.advanced": {"1": "1h always", "2": "1h business", "3": "2h business"},
        "resolution.advanced": {"1": "4h always", "2": "4h business", "3": "6h business"},
    }
)
ONLY_TWO_PRIORITIES = published(
    {
        "priority.2": LEFT_OUT,
        "default_priority": "2",
        "priority.1.environments": ["production", "staging", "development"],
    }
    | {f"first_response.{plan}.3": LEFT_OUT for plan in ("basic", "professional", "advanced")},
    version=2,
)
GOALS_FOR_URGENT = published({"resolution.professional": {"1": "3h business", "2": "6h business"}})


def sent(when, priority="1", plan="professional", *, stage="released", version=1, since=None):
    return Submitted(
        at=on(when),
        version=version,
        plan=plan,
        priority=priority,
        environment="production",
        stage=stage,
        since=on(since) if since else None,
    )


def answered(when, then=None):
    return Answered(at=on(when), then=then)


def wrote(when, *, reopens=False):
    return CustomerWrote(at=on(when), reopens=reopens)


def reclassified(when, to, claimed=None):
    return Reclassified(at=on(when), priority=to, claimed_at=on(claimed) if claimed else None)


def bought(when, plan, version=1):
    return Covered(at=on(when), version=version, plan=plan)


def moved(when, to):
    return Moved(at=on(when), to=to)


def waiting(*spans):
    return [moved(text, to) for pair in spans for text, to in zip(pair, (Phase.WAITING, Phase.OPEN), strict=True)]


def took_over(when, *, start, due, target="3h business", version=1, source=7):
    debt = Debt(of=source, version=version, start_at=on(start), due_at=on(due), target=target)
    return TookOver(at=on(when), source=source, owed=(debt,))


def gave_back(when, *sources):
    return GaveBack(at=on(when), of=frozenset(sources or [7]))


def restored(when, answered_at=None):
    return Restored(at=on(when), answered_at=on(answered_at) if answered_at else None)


def told(*facts, under=PLAIN):
    versions = {1: PLAIN, 2: SHORTER} | {under.version: under}
    return fold(facts, versions.__getitem__)


def first(*facts, under=PLAIN):
    return told(*facts, under=under).first_response


def goal(metric, *facts, under=WITH_GOALS):
    return told(*facts, under=under).courses[metric]


def resolution(*facts, under=WITH_GOALS):
    return goal(RESOLUTION, *facts, under=under)


def row(word, *values):
    return pytest.param(*values, id=word)


def due(course):
    return course.current.due_at.astimezone(BRUSSELS).isoformat() if course.current.due_at else None


def local(when):
    return on(when).astimezone(BRUSSELS).isoformat()


def verdicts(course):
    return [ending.verdict for ending in course.endings]


# --- rules 6 and 7: when it starts, what keeps it --------------------------------------------------------------------


def test_a_ticket_split_off_counts_from_its_question():
    course = first(sent("mon 11:00", since="mon 09:30"))
    assert (course.current.start_at, course.current.made_at) == (on("mon 09:30"), on("mon 11:00"))
    assert due(course) == local("mon 12:30")


def test_a_later_version_of_the_agreement_changes_nothing_about_a_promise_or_what_it_is_retargeted_to():
    assert due(first(sent("mon 09:00"), under=SHORTER)) == local("mon 12:00")
    assert due(first(sent("mon 09:00", version=2), under=SHORTER)) == local("mon 10:00")
    lowered = first(sent("mon 09:00"), reclassified("mon 10:00", "3"), under=SHORTER)
    assert (due(lowered), lowered.current.version) == (local("tue 10:00"), 1)


@pytest.mark.parametrize(
    "facts",
    [
        row("three messages of the customer", [wrote("mon 09:30"), wrote("mon 10:00"), wrote("mon 11:59")]),
        row("waiting for the customer", [moved("mon 09:30", Phase.WAITING)]),
        row("waiting and back", waiting(("mon 09:30", "mon 11:30"))),
        row("resolved", [moved("mon 10:00", Phase.RESOLVED)]),
        row("resolved and reopened", [moved("mon 10:00", Phase.RESOLVED), moved("mon 11:00", Phase.OPEN)]),
    ],
)
def test_nothing_but_an_answer_moves_or_keeps_the_first_response(facts):
    asked = sent("mon 09:00")
    assert first(asked, *facts, under=WITH_GOALS) == first(asked, under=WITH_GOALS)


def test_a_resolved_ticket_nobody_answered_still_owes_its_answer():
    story = told(sent("mon 09:00"), moved("mon 10:00", Phase.RESOLVED))
    assert story.due_next == (on("mon 12:00"), FIRST)
    assert story.first_response.state(at=on("mon 12:01")) is State.MISSED


@pytest.mark.parametrize("then", [None, Phase.OPEN, Phase.WAITING, Phase.RESOLVED, Phase.CANCELLED])
def test_an_answer_keeps_the_promise_whatever_the_same_act_does_besides(then):
    story = told(sent("mon 09:00"), answered("mon 12:00", then), under=WITH_GOALS)
    assert story.first_response.endings == (Ending(Verdict.MET, on("mon 12:00")),)
    assert story.answered_at == on("mon 12:00")
    assert story.phase is (then or Phase.OPEN)


# --- rule 9: raising -------------------------------------------------------------------------------------------------

RAISES = [
    row("impact grew on Saturday, day and night", "advanced", ("fri 16:50", "3"), [("sat 10:00", "1")], "sat 11:00"),
    row(
        "impact grew on Saturday, business hours", "professional", ("fri 16:50", "3"), [("sat 10:00", "1")], "mon 12:00"
    ),
    row("E28 counts from the change", "professional", ("mon 09:00", "3"), [("mon 13:00", "1")], "mon 16:00"),
    row("E28 a late raise keeps the old", "professional", ("mon 09:00", "3"), [("mon 16:00", "1")], "tue 10:00"),
    row("by one", "professional", ("mon 09:00", "3"), [("mon 10:00", "2")], "mon 16:00"),
    row(
        "by one and one more",
        "professional",
        ("mon 09:00", "3"),
        [("mon 10:00", "2"), ("mon 14:00", "1")],
        "mon 16:00",
    ),
    row("used up at closing", "professional", ("mon 13:00", "3"), [("mon 14:00", "1")], "mon 17:00"),
    row("a second later", "professional", ("mon 13:00", "3"), [("mon 14:00:01", "1")], "tue 09:00:01"),
]


@pytest.mark.parametrize(("plan", "begin", "changes", "expected"), RAISES)
def test_a_raise_is_due_at_the_old_time_or_the_new_target_from_now(plan, begin, changes, expected):
    course = first(sent(*begin, plan), *(reclassified(*change) for change in changes))
    assert due(course) == local(expected)
    assert course.current.priority == changes[-1][1]
    assert course.current.basis is Basis.RAISED
    assert set(verdicts(course)) == {Verdict.REPLACED}


def test_a_raise_to_a_priority_with_a_guarantee_starts_the_clock_at_the_change():
    course = first(sent("mon 09:00", "3"), reclassified("mon 11:00", "1"), under=ONLY_URGENT)
    assert (due(course), course.current.start_at) == (local("mon 14:00"), on("mon 11:00"))


@pytest.mark.parametrize(
    ("changes", "expected", "start"),
    [
        row("counted from her report", [("mon 13:00", "1", "mon 12:00")], "mon 15:00", "mon 12:00"),
        row("the old one is earlier", [("tue 09:30", "1", "mon 16:30")], "tue 10:00", "mon 09:00"),
        row("already past", [("mon 14:00", "1", "mon 09:30")], "mon 12:30", "mon 09:30"),
    ],
)
def test_a_raise_that_the_customer_asked_for_counts_from_her_report(changes, expected, start):
    course = first(sent("mon 09:00", "3"), *(reclassified(*change) for change in changes))
    assert (due(course), course.current.start_at) == (local(expected), on(start))


def test_a_raise_whose_time_had_run_out_before_it_was_made_is_missed_at_once():
    facts = [sent("mon 09:00", "3"), reclassified("mon 14:00", "1", "mon 09:30")]
    assert first(*facts).state(at=on("mon 14:00")) is State.MISSED
    assert first(*facts, answered("mon 14:10")).verdict is Verdict.MET_LATE


# --- rule 9: lowering ------------------------------------------------------------------------------------------------

LOWERINGS = [
    row("P1 to P3 on Saturday", "advanced", ("sat 10:00", "1"), [("sat 10:10", "3")], "mon 15:00"),
    row("from the start, not the change", "professional", ("mon 09:00", "1"), [("mon 10:00", "2")], "mon 15:00"),
    row("twice", "professional", ("mon 09:00", "1"), [("mon 10:00", "2"), ("mon 11:00", "3")], "tue 10:00"),
    row(
        "back to where it was",
        "professional",
        ("mon 09:00", "3"),
        [("mon 10:00", "1"), ("mon 11:00", "3")],
        "tue 10:00",
    ),
    row(
        "the old one is later",
        "professional",
        ("mon 09:00", "3"),
        [("mon 14:00", "1"), ("mon 14:30", "2")],
        "mon 17:00",
    ),
    row("from day and night into the morning", "advanced", ("mon 16:30", "1"), [("mon 16:40", "2")], "tue 11:30"),
    row("at the last instant", "professional", ("mon 09:00", "1"), [("mon 12:00", "3")], "tue 10:00"),
]


@pytest.mark.parametrize(("plan", "begin", "changes", "expected"), LOWERINGS)
def test_a_lowered_promise_counts_from_the_start_of_the_question(plan, begin, changes, expected):
    course = first(sent(*begin, plan), *(reclassified(*change) for change in changes))
    assert due(course) == local(expected)
    assert (course.current.basis, course.current.priority) == (Basis.LOWERED, changes[-1][1])
    assert set(verdicts(course)) == {Verdict.REPLACED}


def test_what_the_customer_claimed_plays_no_part_in_lowering():
    plain, claimed = (first(sent("mon 09:00"), reclassified("mon 10:00", "3", c)) for c in (None, "mon 09:30"))
    assert plain == claimed


def test_the_question_starts_with_its_first_promise_that_had_a_due_time():
    facts = [sent("mon 09:00", "3"), reclassified("mon 11:00", "1"), reclassified("mon 12:00", "2")]
    course = first(*facts, under=ONLY_URGENT)
    assert (due(course), course.current.start_at) == (local("mon 17:00"), on("mon 11:00"))


def test_lowering_to_a_priority_without_a_guarantee_gives_none():
    facts = [sent("mon 09:00"), reclassified("mon 10:00", "3")]
    course = first(*facts, under=ONLY_URGENT)
    assert (due(course), course.current.reason, course.owed_by) == (None, Reason.PLAN, None)
    assert course.state(at=on("mon 12:01")) is State.NO_GUARANTEE
    assert first(*facts, answered("thu 10:00"), under=ONLY_URGENT).verdict is Verdict.ANSWERED


@pytest.mark.parametrize("lowered_to", [row("another time", PLAIN), row("no guarantee", ONLY_URGENT)])
def test_a_miss_before_lowering_stays_whatever_the_later_promise_says(lowered_to):
    facts = [sent("mon 09:00"), reclassified("mon 13:00", "3")]
    course = first(*facts, under=lowered_to)
    assert course.endings == (Ending(Verdict.MISSED, on("mon 12:00")),)
    assert (course.lapsed_at, course.owed_by, course.verdict) == (on("mon 12:00"), on("mon 12:00"), None)
    assert course.state(at=on("mon 13:00")) is State.MISSED
    kept = first(*facts, answered("mon 15:00"), under=lowered_to)
    assert kept.verdict is Verdict.MET_LATE
    assert kept.state(at=on("tue 10:00")) is State.MET_LATE


def test_the_later_promise_after_a_miss_still_counts_from_the_start():
    assert due(first(sent("mon 09:00"), reclassified("mon 13:00", "3"))) == local("tue 10:00")


# --- rule 9: undoing our own lowering --------------------------------------------------------------------------------

UNDONE = [
    row(
        "the best earlier promise comes back", ("mon 09:00", "1"), [("mon 10:00", "3"), ("mon 11:00", "1")], "mon 12:00"
    ),
    row(
        "after two lowerings",
        ("mon 09:00", "1"),
        [("mon 09:30", "2"), ("mon 10:00", "3"), ("mon 11:00", "1")],
        "mon 12:00",
    ),
    row(
        "of a raise that had counted from the change",
        ("mon 09:00", "3"),
        [("mon 10:00", "1"), ("mon 11:00", "3"), ("mon 15:00", "1")],
        "mon 13:00",
    ),
    row(
        "only half: what lowering to it had left",
        ("mon 09:00", "1"),
        [("mon 10:00", "3"), ("mon 11:00", "2")],
        "mon 15:00",
    ),
    row(
        "only half, when the strictest was later",
        ("mon 09:00", "3"),
        [("mon 14:00", "1"), ("mon 14:30", "3"), ("mon 14:40", "2")],
        "mon 17:00",
    ),
    row(
        "half and then all",
        ("mon 09:00", "1"),
        [("mon 10:00", "3"), ("mon 10:30", "2"), ("mon 11:00", "1")],
        "mon 12:00",
    ),
    row(
        "to more than it ever had",
        ("mon 09:00", "2"),
        [("mon 09:30", "3"), ("mon 10:00", "1")],
        "mon 13:00",
    ),
    row(
        "to more than it ever had, late",
        ("mon 09:00", "2"),
        [("mon 09:30", "3"), ("mon 14:00", "1")],
        "mon 15:00",
    ),
    row(
        "down and up again and again",
        ("mon 09:00", "1"),
        [
            ("mon 09:10", "3"),
            ("mon 09:20", "1"),
            ("mon 09:30", "3"),
            ("mon 09:40", "2"),
            ("mon 09:50", "3"),
            ("mon 11:50", "1"),
        ],
        "mon 12:00",
    ),
]


@pytest.mark.parametrize(("begin", "changes", "expected"), UNDONE)
def test_raising_back_after_a_lowering_gains_no_time(begin, changes, expected):
    course = first(sent(*begin), *(reclassified(*change) for change in changes))
    assert due(course) == local(expected)
    assert course.current.priority == changes[-1][1]


def test_the_promise_that_comes_back_is_called_restored():
    course = first(sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 11:00", "1"))
    assert (course.current.basis, course.current.start_at) == (Basis.RESTORED, on("mon 09:00"))
    assert str(course.current.target) == "3h business"


def test_raising_back_from_no_guarantee_restores_too():
    facts = [sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 11:00", "1")]
    assert due(first(*facts, under=ONLY_URGENT)) == local("mon 12:00")
    half = [sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 11:00", "2")]
    assert due(first(*half, under=ONLY_URGENT)) == local("mon 15:00")


def test_what_comes_back_after_its_time_is_missed_and_stays_so():
    facts = [sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 13:00", "1")]
    course = first(*facts)
    assert (due(course), course.state(at=on("mon 13:00"))) == (local("mon 12:00"), State.MISSED)
    lowered_again = first(*facts, reclassified("mon 13:10", "3"))
    assert lowered_again.lapsed_at == on("mon 12:00")
    assert lowered_again.state(at=on("mon 13:10")) is State.MISSED


def test_her_own_later_report_restores_nothing():
    lowered = [sent("mon 09:00"), reclassified("mon 09:30", "3")]
    assert due(first(*lowered, reclassified("mon 11:00", "1", "mon 10:00"))) == local("mon 13:00")


# --- rule 9: the second person ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "when", "needed"),
    [
        row("sixteen minutes left", "mon 09:00", "mon 11:44", False),
        row("exactly fifteen", "mon 09:00", "mon 11:45", False),
        row("a second less", "mon 09:00", "mon 11:45:01", True),
        row("at the due time", "mon 09:00", "mon 12:00", True),
        row("after it", "mon 09:00", "mon 12:00:01", True),
        row("sixteen counted over the weekend", "fri 14:10", "fri 16:54", False),
        row("fourteen counted over the weekend", "fri 14:10", "fri 16:56", True),
        row("days away, ten minutes counted", "fri 14:10", "sat 12:00", True),
    ],
)
def test_a_second_person_is_needed_in_the_last_fifteen_counted_minutes(begin, when, needed):
    assert needs_second_person(first(sent(begin)), PLAIN, at=on(when)) is needed


@pytest.mark.parametrize(
    ("facts", "needed"),
    [
        row("missed, then lowered to a later time", [sent("mon 09:00"), reclassified("mon 13:00", "2")], True),
        row("answered", [sent("mon 09:00"), answered("mon 11:55")], False),
        row("answered late", [sent("mon 09:00"), answered("mon 13:00")], False),
        row("no guarantee", [sent("mon 09:00", plan="basic")], False),
        row("cancelled", [sent("mon 09:00"), moved("mon 11:55", Phase.CANCELLED)], False),
    ],
)
def test_a_second_person_is_needed_after_a_miss_and_for_nothing_that_is_not_owed(facts, needed):
    assert needs_second_person(first(*facts), PLAIN, at=on("mon 13:30")) is needed


def test_a_goal_that_stands_still_with_little_time_left_needs_a_second_person_too():
    course = resolution(sent("mon 09:00"), moved("mon 11:50", Phase.WAITING))
    assert needs_second_person(course, WITH_GOALS, at=on("mon 11:55"))


# --- rule 10: a plan bought ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        row("a plan that does not cover it", sent("fri 16:00", plan="basic")),
        row("no contract", sent("fri 16:00", plan=None)),
    ],
)
def test_from_no_guarantee_the_clock_starts_at_the_purchase(asked):
    story = told(asked, bought("mon 10:00", "professional"))
    current = story.first_response.current
    assert (due(story.first_response), current.start_at) == (local("mon 13:00"), on("mon 10:00"))
    assert (current.basis, current.plan, story.plan) == (Basis.COVERED, "professional", "professional")
    assert story.first_response.endings == (Ending(Verdict.REPLACED, on("mon 10:00")),)


@pytest.mark.parametrize(
    ("asked", "purchase"),
    [
        row("a longer way to go", sent("mon 09:00", "2"), bought("mon 13:00", "advanced")),
        row("the same", sent("mon 09:00", "2"), bought("mon 09:00", "professional")),
        row("a lesser plan", sent("mon 09:00", plan="advanced"), bought("mon 09:10", "professional")),
        row("a plan without guarantee", sent("mon 09:00", plan="advanced"), bought("mon 09:10", "basic")),
        row("after the miss", sent("mon 09:00"), bought("mon 13:00", "advanced")),
        row("a product in beta", sent("mon 09:00", stage="beta"), bought("mon 10:00", "advanced")),
        row("no plan that covers it", sent("mon 09:00", plan=None), bought("mon 10:00", "basic")),
    ],
)
def test_a_purchase_that_brings_nothing_forward_changes_nothing(asked, purchase):
    assert told(asked, purchase) == told(asked)


def with_plan(when, priority, plan, *, claimed=None, since=None, version=1):
    """A change of priority while another plan is in force than the ticket is bound to."""
    terms = Terms(version=version, plan=plan, since=on(since or when))
    return Reclassified(at=on(when), priority=priority, claimed_at=on(claimed) if claimed else None, in_force=terms)


@pytest.mark.parametrize(
    ("begin", "change", "expected"),
    [
        row("a raise", ("mon 09:00", "3"), with_plan("mon 13:00", "1", "advanced"), "mon 14:00"),
        row("to the middle", ("mon 09:00", "3"), with_plan("mon 13:00", "2", "advanced"), "mon 16:00"),
        row("the old time is earlier still", ("mon 09:00", "2"), with_plan("mon 14:30", "1", "advanced"), "mon 15:00"),
        row("a lesser plan", ("mon 09:00", "3"), with_plan("mon 13:00", "1", "basic"), "mon 16:00"),
        row("from no plan", ("mon 09:00", "3", "basic"), with_plan("mon 13:00", "1", "professional"), "mon 16:00"),
        row("a claim", ("mon 09:00", "3"), with_plan("mon 13:00", "1", "advanced", claimed="mon 12:00"), "mon 14:00"),
        row(
            "a claim under the plan",
            ("mon 09:00", "3"),
            with_plan("mon 13:00", "1", "advanced", claimed="mon 12:00", since="mon 12:00"),
            "mon 13:00",
        ),
        row("a lowering", ("mon 09:00", "1"), with_plan("mon 09:10", "3", "advanced"), "mon 15:10"),
        row(
            "a lowering from no time", ("mon 09:00", "2", "basic"), with_plan("mon 09:10", "3", "advanced"), "mon 15:10"
        ),
    ],
)
def test_a_change_of_priority_uses_the_better_of_the_plan_pinned_and_the_plan_in_force(begin, change, expected):
    story = told(sent(begin[0], begin[1], **({"plan": begin[2]} if len(begin) > 2 else {})), change)
    assert due(story.first_response) == local(expected)


def test_the_plan_that_was_the_better_binds_the_ticket_from_then_on():
    raised = told(sent("mon 09:00", "3"), with_plan("mon 13:00", "1", "advanced"))
    assert (raised.plan, raised.first_response.current.plan) == ("advanced", "advanced")
    assert told(sent("mon 09:00", "3"), with_plan("mon 13:00", "1", "basic")).plan == "professional"


def test_a_version_without_the_tickets_priority_brings_nothing():
    asked = sent("mon 09:00", "3", plan="basic")
    assert told(asked, bought("mon 10:00", "professional", 2), under=ONLY_TWO_PRIORITIES) == told(asked)


def test_a_purchase_after_the_answer_changes_nothing():
    asked = [sent("mon 09:00", plan="basic"), answered("mon 10:00")]
    assert first(*asked, bought("mon 11:00", "advanced")) == first(*asked)


def test_an_upgrade_brings_a_due_time_forward():
    course = first(sent("mon 09:00", "2"), bought("mon 10:00", "advanced"))
    assert (due(course), course.current.start_at) == (local("mon 13:00"), on("mon 10:00"))


def test_a_purchase_brings_the_version_of_the_agreement_in_force_then():
    course = first(sent("mon 09:00", plan="basic"), bought("mon 10:00", "professional", 2), under=SHORTER)
    assert (due(course), course.current.version) == (local("mon 11:00"), 2)


def test_lowering_after_an_upgrade_counts_the_plan_bought_from_the_start_of_the_question():
    course = first(sent("mon 09:00", "1"), bought("mon 10:00", "advanced"), reclassified("mon 10:30", "3"))
    assert (due(course), course.current.plan) == (local("mon 15:00"), "advanced")


def test_an_upgrade_is_not_lost_when_a_promise_from_before_it_comes_back():
    facts = [
        sent("mon 09:00", "1"),  # due 12:00
        reclassified("mon 09:30", "3"),  # due Tuesday 10:00
        bought("mon 10:00", "advanced"),  # six hours from now: 16:00
        reclassified("mon 11:30", "1"),  # an hour from now would be 12:30; the 12:00 of before comes back
        reclassified("mon 11:35", "3"),  # six hours from the start
    ]
    assert due(first(*facts[:4])) == local("mon 12:00")
    assert (due(first(*facts)), first(*facts).current.plan) == (local("mon 15:00"), "advanced")


# --- rule 8: goals stand still ---------------------------------------------------------------------------------------

STANDSTILLS = [
    row("never", "mon 10:00", [], "mon 16:00"),
    row("E22 inside hours", "mon 10:00", [("mon 12:00", "wed 10:00")], "wed 14:00"),
    row("E23 over a weekend", "fri 13:00", [("fri 16:00", "mon 10:00")], "mon 13:00"),
    row("E24 wholly outside hours", "fri 13:00", [("fri 18:00", "sun 12:00")], "mon 11:00"),
    row("from closing to opening", "fri 16:00", [("fri 17:00", "mon 09:00")], "mon 14:00"),
    row("from before opening", "fri 16:00", [("mon 07:00", "mon 09:30")], "mon 14:30"),
    row("until after closing", "mon 10:00", [("mon 12:00", "mon 19:00")], "tue 13:00"),
    row("twice", "mon 10:00", [("mon 11:00", "mon 12:00"), ("mon 13:00", "tue 09:00")], "tue 13:00"),
    row("twice without a gap", "mon 10:00", [("mon 11:00", "mon 12:00"), ("mon 12:00", "mon 13:00")], "tue 10:00"),
    row("for no time at all", "mon 10:00", [("mon 12:00", "mon 12:00")], "mon 16:00"),
    row("from the first second", "mon 10:00", [("mon 10:00", "tue 10:00")], "tue 16:00"),
    row("so that it is due at closing", "mon 10:00", [("mon 11:00", "mon 12:00")], "mon 17:00"),
    row("a second more", "mon 10:00", [("mon 11:00", "mon 12:00:01")], "tue 09:00:01"),
    row("over the autumn change", "2026-10-23 16:00", [("2026-10-24 12:00", "2026-10-26 10:00")], "2026-10-26 15:00"),
    row("over Christmas", "2026-12-23 15:00", [("2026-12-24 10:00", "2026-12-28 10:00")], "2026-12-28 13:00"),
]


@pytest.mark.parametrize(("begin", "pauses", "expected"), STANDSTILLS)
def test_a_goal_does_not_count_while_the_customer_is_waited_for(begin, pauses, expected):
    course = resolution(sent(begin, "2"), *waiting(*pauses))
    assert due(course) == local(expected)
    reckon(
        WITH_GOALS.calendar("business"),
        start=course.current.start_at,
        due=course.current.due_at,
        target=course.current.target,
        pauses=course.current.pauses,
    )


def test_a_pause_in_the_repeated_hour_lasts_an_hour():
    course = resolution(
        sent("2026-10-25 01:00+02:00", plan="advanced"),
        *waiting(("2026-10-25 02:30+02:00", "2026-10-25 02:30+01:00")),
    )
    assert due(course) == local("2026-10-25 05:00+01:00")


def test_a_goal_is_paused_then_resumed_with_its_pauses_as_spans():
    facts = [sent("mon 10:00", "2"), moved("mon 12:00", Phase.WAITING)]
    still = resolution(*facts)
    assert still.endings == (Ending(Verdict.PAUSED, on("mon 12:00")),)
    assert (still.is_paused, still.owed_by, still.verdict) == (True, None, Verdict.PAUSED)
    assert still.state(at=on("tue 12:00")) is State.PAUSED
    running = resolution(*facts, wrote("wed 10:00"))
    assert (running.current.basis, running.current.pauses) == (Basis.RESUMED, (span("mon 12:00", "wed 10:00"),))
    assert running.current.start_at == on("mon 10:00")
    assert running.state(at=on("wed 14:00")) is State.RUNNING
    assert running.state(at=on("wed 14:01")) is State.MISSED


def test_while_a_goal_stands_still_the_first_response_falls_due_next():
    asked = sent("mon 09:00", "2")
    assert told(asked, under=WITH_GOALS).due_next == (on("mon 15:00"), FIRST)
    assert told(asked, moved("mon 10:00", Phase.WAITING), under=WITH_GOALS).due_next == (on("mon 15:00"), FIRST)
    calm = told(asked, answered("mon 10:00", Phase.WAITING), under=WITH_GOALS)
    assert calm.due_next is None
    assert verdicts(calm.first_response) == [Verdict.MET]


def test_e25_resolved_straight_out_of_waiting_counts_the_time_before_the_pause_only():
    course = resolution(
        sent("mon 10:00", "2"), moved("mon 12:00", Phase.WAITING), moved("2027-01-04 12:00", Phase.RESOLVED)
    )
    assert course.verdict is Verdict.MET
    assert course.current.pauses == (span("mon 12:00", "2027-01-04 12:00"),)
    business = WITH_GOALS.calendar("business")
    assert elapsed_around(business, course.current.start_at, course.ending.at, course.current.pauses) == 2 * 3600


def test_e27_the_same_move_told_twice_counts_once():
    moves = [moved("mon 12:00", Phase.WAITING), moved("wed 10:00", Phase.OPEN)]
    repeated = [*moves[:1], moved("mon 13:00", Phase.WAITING), *moves[1:], moved("wed 11:00", Phase.OPEN)]
    asked = sent("mon 10:00", "2")
    assert resolution(asked, *repeated) == resolution(asked, *moves)


def test_e27_pauses_are_joined_whatever_order_they_come_in():
    known = [span("tue 10:00", "tue 12:00"), span("mon 10:00", "mon 12:00"), span("mon 11:00", "mon 13:00")]
    touching = span("mon 13:00", "mon 14:00")
    assert joined([*known, touching, known[0]]) == (span("mon 10:00", "mon 14:00"), known[0])


def test_e27_a_pause_after_the_miss_does_not_undo_it():
    facts = [sent("mon 10:00", "2"), moved("mon 16:00:01", Phase.WAITING)]
    course = resolution(*facts)
    assert (course.endings, course.state(at=on("tue 10:00"))) == ((), State.MISSED)
    resumed = resolution(*facts, wrote("wed 10:00"))
    assert (due(resumed), resumed.endings) == (local("mon 16:00"), ())
    assert resolution(*facts, moved("wed 10:00", Phase.RESOLVED)).verdict is Verdict.MET_LATE


def test_a_goal_missed_before_it_was_lowered_does_not_pause_either():
    facts = [sent("mon 09:00"), reclassified("mon 13:00", "3"), moved("mon 14:00", Phase.WAITING), wrote("wed 10:00")]
    course = resolution(*facts)
    assert (due(course), course.state(at=on("wed 10:00"))) == (local("tue 10:00"), State.MISSED)


@pytest.mark.parametrize(
    ("begin", "change", "expected"),
    [
        row("lowered", "2", ("tue 12:00", "3"), "wed 17:00"),
        row("raised", "3", ("tue 12:00", "1"), "wed 13:00"),
        row("raised by one", "3", ("tue 12:00", "2"), "wed 16:00"),
    ],
)
def test_e26_a_change_of_priority_while_waiting_keeps_the_pause(begin, change, expected):
    facts = [sent("mon 10:00", begin), moved("mon 12:00", Phase.WAITING), reclassified(*change)]
    assert resolution(*facts).is_paused
    assert due(resolution(*facts, wrote("wed 10:00"))) == local(expected)


@pytest.mark.parametrize(
    ("begin", "changes", "expected"),
    [
        row("lowered", "1", [("wed 10:30", "2")], "wed 15:00"),
        row("lowered twice", "1", [("wed 10:30", "2"), ("wed 10:40", "3")], "thu 10:00"),
        row("raised", "3", [("wed 11:00", "1")], "wed 14:00"),
        row("raised, the old one is earlier", "3", [("thu 09:30", "1")], "thu 10:00"),
        row("lowered and raised back", "1", [("wed 10:30", "3"), ("wed 11:00", "1")], "wed 12:00"),
        row("lowered and raised half", "1", [("wed 10:30", "3"), ("wed 11:00", "2")], "wed 15:00"),
    ],
)
def test_e26_a_change_of_priority_after_a_pause_keeps_it_counted(begin, changes, expected):
    course = resolution(
        sent("mon 09:00", begin), *waiting(("mon 10:00", "wed 10:00")), *(reclassified(*change) for change in changes)
    )
    assert due(course) == local(expected)
    assert course.state(at=on(changes[-1][0])) is State.RUNNING


def test_lowered_then_paused_then_raised_back_restores_the_time_that_was_left():
    course = resolution(
        sent("mon 09:00"),
        reclassified("mon 10:00", "3"),
        *waiting(("mon 11:00", "tue 11:00")),
        reclassified("tue 11:30", "1"),
    )
    assert (due(course), course.state(at=on("tue 11:30"))) == (local("tue 12:00"), State.RUNNING)


def test_a_raise_does_not_make_a_later_lowering_forget_the_pauses_before_it():
    facts = [sent("mon 09:00", "2"), *waiting(("mon 10:00", "tue 10:00")), reclassified("tue 11:00", "1")]
    assert due(resolution(*facts)) == local("tue 14:00")
    assert due(resolution(*facts, reclassified("tue 11:30", "2"))) == local("tue 15:00")


def test_her_report_from_before_a_pause_counts_around_it():
    course = resolution(
        sent("mon 09:00", "3"), *waiting(("mon 11:00", "mon 12:00")), reclassified("mon 12:30", "1", "mon 10:00")
    )
    assert (due(course), course.current.start_at) == (local("mon 14:00"), on("mon 10:00"))


@pytest.mark.parametrize(
    "facts",
    [
        row(
            "a report long ago",
            [sent("mon 09:00", "3"), *waiting(("mon 14:00", "tue 09:00")), reclassified("tue 10:00", "1", "mon 10:00")],
        ),
        row(
            "half of a lowering undone",
            [
                sent("mon 09:00"),
                reclassified("mon 09:30", "3"),
                *waiting(("mon 16:00", "wed 09:00")),
                reclassified("wed 09:30", "2"),
            ],
        ),
    ],
)
def test_the_sum_of_a_goal_that_was_due_before_its_last_pause_adds_up(facts):
    current = resolution(*facts).current
    calendar = WITH_GOALS.calendar("business")
    reckoning = reckon(
        calendar, start=current.start_at, due=current.due_at, target=current.target, pauses=current.pauses
    )
    assert reckoning.seconds == current.target.seconds


@pytest.mark.parametrize(
    "facts",
    [
        row("lowered, then waiting", [reclassified("mon 10:00", "3"), moved("mon 11:00", Phase.WAITING)]),
        row("lowered while waiting", [moved("mon 10:00", Phase.WAITING), reclassified("mon 11:00", "3")]),
    ],
)
def test_a_goal_lowered_to_no_guarantee_has_nothing_to_stand_still(facts):
    course = resolution(sent("mon 09:00"), *facts, wrote("mon 12:00"), under=GOALS_FOR_URGENT)
    assert (due(course), course.is_open, course.state(at=on("mon 12:00"))) == (None, True, State.NO_GUARANTEE)


def test_goals_are_made_only_where_the_agreement_has_a_target():
    assert set(told(sent("mon 09:00", "3"), under=PLAIN).courses) == {FIRST}
    assert set(told(sent("mon 09:00", "3"), under=GOALS_FOR_URGENT).courses) == {FIRST}
    assert set(told(sent("mon 09:00", "1"), under=GOALS_FOR_URGENT).courses) == {FIRST, RESOLUTION}
    assert set(told(sent("mon 09:00", "1", stage="beta"), under=WITH_GOALS).courses) == {FIRST}


def test_a_raise_to_a_priority_with_a_goal_starts_it_at_the_change():
    story = told(sent("mon 09:00", "3"), reclassified("mon 10:00", "1"), under=GOALS_FOR_URGENT)
    assert RESOLUTION in story.courses
    assert due(story.courses[RESOLUTION]) == local("mon 13:00")


def test_a_purchase_of_a_plan_with_a_goal_starts_it_at_the_change():
    story = told(sent("mon 09:00", plan="basic"), bought("mon 10:00", "professional"), under=WITH_GOALS)
    assert RESOLUTION in story.courses
    assert due(story.courses[RESOLUTION]) == local("mon 13:00")


def test_an_upgrade_brings_goals_forward_as_well():
    course = resolution(sent("mon 09:00", "2"), bought("mon 10:00", "advanced"))
    assert due(course) == local("mon 14:00")


def test_an_upgrade_while_waiting_brings_a_goal_forward_as_well():
    course = resolution(
        sent("mon 09:00", "2"), moved("mon 10:00", Phase.WAITING), bought("mon 11:00", "advanced"), wrote("tue 09:00")
    )
    assert due(course) == local("tue 13:00")


# --- next response and periodic update -------------------------------------------------------------------------------


def test_e41_a_thank_you_starts_nothing_unless_a_next_response_is_sold():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 10:05")]
    assert set(told(*facts).courses) == {FIRST}
    assert due(goal(NEXT, *facts)) == local("mon 12:05")


def test_messages_before_the_first_answer_start_no_next_response():
    assert NEXT not in told(sent("mon 09:00", "2"), wrote("mon 09:10"), under=WITH_GOALS).courses


def test_the_next_response_counts_from_the_first_message_that_waits_for_it():
    asked = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 11:00"), wrote("mon 12:00")]
    assert due(goal(NEXT, *asked)) == local("mon 13:00")
    kept = goal(NEXT, *asked, answered("mon 13:00"), wrote("mon 16:00"))
    assert (due(kept), verdicts(kept)) == (local("tue 10:00"), [Verdict.MET])


def test_a_late_next_response_does_not_mark_the_one_after_it():
    facts = [
        sent("mon 09:00", "2"),
        answered("mon 10:00"),
        wrote("mon 11:00"),
        answered("mon 13:01"),
        wrote("mon 14:00"),
    ]
    course = goal(NEXT, *facts)
    assert verdicts(course) == [Verdict.MET_LATE]
    assert (course.lapsed_at, course.state(at=on("mon 16:00"))) == (None, State.RUNNING)


def test_the_first_response_is_touched_by_none_of_it():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00")]
    later = [wrote("mon 11:00"), answered("thu 11:00"), reclassified("thu 12:00", "1"), bought("thu 13:00", "advanced")]
    assert first(*facts, *later, under=WITH_GOALS) == first(*facts, under=WITH_GOALS)


def test_a_next_response_pauses_with_the_ticket_and_can_be_kept_while_it_waits():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 11:00"), moved("mon 12:00", Phase.WAITING)]
    assert goal(NEXT, *facts).state(at=on("mon 16:00")) is State.PAUSED
    assert due(goal(NEXT, *facts, wrote("tue 10:00"))) == local("tue 11:00")
    assert goal(NEXT, *facts, answered("tue 10:00")).verdict is Verdict.MET
    assert goal(RESOLUTION, *facts, answered("tue 10:00")).is_paused


def test_the_next_response_is_counted_anew_when_the_priority_changes():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 11:00")]
    assert due(goal(NEXT, *facts, reclassified("mon 11:30", "1"))) == local("mon 12:30")
    assert due(goal(NEXT, *facts, reclassified("mon 11:30", "3"))) == local("mon 15:00")


def test_an_earlier_question_lends_no_promise_to_the_next():
    facts = [sent("mon 09:00", "1"), answered("mon 10:00"), wrote("mon 11:00"), answered("mon 11:30")]
    again = [reclassified("mon 12:00", "2"), wrote("mon 13:00"), reclassified("mon 13:30", "1")]
    assert due(goal(NEXT, *facts, *again)) == local("mon 14:30")


def test_each_answer_promises_the_next_update():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00")]
    assert due(goal(UPDATE, *facts)) == local("mon 14:00")
    again = goal(UPDATE, *facts, answered("mon 13:00"))
    assert (due(again), verdicts(again)) == (local("mon 17:00"), [Verdict.MET])
    late = goal(UPDATE, *facts, answered("mon 15:00"))
    assert (due(late), verdicts(late)) == (local("tue 11:00"), [Verdict.MET_LATE])
    assert late.state(at=on("tue 11:00")) is State.RUNNING


def test_an_update_promised_while_waiting_counts_once_the_waiting_ends():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00", Phase.WAITING), wrote("tue 10:00")]
    assert due(goal(UPDATE, *facts)) == local("tue 14:00")


def test_resolved_cancels_the_next_response_and_the_update():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 11:00"), moved("mon 12:00", Phase.RESOLVED)]
    assert goal(NEXT, *facts).endings == (Ending(Verdict.CANCELLED, on("mon 12:00")),)
    assert goal(UPDATE, *facts).endings == (Ending(Verdict.CANCELLED, on("mon 12:00")),)
    assert resolution(*facts).endings == (Ending(Verdict.MET, on("mon 12:00")),)
    assert told(*facts, under=WITH_GOALS).due_next is None


def test_resolved_cancels_nothing_that_was_missed():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), wrote("mon 11:00"), moved("mon 13:30", Phase.RESOLVED)]
    assert goal(NEXT, *facts).endings == (Ending(Verdict.MISSED, on("mon 13:00")),)
    assert goal(UPDATE, *facts).endings == (Ending(Verdict.CANCELLED, on("mon 13:30")),)


def test_a_closed_ticket_promises_no_update():
    facts = [sent("mon 09:00", "2"), moved("mon 10:00", Phase.RESOLVED), answered("mon 11:00")]
    assert UPDATE not in told(*facts, under=WITH_GOALS).courses
    assert first(*facts, under=WITH_GOALS).verdict is Verdict.MET


# --- rule 12: reopened -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reopening", [moved("thu 10:00", Phase.OPEN), wrote("thu 10:00", reopens=True)])
def test_a_reopened_resolution_goes_on_with_the_time_it_had_left(reopening):
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), moved("mon 11:00", Phase.RESOLVED), reopening]
    course = resolution(*facts)
    assert (due(course), course.current.pauses) == (local("thu 14:00"), (span("mon 11:00", "thu 10:00"),))
    assert verdicts(course) == [Verdict.MET]
    again = resolution(*facts, moved("thu 12:00", Phase.RESOLVED), moved("next-fri 09:00", Phase.OPEN))
    assert due(again) == local("next-fri 11:00")


def test_pauses_before_and_after_a_reopening_are_all_left_out():
    course = resolution(
        sent("mon 09:00", "2"),
        *waiting(("mon 10:00", "mon 11:00")),
        moved("mon 12:00", Phase.RESOLVED),
        moved("tue 09:00", Phase.OPEN),
        *waiting(("tue 10:00", "tue 12:00")),
    )
    assert due(course) == local("tue 15:00")


def test_e31_reopened_three_months_later_the_first_response_stays_as_it_ended():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), moved("mon 11:00", Phase.RESOLVED)]
    reopened = [*facts, wrote("2027-02-23 10:00", reopens=True)]
    assert first(*reopened, under=WITH_GOALS) == first(*facts, under=WITH_GOALS)
    assert due(goal(NEXT, *reopened)) == local("2027-02-23 12:00")


def test_a_message_that_does_not_reopen_changes_nothing():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), moved("mon 11:00", Phase.RESOLVED)]
    assert told(*facts, wrote("thu 10:00"), under=WITH_GOALS) == told(*facts, under=WITH_GOALS)


@pytest.mark.parametrize(
    "facts",
    [
        row("late", [moved("tue 10:00", Phase.RESOLVED)]),
        row("missed and lowered", [reclassified("mon 16:00", "3"), moved("tue 09:30", Phase.RESOLVED)]),
    ],
)
def test_a_resolution_that_was_late_is_not_reopened(facts):
    known = [sent("mon 09:00", "2"), *facts]
    reopened = resolution(*known, moved("thu 10:00", Phase.OPEN))
    assert reopened == resolution(*known)
    assert reopened.verdict is Verdict.MET_LATE


def test_a_reopened_resolution_can_still_be_missed():
    facts = [sent("mon 09:00", "2"), moved("mon 11:00", Phase.RESOLVED), moved("thu 10:00", Phase.OPEN)]
    assert resolution(*facts).state(at=on("thu 14:01")) is State.MISSED
    assert resolution(*facts, moved("thu 15:00", Phase.RESOLVED)).verdict is Verdict.MET_LATE


def test_a_ticket_that_comes_from_resolved_into_waiting_is_reopened_too():
    course = resolution(
        sent("mon 09:00", "2"),
        moved("mon 11:00", Phase.RESOLVED),
        answered("tue 10:00", Phase.WAITING),
        wrote("wed 10:00"),
    )
    assert course.is_open
    assert due(course) == local("wed 14:00")


def test_a_reopened_resolution_is_for_the_priority_that_the_ticket_has_by_now():
    story = told(
        sent("mon 09:00", "2"),
        moved("mon 11:00", Phase.RESOLVED),
        reclassified("mon 12:00", "1"),
        moved("thu 10:00", Phase.OPEN),
        under=WITH_GOALS,
    )
    assert story.courses[RESOLUTION].current.priority == story.priority
    assert story.courses[RESOLUTION].current.due_at <= on("thu 14:00")


# --- rule 12: merged, cancelled, and taken back ----------------------------------------------------------------------

URGENT = {"start": "fri 16:00", "due": "mon 11:00"}


def test_e30_the_source_ends_as_merged():
    course = first(sent("fri 16:00"), moved("mon 10:00", Phase.MERGED))
    assert course.endings == (Ending(Verdict.MERGED, on("mon 10:00")),)
    assert (course.state(at=on("mon 12:00")), course.owed_by) == (State.MERGED, None)


@pytest.mark.parametrize("to", [Phase.MERGED, Phase.CANCELLED])
def test_what_was_missed_before_a_merge_or_a_cancellation_stays_missed(to):
    course = first(sent("fri 16:00"), moved("mon 11:30", to))
    assert course.endings == (Ending(Verdict.MISSED, on("mon 11:00")),)
    assert course.state(at=on("mon 12:00")) is State.MISSED


@pytest.mark.parametrize("to", [Phase.MERGED, Phase.CANCELLED])
def test_lowering_a_missed_promise_does_not_let_a_merge_or_a_cancellation_hide_it(to):
    course = first(sent("mon 09:00"), reclassified("mon 13:00", "3"), moved("mon 14:00", to))
    assert course.lapsed_at == on("mon 12:00")
    assert course.state(at=on("mon 15:00")) is State.MISSED


def test_e30_the_target_takes_the_earlier_unmet_due_with_its_own_start_target_and_version():
    facts = [sent("mon 09:00", "2"), took_over("mon 10:00", **URGENT, version=2)]
    course = first(*facts, under=SHORTER)
    current = course.current
    assert (due(course), current.start_at, current.version) == (local("mon 11:00"), on("fri 16:00"), 2)
    assert (str(current.target), current.basis, current.priority) == ("3h business", Basis.TAKEN_OVER, "2")
    assert verdicts(course) == [Verdict.REPLACED]
    assert first(*facts, answered("mon 11:00"), under=SHORTER).verdict is Verdict.MET
    assert first(*facts, answered("mon 11:01"), under=SHORTER).verdict is Verdict.MET_LATE
    reckon(PLAIN.calendar("business"), start=current.start_at, due=current.due_at, target=current.target)


@pytest.mark.parametrize(
    "facts",
    [
        row("its own is earlier", [sent("fri 15:00")]),
        row("its own is the same", [sent("fri 16:00")]),
        row("its own was missed before, then lowered", [sent("fri 09:00"), reclassified("fri 16:30", "3")]),
    ],
)
def test_a_target_that_owes_an_answer_before_shows_that(facts):
    assert first(*facts, took_over("mon 10:00", **URGENT)) == first(*facts)


ANSWERED_BEFORE = [
    row("open", [sent("fri 09:00"), answered("fri 09:10")], Phase.OPEN),
    row("answered late", [sent("fri 09:00"), answered("fri 16:00")], Phase.OPEN),
    row("answered twice", [sent("fri 09:00"), answered("fri 09:10"), answered("fri 09:20")], Phase.OPEN),
    row("without a guarantee", [sent("fri 09:00", plan="basic"), answered("fri 09:10")], Phase.OPEN),
    row("waiting", [sent("fri 09:00"), answered("fri 09:10", Phase.WAITING)], Phase.WAITING),
    row("resolved", [sent("fri 09:00"), answered("fri 09:10", Phase.RESOLVED)], Phase.RESOLVED),
]


@pytest.mark.parametrize(("facts", "phase"), ANSWERED_BEFORE)
def test_a_target_that_was_answered_owes_what_is_merged_into_it_and_is_open_again(facts, phase):
    facts = [*facts, took_over("mon 10:00", **URGENT)]
    story = told(*facts)
    assert (story.phase, story.answered_at, story.due_next) == (Phase.OPEN, None, (on("mon 11:00"), FIRST))
    assert story.first_response.state(at=on("mon 11:00")) is State.RUNNING
    assert first(*facts).state(at=on("mon 11:01")) is State.MISSED
    assert first(*facts, answered("mon 11:00")).verdict is Verdict.MET
    assert first(*facts, answered("mon 11:01")).verdict is Verdict.MET_LATE
    assert told(*facts, answered("mon 11:01")).answered_at == told(*facts[:-1]).answered_at


@pytest.mark.parametrize(("facts", "phase"), ANSWERED_BEFORE)
def test_a_merge_into_what_was_answered_goes_back_and_leaves_it_as_it_was(facts, phase):
    before = told(*facts)
    for when in ("mon 10:30", "mon 12:00"):
        after = told(*facts, took_over("mon 10:00", **URGENT), gave_back(when))
        assert (after.phase, after.answered_at, after.due_next) == (phase, before.answered_at, None)
        for at in ("mon 12:00", "next-mon 12:00"):
            assert after.first_response.state(at=on(at)) is before.first_response.state(at=on(at))


def test_what_was_brought_out_of_waiting_stays_open_when_the_customer_has_written_since():
    facts = [sent("fri 09:00"), answered("fri 09:10", Phase.RESOLVED), took_over("mon 10:00", **URGENT)]
    assert told(*facts, wrote("mon 10:10"), gave_back("mon 10:30")).phase is Phase.OPEN
    assert told(*facts, moved("mon 10:10", Phase.MERGED), gave_back("mon 10:30")).phase is Phase.MERGED
    away = [*facts, moved("mon 10:10", Phase.MERGED), gave_back("mon 10:30"), restored("mon 10:40")]
    assert (told(*away).phase, told(*away).due_next) == (Phase.RESOLVED, None)


RESOLVED_IN_TIME = [sent("mon 09:00"), answered("mon 09:10", Phase.RESOLVED)]
WAITING_SINCE = [sent("mon 09:00"), answered("mon 09:10", Phase.WAITING)]


@pytest.mark.parametrize("facts", [row("resolved", RESOLVED_IN_TIME), row("waiting", WAITING_SINCE)])
@pytest.mark.parametrize("until", ["mon 10:10", "mon 16:00", "next-mon 12:00"])
def test_goals_stand_as_they_did_when_a_merge_goes_back_however_long_it_was(facts, until):
    merged = [*facts, took_over("mon 10:00", start="mon 09:30", due="mon 12:30"), gave_back(until)]
    before, after = told(*facts, under=WITH_GOALS), told(*merged, under=WITH_GOALS)
    assert after.phase is before.phase
    for metric in before.courses:
        assert after.courses[metric].verdict is before.courses[metric].verdict
    later = [wrote("next-mon 12:30", reopens=True)]
    again, never = told(*merged, *later, under=WITH_GOALS), told(*facts, *later, under=WITH_GOALS)
    assert again.due_next == never.due_next
    assert due(again.courses[Metric.RESOLUTION]) == due(never.courses[Metric.RESOLUTION])


def test_what_a_merge_made_run_and_a_raise_brought_forward_keeps_that():
    facts = [sent("mon 09:00", "2"), answered("mon 09:10", Phase.WAITING)]
    merged = [*facts, took_over("mon 10:00", **URGENT), reclassified("mon 10:05", "1"), gave_back("mon 10:10")]
    story = told(*merged, under=WITH_GOALS)
    assert story.phase is Phase.WAITING
    assert all(course.current.priority == "1" for course in story.courses.values() if course.is_paused)


@pytest.mark.parametrize("gone", [Phase.MERGED, Phase.CANCELLED])
def test_what_waited_waits_again_and_nothing_counts_meanwhile(gone):
    facts = [sent("mon 10:00", "2"), answered("mon 10:05", Phase.WAITING)]
    away = [moved("mon 12:00", gone), Restored(at=on("wed 12:00"), waits=True)]
    back = told(*facts, *away, under=WITH_GOALS)
    assert back.phase is Phase.WAITING
    assert all(
        back.courses[metric].is_paused
        for metric in (Metric.RESOLUTION, Metric.PERIODIC_UPDATE)
        if metric in back.courses
    )
    again, never = (told(*one, wrote("thu 09:00"), under=WITH_GOALS) for one in ([*facts, *away], facts))
    assert again.due_next == never.due_next


def test_a_goal_that_was_missed_before_the_customer_was_waited_for_stays_missed():
    facts = [sent("mon 09:00"), answered("mon 09:05"), moved("next-mon 09:00", Phase.WAITING)]
    story = told(
        *facts,
        moved("next-mon 10:00", Phase.CANCELLED),
        Restored(at=on("next-mon 11:00"), waits=True),
        under=WITH_GOALS,
    )
    assert story.courses[Metric.RESOLUTION].state(at=on("next-mon 11:00")) is State.MISSED


def test_a_merge_that_owes_nothing_changes_nothing():
    facts = [sent("fri 09:00"), answered("fri 09:10", Phase.RESOLVED)]
    assert told(*facts, TookOver(at=on("mon 10:00"), source=7)) == told(*facts)


def test_an_answer_that_is_owed_without_a_guarantee_is_owed_all_the_same():
    debt = Debt(of=7, version=1, start_at=on("fri 16:00"), reason="plan")
    facts = [sent("fri 09:00"), answered("fri 09:10", Phase.RESOLVED)]
    story = told(*facts, TookOver(at=on("mon 10:00"), source=7, owed=(debt,)))
    assert (story.phase, story.answered_at, story.due_next) == (Phase.OPEN, None, None)
    assert story.first_response.state(at=on("mon 10:00")) is State.NO_GUARANTEE
    kept = told(*facts, TookOver(at=on("mon 10:00"), source=7, owed=(debt,)), answered("tue 09:00"))
    assert kept.answered_at == on("fri 09:10")


def test_what_was_answered_itself_is_not_re_targeted_while_a_merge_is_owed():
    facts = [sent("fri 09:00"), answered("fri 09:10"), reclassified("fri 09:20", "2"), took_over("mon 10:00", **URGENT)]
    for further in ([moved("mon 10:10", Phase.MERGED), restored("mon 10:20")], [bought("mon 10:10", "advanced")]):
        story = told(*facts, *further)
        assert (due(story.first_response), story.first_response.current.basis) == (local("mon 11:00"), Basis.TAKEN_OVER)


def test_a_second_merge_into_what_was_answered_counts_by_the_earlier_and_goes_back_by_itself():
    facts = [
        sent("fri 09:00"),
        answered("fri 09:10", Phase.RESOLVED),
        took_over("mon 10:00", **URGENT),
        took_over("mon 10:10", start="fri 15:30", due="mon 10:30", source=8),
    ]
    assert due(first(*facts)) == local("mon 10:30")
    assert due(first(*facts, gave_back("mon 10:20", 8))) == local("mon 11:00")
    assert due(first(*facts, gave_back("mon 10:20", 7))) == local("mon 10:30")
    assert told(*facts, gave_back("mon 10:20", 7, 8)).phase is Phase.RESOLVED


def test_the_date_of_a_miss_stays_when_a_merge_brings_an_earlier_one():
    course = first(sent("fri 16:00"), took_over("mon 12:00", start="fri 15:00", due="mon 10:00"))
    assert course.owed_by == on("mon 11:00")


def test_the_own_miss_under_a_merge_is_not_forgotten_when_the_priority_changes_and_it_goes_back():
    facts = [sent("fri 16:30"), took_over("mon 10:00", **URGENT)]  # its own: 11:30
    course = first(*facts, reclassified("mon 12:00", "3"), gave_back("mon 12:30"))
    assert course.lapsed_at == on("mon 11:30")
    assert first(*facts, reclassified("mon 11:15", "3"), gave_back("mon 12:30")).lapsed_at is None


def test_a_target_without_a_guarantee_takes_the_promise_of_the_source():
    course = first(sent("mon 09:00", plan="basic"), took_over("mon 10:00", **URGENT))
    assert (due(course), course.current.reason) == (local("mon 11:00"), None)


def test_a_miss_that_was_taken_over_is_owed_at_once():
    course = first(sent("mon 09:00", "2"), took_over("mon 11:30", **URGENT))
    assert course.state(at=on("mon 11:30")) is State.MISSED


def test_lowering_the_ticket_makes_nothing_later_that_was_taken_over():
    facts = [sent("mon 09:00", "2"), took_over("mon 10:00", **URGENT)]
    lowered = [*facts, reclassified("mon 10:30", "3")]  # its own: Tuesday 10:00
    assert due(first(*lowered)) == local("mon 11:00")
    assert first(*lowered, answered("mon 11:30")).verdict is Verdict.MET_LATE
    assert due(first(*lowered, gave_back("mon 11:00"))) == local("tue 10:00")
    assert due(first(*lowered, reclassified("mon 10:40", "2"))) == local("mon 11:00")
    assert due(first(*facts, reclassified("mon 12:00", "3"))) == local("mon 11:00"), "what was missed stays"


@pytest.mark.parametrize("steps", ["323", "313", "3213", "3123", "3231"])
def test_raising_the_ticket_and_lowering_it_again_makes_nothing_later_that_was_taken_over(steps):
    changes = [reclassified(f"mon 10:{10 + n}", priority) for n, priority in enumerate(steps[1:])]
    course = first(sent("mon 09:00", steps[0]), took_over("mon 10:00", **URGENT), *changes)
    assert due(course) == local("mon 11:00")


def test_what_was_taken_over_is_raised_along_and_goes_back_to_what_it_was():
    facts = [sent("mon 09:00", "3"), took_over("mon 10:00", start="mon 09:30", due="tue 10:30", target="9h business")]
    alone = [
        *facts,
        answered("mon 10:05"),
        took_over("mon 10:10", start="mon 09:30", due="tue 10:30", target="9h business"),
    ]
    assert due(first(*alone, reclassified("mon 10:30", "1"))) == local("mon 13:30")
    assert due(first(*alone, reclassified("mon 10:30", "1"), reclassified("mon 10:40", "3"))) == local("tue 10:30")
    assert due(first(*alone, reclassified("mon 10:30", "1"), reclassified("mon 10:40", "2"))) == local("mon 15:30")


def test_nothing_taken_over_loses_its_guarantee_when_the_ticket_is_lowered_to_none():
    course = first(
        sent("mon 09:00", "2"), took_over("mon 10:00", **URGENT), reclassified("mon 10:30", "3"), under=ONLY_URGENT
    )
    assert due(course) == local("mon 11:00")


@pytest.mark.parametrize("gone", [Phase.MERGED, Phase.CANCELLED])
def test_taking_a_merge_or_a_cancellation_back_owes_the_promise_again(gone):
    facts = [sent("fri 16:00"), moved("mon 10:00", gone), restored("mon 10:30")]
    story = told(*facts)
    assert (story.phase, due(story.first_response)) == (Phase.OPEN, local("mon 11:00"))
    assert (story.first_response.current.basis, story.first_response.is_open) == (Basis.GIVEN_BACK, True)
    assert first(*facts, answered("mon 11:00")).verdict is Verdict.MET
    assert first(*facts).state(at=on("mon 11:01")) is State.MISSED


@pytest.mark.parametrize(
    ("answer", "verdict"), [row("in time", "mon 11:00", Verdict.MET), row("late", "mon 11:01", Verdict.MET_LATE)]
)
def test_what_was_answered_while_merged_counts_as_answered_then(answer, verdict):
    course = first(sent("fri 16:00"), moved("mon 10:00", Phase.MERGED), restored("mon 16:00", answer))
    assert course.ending == Ending(verdict, on(answer))


def test_a_miss_before_the_merge_is_not_undone_by_taking_it_back():
    facts = [sent("fri 16:00"), moved("mon 11:30", Phase.MERGED)]
    assert first(*facts, restored("mon 12:00")).state(at=on("mon 12:00")) is State.MISSED
    assert first(*facts, restored("mon 12:00", "mon 11:45")).verdict is Verdict.MET_LATE


def test_taking_a_merge_back_restores_nothing_that_had_ended_before():
    facts = [sent("mon 09:00", "2"), answered("mon 10:00"), moved("mon 11:00", Phase.RESOLVED)]
    story = told(*facts, moved("mon 12:00", Phase.MERGED), restored("mon 13:00"), under=WITH_GOALS)
    assert story.phase is Phase.RESOLVED
    assert story.courses == told(*facts, under=WITH_GOALS).courses


def test_goals_come_back_from_a_cancellation_and_run():
    facts = [sent("mon 10:00", "2"), moved("mon 12:00", Phase.WAITING), moved("tue 10:00", Phase.CANCELLED)]
    assert verdicts(resolution(*facts)) == [Verdict.PAUSED, Verdict.CANCELLED]
    back = resolution(*facts, restored("tue 11:00"))
    assert (back.is_open, due(back)) == (True, local("tue 14:00"))


def test_what_was_taken_over_goes_back():
    course = first(sent("mon 09:00", "2"), took_over("mon 10:00", **URGENT), gave_back("mon 10:30"))
    assert (due(course), course.current.start_at) == (local("mon 15:00"), on("mon 09:00"))
    assert (str(course.current.target), course.current.basis) == ("6h business", Basis.GIVEN_BACK)


def test_giving_back_what_was_never_taken_changes_nothing():
    assert first(sent("mon 09:00"), gave_back("mon 10:00")) == first(sent("mon 09:00"))


def test_an_answer_that_kept_what_a_merge_brought_is_told_by_the_own_promise_when_the_merge_is_taken_back():
    late = [took_over("mon 10:00", **URGENT), answered("mon 12:30")]
    assert first(sent("mon 09:00", "2"), *late).verdict is Verdict.MET_LATE
    own = first(sent("mon 09:00", "2"), *late, gave_back("mon 13:00"))
    assert (own.verdict, due(own), own.ending.at) == (Verdict.MET, local("mon 15:00"), on("mon 12:30"))
    before = [sent("mon 09:00", "2"), answered("mon 09:30")]
    again = first(*before, *late, gave_back("mon 13:00"))
    assert (again.verdict, again.ending.at) == (Verdict.MET, on("mon 09:30"))
    two = [took_over("mon 10:00", source=8, **URGENT), *late]
    assert first(*before, *two, gave_back("mon 13:00", 8)).verdict is Verdict.MET_LATE
    assert first(*before, *two, gave_back("mon 13:00", 8), gave_back("mon 14:00")).verdict is Verdict.MET


def test_a_merge_into_what_was_answered_for_another_goes_back_by_itself():
    facts = [sent("mon 09:00", "2"), took_over("mon 10:00", **URGENT), answered("mon 10:30")]
    second = took_over("mon 10:40", start="mon 10:00", due="mon 13:00", source=8)
    assert first(*facts, second, gave_back("mon 10:50", 8)).verdict is Verdict.MET
    assert first(*facts, second, gave_back("mon 10:50", 8), gave_back("mon 10:55")).verdict is Verdict.MET
    assert first(*facts, second, gave_back("mon 10:50"), gave_back("mon 10:55", 8)).verdict is Verdict.MET
    away = [*facts, second, moved("mon 10:45", Phase.CANCELLED), gave_back("mon 10:50", 7, 8)]
    assert first(*away).verdict is Verdict.MET


def test_the_promise_that_was_given_back_is_retargeted_to_the_priority_of_by_now():
    course = first(
        sent("mon 09:00", "3"),  # its own: Tuesday 10:00
        took_over("mon 10:30", start="mon 10:00", due="mon 16:00", target="6h business"),
        reclassified("mon 14:00", "1"),  # three hours from now would be 17:00; the 16:00 taken over is earlier
        gave_back("mon 14:30"),
    )
    assert course.current.start_at != on("mon 10:00"), "the start of the ticket that has left"
    assert course.current.priority == "1"
    assert due(course) in {local("mon 17:00"), local("tue 09:30")}


def test_a_promise_taken_over_and_lowered_goes_back_as_well():
    course = first(
        sent("mon 09:00", "1"),  # its own: 12:00
        took_over("mon 09:30", **URGENT),
        reclassified("mon 10:00", "2"),  # six hours from its own start: 15:00
        gave_back("mon 10:30"),
    )
    assert (due(course), course.current.priority) == (local("mon 15:00"), "2")
    raised_back = first(
        sent("mon 09:00", "1"),
        took_over("mon 09:30", **URGENT),
        reclassified("mon 10:00", "2"),
        gave_back("mon 10:30"),
        reclassified("mon 10:40", "1"),
    )
    assert due(raised_back) == local("mon 12:00")


def test_of_two_merges_taking_one_back_leaves_the_other():
    course = first(
        sent("mon 09:00", "2"),
        took_over("mon 09:30", **URGENT),
        took_over("mon 09:40", start="fri 15:00", due="mon 10:00", source=8),
        gave_back("mon 09:50", 8),
    )
    assert due(course) == local("mon 11:00")


def test_a_merge_taken_back_after_the_target_was_itself_merged_and_restored():
    course = first(
        sent("mon 09:00", "2"),
        took_over("mon 09:30", **URGENT),
        moved("mon 09:40", Phase.MERGED),
        restored("mon 09:50"),
        gave_back("mon 10:00"),
    )
    assert due(course) == local("mon 15:00")


# --- rules 13 to 15 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "verdict"),
    [
        row("an answer", answered("mon 12:00"), Verdict.MET),
        row("a cancellation", moved("mon 12:00", Phase.CANCELLED), Verdict.CANCELLED),
        row("a merge", moved("mon 12:00", Phase.MERGED), Verdict.MERGED),
        row("a lowering", reclassified("mon 12:00", "3"), Verdict.REPLACED),
    ],
)
def test_at_the_due_time_itself_everything_comes_before_the_miss(fact, verdict):
    assert first(sent("mon 09:00"), fact).endings == (Ending(verdict, on("mon 12:00")),)


@pytest.mark.parametrize(
    ("fact", "verdict"),
    [
        row("a cancellation", moved("mon 13:00", Phase.CANCELLED), Verdict.CANCELLED),
        row("a merge", moved("mon 13:00", Phase.MERGED), Verdict.MERGED),
        row("another lowering", reclassified("mon 13:00", "2"), Verdict.REPLACED),
        row("an answer", answered("mon 13:00"), Verdict.MET),
    ],
)
def test_at_the_instant_of_a_raise_that_brings_a_past_time_back_everything_comes_before_the_miss(fact, verdict):
    facts = [sent("mon 09:00"), reclassified("mon 10:00", "3"), reclassified("mon 13:00", "1")]
    assert first(*facts).state(at=on("mon 13:00")) is State.MISSED
    assert first(*facts, fact).endings[2].verdict is verdict
    later = replace(fact, at=on("mon 13:00:01"))
    assert first(*facts, later).endings[2].verdict in {Verdict.MISSED, Verdict.MET_LATE}


def test_a_miss_keeps_its_date_when_an_earlier_time_comes_back_missed_and_goes_again():
    facts = [sent("mon 09:00"), reclassified("mon 09:10", "2")]  # 12:00, then 15:00
    raised = [*facts, reclassified("mon 15:30", "1")]
    for story in (raised, [*raised, reclassified("mon 15:40", "3")], [*raised, reclassified("mon 15:40", "2")]):
        assert first(*story).owed_by == on("mon 15:00")
    assert first(*raised, moved("mon 16:00", Phase.CANCELLED)).lapsed_at == on("mon 15:00")


@pytest.mark.parametrize("fact", [moved("mon 16:00", Phase.WAITING), moved("mon 16:00", Phase.RESOLVED)])
def test_at_the_due_time_itself_a_goal_is_not_missed(fact):
    course = resolution(sent("mon 10:00", "2"), fact)
    assert verdicts(course) == [Verdict.PAUSED if fact.to is Phase.WAITING else Verdict.MET]


@pytest.mark.parametrize(
    "other",
    [
        row("a cancellation", moved("mon 12:00", Phase.CANCELLED)),
        row("a merge", moved("mon 12:00", Phase.MERGED)),
        row("a raise that was past when it was made", reclassified("mon 12:00", "1", "fri 16:30")),
    ],
)
@pytest.mark.parametrize("written_first", ["the answer", "the other"])
def test_at_the_same_instant_an_answer_comes_before_everything_else(other, written_first):
    both = [answered("mon 12:00"), other] if written_first == "the answer" else [other, answered("mon 12:00")]
    assert first(sent("fri 15:00", "2"), *both).verdict is Verdict.MET


def test_a_miss_is_dated_when_it_was_due_however_late_it_was_noticed():
    course = first(sent("mon 09:00"), reclassified("thu 16:00", "3"))
    assert course.endings == (Ending(Verdict.MISSED, on("mon 12:00")),)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1)])
def test_a_microsecond_after_the_due_time_is_after_it(late):
    change = Reclassified(at=on("mon 12:00") + late, priority="3")
    assert verdicts(first(sent("mon 09:00"), change)) == [Verdict.MISSED if late else Verdict.REPLACED]


def test_the_sum_of_a_goal_names_its_pauses():
    current = resolution(sent("mon 10:00", "2"), *waiting(("mon 12:00", "wed 10:00"))).current
    reckoning = reckon(
        WITH_GOALS.calendar("business"),
        start=current.start_at,
        due=current.due_at,
        target=current.target,
        pauses=current.pauses,
    )
    assert reckoning.lines == (
        Counted(span("mon 10:00", "mon 12:00")),
        Paused(span("mon 12:00", "wed 10:00")),
        Counted(span("wed 10:00", "wed 14:00")),
    )
