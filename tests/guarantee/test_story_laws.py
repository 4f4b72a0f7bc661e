"""What must hold for any story, and what an independent walk says about when its goals are due."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import Phase as Phases
from hypothesis import given, settings
from hypothesis import strategies as st

from puntuale.guarantee import document
from puntuale.guarantee.agreement import Metric
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
    TookOver,
)
from puntuale.guarantee.promise import Basis, State, Verdict, quote
from puntuale.guarantee.reckoning import Closed, reckon
from puntuale.guarantee.story import fold
from tests.guarantee.documents import bent
from tests.guarantee.story_oracle import Desk, RuleNine, RuleTwelve
from tests.guarantee.test_story import GOALS_FOR_URGENT, ONLY_URGENT, PLAIN, WITH_GOALS, on, sent

FIRST, NEXT, UPDATE, RESOLUTION = Metric
PLANS = [None, "basic", "professional", "advanced"]
PRIORITIES = ["1", "2", "3"]
OPEN, WAITING, RESOLVED, CANCELLED, MERGED = Phase
A_MOMENT = timedelta(microseconds=1)
AGREEMENTS = {
    "plain": PLAIN,
    "only urgent": ONLY_URGENT,
    "with goals": WITH_GOALS,
    "goals for urgent": GOALS_FOR_URGENT,
}


def law(examples):
    """So many examples. A broken law is shown at its shortest, but not explained at length."""
    phases = [Phases.explicit, Phases.reuse, Phases.generate, Phases.shrink]
    return settings(max_examples=examples, deadline=None, phases=phases)


# Autumn's and spring's clock changes, Christmas and Easter, in the agreement's years.
begins = st.one_of(
    st.datetimes(datetime(2026, 10, 19), datetime(2027, 4, 6)),  # noqa: DTZ001 - zoned below
    st.datetimes(datetime(2026, 10, 23, 12), datetime(2026, 10, 26, 12)),  # noqa: DTZ001
    st.datetimes(datetime(2027, 3, 25, 12), datetime(2027, 3, 30, 12)),  # noqa: DTZ001
).map(lambda naive: naive.replace(tzinfo=UTC))

gaps = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 59_000_000).map(lambda n: timedelta(microseconds=n)),
    st.integers(1, 240).map(lambda n: timedelta(minutes=n)),
    st.integers(1, 9 * 3600).map(lambda n: timedelta(seconds=n)),
    st.integers(1, 120).map(lambda n: timedelta(hours=n)),
)
aims = st.sampled_from([-timedelta(seconds=1), timedelta(0), A_MOMENT, timedelta(minutes=3)])


MERGES = (TookOver, GaveBack)


def told_under(agreement, facts):
    return fold(facts, lambda _: agreement)


class Teller:
    """Tells a story that can have happened, a fact at a time: what may come next depends on the phase."""

    def __init__(self, draw, under, kinds):
        self.draw, self.under, self.kinds = draw, under, kinds
        self.at = draw(begins)
        submitted = Submitted(
            at=self.at,
            version=1,
            plan=draw(st.sampled_from([*PLANS, "professional", "professional", "advanced"])),
            priority=draw(st.sampled_from(PRIORITIES)),
            environment="production",
            stage="released",
        )
        self.facts = [submitted]
        self.priority, self.phase, self.before, self.taken = submitted.priority, OPEN, OPEN, set()

    def tell(self):
        self.at = self._next_instant()
        if self.phase in {CANCELLED, MERGED}:
            buys = "bought" in self.kinds and self.draw(st.integers(0, 3)) == 0
            (self._bought if buys else self._restored)()
            return
        kind = self.draw(st.sampled_from(self.kinds))
        getattr(self, f"_{kind}")()

    def _next_instant(self):
        """Now and then exactly when something is due, or just beside it."""
        if self.draw(st.integers(0, 3)) == 0:
            due = fold(self.facts, lambda _: self.under).due_next
            if due is not None and (aimed := due[0] + self.draw(aims)) >= self.at:
                return aimed
        return self.at + self.draw(gaps)

    def _answered(self):
        then = self.draw(st.sampled_from([None, OPEN, WAITING, RESOLVED]))
        if self.phase is RESOLVED and then is WAITING:
            then = None
        self.facts.append(Answered(at=self.at, then=then))
        self.phase = then or self.phase

    def _wrote(self):
        reopens = self.draw(st.booleans())
        self.facts.append(CustomerWrote(at=self.at, reopens=reopens))
        if self.phase is WAITING or (self.phase is RESOLVED and reopens):
            self.phase = OPEN

    def _reclassified(self):
        self._reclassify(claimed_at=None)

    def _claimed(self):
        ago = self.draw(st.integers(0, 5 * 3600) | st.integers(0, 48 * 3600))
        self._reclassify(claimed_at=max(self.facts[0].at, self.at - timedelta(seconds=ago)))

    def _reclassify(self, claimed_at):
        if self.phase is RESOLVED:
            return
        self.priority = self.draw(st.sampled_from([key for key in PRIORITIES if key != self.priority]))
        self.facts.append(Reclassified(at=self.at, priority=self.priority, claimed_at=claimed_at))

    def _bought(self):
        self.facts.append(Covered(at=self.at, version=1, plan=self.draw(st.sampled_from(PLANS[1:]))))

    def _waited(self):
        if self.phase is OPEN:
            self._move(WAITING)

    def _went_on(self):
        if self.phase is not OPEN:
            self._move(OPEN)

    def _resolved(self):
        self._move(RESOLVED)

    def _closed(self):
        self.before = RESOLVED if self.phase is RESOLVED else OPEN
        self._move(self.draw(st.sampled_from([CANCELLED, MERGED])))
        self.closed_at = self.at

    def _restored(self):
        answered_at = None
        if self.phase is MERGED and self.draw(st.booleans()):
            share = self.draw(st.integers(0, 100))
            answered_at = self.closed_at + (self.at - self.closed_at) * share / 100
        self.facts.append(Restored(at=self.at, answered_at=answered_at))
        self.phase = self.before

    def _merged_in(self):
        """Another ticket, submitted up to two days before, is merged into this one, or one of two goes back."""
        source = self.draw(st.sampled_from([7, 8]))
        if source in self.taken:
            self.facts.append(GaveBack(at=self.at, of=frozenset({source})))
            self.phase = told_under(self.under, self.facts).phase
        else:
            other = quote(
                self.under,
                plan=self.draw(st.sampled_from(["professional", "advanced"])),
                priority=self.draw(st.sampled_from(["1", "2"])),
                environment="production",
                stage="released",
                at=self.at - timedelta(minutes=self.draw(st.integers(0, 2880))),
            )
            target = str(other.target)
            debt = Debt(of=source, version=1, start_at=other.start_at, due_at=other.due_at, target=target)
            self.facts.append(TookOver(at=self.at, source=source, owed=(debt,)))
            self.phase = OPEN
        self.taken ^= {source}

    def _move(self, to):
        self.facts.append(Moved(at=self.at, to=to))
        self.phase = to


EVERYTHING = (
    "answered", "wrote", "reclassified", "claimed", "bought", "waited", "went_on", "resolved", "closed", "merged_in",
    "reclassified", "waited", "wrote",
)  # fmt: skip
WITHOUT_MERGES = tuple(kind for kind in EVERYTHING if kind != "merged_in")


@st.composite
def stories(draw, under=("plain", "only urgent", "with goals"), kinds=EVERYTHING, longest=14):
    """The name of an agreement, and the facts of one ticket under it."""
    name = draw(st.sampled_from(under))
    teller = Teller(draw, AGREEMENTS[name], kinds)
    for _ in range(longest - draw(st.integers(0, longest))):
        teller.tell()
    return name, teller.facts


def told(name, facts):
    return fold(facts, lambda _: AGREEMENTS[name])


def steps(name, facts):
    """The story after each fact, with the instant of that fact."""
    return [(facts[n - 1].at, told(name, facts[:n])) for n in range(1, len(facts) + 1)]


# --- the shape of a story --------------------------------------------------------------------------------------------


GOALS_COME_AND_GO = stories(("goals for urgent",), kinds=("reclassified", "reclassified", "waited", "went_on", "wrote"))


@law(400)
@given(stories(under=tuple(AGREEMENTS)) | GOALS_COME_AND_GO)
def test_whatever_can_happen_can_be_told(story):
    told(*story)


@law(300)
@given(stories())
def test_telling_more_never_changes_what_was_told(story):
    name, facts = story
    assert told(name, facts) == told(name, list(facts))
    for (_, before), (_, after) in pairwise(steps(name, facts)):
        for metric, course in before.courses.items():
            longer = after.courses[metric]
            assert longer.promises[: len(course.promises)] == course.promises
            assert longer.endings[: len(course.endings)] == course.endings


@law(300)
@given(stories())
def test_every_promise_but_the_last_has_an_ending_in_order(story):
    for course in told(*story).courses.values():
        assert len(course.promises) - len(course.endings) in {0, 1}
        ended = zip(course.promises, course.endings, strict=False)
        # How a ticket ended before another was merged into it is told again when that goes back.
        noticed = [
            ending.at for made, ending in ended if ending.verdict is not Verdict.MISSED and ending.at >= made.made_at
        ]
        assert noticed == sorted(noticed)
        assert [made.made_at for made in course.promises] == sorted(made.made_at for made in course.promises)


@law(300)
@given(stories())
def test_a_miss_is_always_dated_when_it_was_due_and_nothing_else_ends_after_that(story):
    for course in told(*story).courses.values():
        for promise, ending in zip(course.promises, course.endings, strict=False):
            if ending.verdict is Verdict.MISSED:
                assert ending.at == promise.due_at
            elif ending.verdict is Verdict.MET_LATE:
                assert ending.at > promise.due_at
            elif ending.at != promise.made_at:  # an answer comes before a change of the same instant (rule 14)
                assert promise.due_at is None or ending.at <= promise.due_at or promise.basis is Basis.TAKEN_OVER


RETARGETED_AROUND_PAUSES = stories(
    ("with goals",), kinds=("claimed", "claimed", "reclassified", "waited", "waited", "went_on", "bought")
)


@law(600)
@given(stories() | RETARGETED_AROUND_PAUSES)
def test_every_promise_can_be_told_as_a_sum(story):
    for course in told(*story).courses.values():
        for promise in course.promises:
            if promise.due_at is not None:
                _adds_up(AGREEMENTS[story[0]], promise)


def _adds_up(agreement, promise):
    start, due = promise.start_at, promise.due_at
    reckoning = reckon(
        agreement.calendar(promise.target.hours), start=start, due=due, target=promise.target, pauses=promise.pauses
    )
    assert start <= due
    spans = [line.span for line in reckoning.lines if not isinstance(line, Closed)]
    assert all(_tick(before.end) <= _tick(after.start) for before, after in pairwise(spans))


@law(300)
@given(stories())
def test_the_first_response_never_stands_still(story):
    course = told(*story).first_response
    assert all(ending.verdict is not Verdict.PAUSED for ending in course.endings)
    assert all(promise.pauses == () and promise.basis is not Basis.RESUMED for promise in course.promises)


# Where there are goals, a plan bought may bring one of them forward, which binds the ticket to it.
NOTHING_BOUGHT = stories(("with goals",), kinds=tuple(kind for kind in EVERYTHING if kind != "bought"))


@law(300)
@given(stories(("plain", "only urgent")) | NOTHING_BOUGHT)
def test_what_the_customer_writes_and_where_the_ticket_stands_move_no_first_response(story):
    name, facts = story
    idle = (CustomerWrote, Moved)
    quiet = [fact for fact in facts if not isinstance(fact, idle) or getattr(fact, "to", None) in {CANCELLED, MERGED}]
    assert told(name, quiet).first_response == told(name, facts).first_response


@law(300)
@given(stories())
def test_what_is_owed_is_owed_for_the_priority_of_the_ticket(story):
    ticket = told(*story)
    assert all(course.current.priority == ticket.priority for course in ticket.courses.values() if course.is_open)


@law(300)
@given(stories())
def test_goals_run_or_stand_still_with_the_phase(story):
    ticket = told(*story)
    for metric, course in ticket.courses.items():
        if ticket.phase is not WAITING:
            assert not course.is_paused
        elif metric is not FIRST and course.is_open:
            late = course.current.lapsed_by(max(ticket.since, course.current.made_at))
            assert late or course.lapsed_at is not None or course.current.due_at is None


# --- misses are permanent --------------------------------------------------------------------------------------------


CHANGED_AND_CLOSED = stories(("plain",), kinds=("reclassified", "reclassified", "closed", "merged_in"))


@law(400)
@given(stories(("plain", "only urgent")) | CHANGED_AND_CLOSED)
def test_a_first_response_once_missed_is_missed_or_late_for_ever(story):
    """But what another ticket's merge had brought and was missed goes back with it."""
    missed, told_last = False, dict(steps(*story))
    for fact in story[1]:
        # What happens at one instant is over before anything of that instant is missed (rule 14).
        course = told_last[fact.at].first_response
        if any(isinstance(other, GaveBack) and other.at == fact.at for other in story[1]):
            missed = False
        if course.is_answered:
            # It may owe what a merge brings, and be late for that as well.
            was_late = Verdict.MET_LATE in {ending.verdict for ending in course.endings}
            assert not missed or was_late or course.own.lapsed_at is not None
            continue
        state = course.state(at=fact.at)
        assert not missed or state is State.MISSED
        missed = missed or state is State.MISSED


@law(300)
@given(stories())
def test_a_lapse_once_recorded_is_in_every_later_course(story):
    for (_, before), (_, after) in pairwise(steps(*story)):
        for metric in (FIRST, RESOLUTION):
            lapsed_at = before.courses[metric].own.lapsed_at if metric in before.courses else None
            if lapsed_at is not None:
                assert after.courses[metric].own.lapsed_at == lapsed_at
                assert after.courses[metric].own.verdict not in {Verdict.MET, Verdict.ANSWERED}


MERGED_AND_PARTED = tuple(kind for kind in EVERYTHING if kind != "bought") + ("merged_in",) * 4


@law(400)
@given(stories(("plain", "only urgent"), kinds=MERGED_AND_PARTED))
def test_once_every_merge_is_taken_back_the_first_response_is_as_if_none_had_been(story):
    name, facts = story
    back = [GaveBack(at=facts[-1].at, of=frozenset({7, 8}))]
    parted, never = told(name, facts + back), told(name, [fact for fact in facts if not isinstance(fact, MERGES)])
    assert parted.answered_at == never.answered_at
    for later in (timedelta(0), timedelta(days=2), timedelta(days=9)):
        at = facts[-1].at + later
        assert parted.first_response.state(at=at) is never.first_response.state(at=at)
    assert parted.first_response.owed_by == never.first_response.owed_by


# --- raising and lowering --------------------------------------------------------------------------------------------


@law(300)
@given(stories(kinds=("reclassified", "claimed", "bought", "waited", "went_on", "answered", "wrote")))
def test_a_raise_never_makes_a_promise_later_and_a_lowering_never_earlier(story):
    told_so_far = [ticket for _, ticket in steps(*story)]
    for fact, (before, after) in zip(story[1][1:], pairwise(told_so_far), strict=True):
        if not isinstance(fact, Reclassified):
            continue
        for metric, course in before.courses.items():
            was, now = course.current.due_at, after.courses[metric].current.due_at
            if not course.is_open or was is None:
                continue
            if fact.priority < before.priority:
                assert now is not None
                assert now <= was
            else:
                assert now is None or now >= was


@law(300)
@given(stories(("plain", "only urgent"), kinds=("reclassified", "bought"), longest=8))
def test_going_down_and_up_gains_no_time(story):
    for at, ticket in steps(*story):
        *earlier, current = ticket.first_response.promises
        if current.basis not in {Basis.RAISED, Basis.RESTORED}:
            continue
        known = [made.due_at for made in earlier if made.priority >= current.priority and made.due_at is not None]
        assert all(current.due_at <= due for due in known), at


@law(300)
@given(stories(("plain", "only urgent"), kinds=("bought",), longest=6))
def test_a_purchase_only_brings_forward(story):
    promises = told(*story).first_response.promises
    for before, after in pairwise(promises):
        assert before.due_at is None or after.due_at < before.due_at
        assert after.start_at == after.made_at.replace(microsecond=0)


A_CHANGE = st.tuples(st.sampled_from([1, 2, 3]), st.none() | st.integers(0, 3 * 60))
HAPPENINGS = st.lists(
    st.tuples(st.integers(1, 5 * 60), A_CHANGE | st.sampled_from(["wait", "go on", "wait"])), min_size=3, max_size=9
)
OFFICE = Desk(
    "Europe/Brussels",
    {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")},
    closed=[date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29)],
)


def told_and_reckoned_by_hand(name, metric, start, priority, happenings):
    """What the story says is due after each happening, beside what rule 9 by hand says. Nothing while it stands still."""
    targets = {1: 3 * 3600, 2: 6 * 3600, 3: None if name == "only urgent" else 9 * 3600}
    by_hand = RuleNine(OFFICE, targets, start, priority, is_goal=metric is not FIRST)
    facts, at = [replace(sent("fri 08:00", str(priority)), at=start)], start
    for later, what in happenings:
        at += timedelta(minutes=later)
        if what == "wait":
            facts.append(Moved(at=at, to=WAITING))
            by_hand.wait(at)
        elif what == "go on":
            facts.append(Moved(at=at, to=OPEN))
            by_hand.go_on(at)
        elif what[0] != by_hand.priority:
            claimed_at = None if what[1] is None else max(start, at - timedelta(minutes=what[1]))
            facts.append(Reclassified(at=at, priority=str(what[0]), claimed_at=claimed_at))
            by_hand.reclassify(at, what[0], claimed_at)
        course = told(name, facts).courses[metric]
        if not course.is_paused:
            yield course.current.due_at, by_hand.due


ANOTHER = st.tuples(st.sampled_from([7, 8]), st.integers(0, 2 * 24 * 60), st.sampled_from([1, 2, 3]))
MERGINGS = st.lists(
    st.tuples(st.integers(1, 5 * 60), A_CHANGE | ANOTHER.map(lambda one: ("merge", *one))), min_size=3, max_size=9
)


def merged_and_reckoned_by_hand(start, priority, happenings):
    """By when the story owes an answer after each happening, beside what rule 12 by hand says."""
    targets = {1: 3 * 3600, 2: 6 * 3600, 3: 9 * 3600}
    by_hand = RuleTwelve(RuleNine(OFFICE, targets, start, priority))
    facts, at = [replace(sent("fri 08:00", str(priority)), at=start)], start
    for later, what in happenings:
        at += timedelta(minutes=later)
        if what[0] == "merge":
            facts.append(merged_or_parted(by_hand, at, *what[1:], targets))
        elif what[0] != by_hand.own.priority:
            claimed_at = None if what[1] is None else max(start, at - timedelta(minutes=what[1]))
            facts.append(Reclassified(at=at, priority=str(what[0]), claimed_at=claimed_at))
            by_hand.reclassify(at, what[0], claimed_at)
        yield told("plain", facts).first_response.owed_by, by_hand.owed_by


def merged_or_parted(by_hand, at, source, ago, priority, targets):
    if source in by_hand.merged:
        by_hand.part(at, source)
        return GaveBack(at=at, of=frozenset({source}))
    began = at - timedelta(minutes=ago)
    by_hand.merge(at, source, began, targets[priority])
    target = f"{targets[priority] // 3600}h business"
    debt = Debt(of=source, version=1, start_at=began, due_at=OFFICE.due(began, targets[priority]), target=target)
    return TookOver(at=at, source=source, owed=(debt,))


@law(150)
@given(st.integers(0, 5 * 24 * 60), st.sampled_from([1, 2, 3]), MERGINGS)
def test_what_merges_brought_agrees_with_rule_twelve_by_hand(after, priority, happenings):
    start = on("fri 08:00") + timedelta(minutes=after)
    for owed_by, by_hand in merged_and_reckoned_by_hand(start, priority, happenings):
        assert owed_by == by_hand


MINUTES = st.integers(0, 5 * 24 * 60).map(lambda n: on("fri 08:00") + timedelta(minutes=n))


@law(150)
@given(st.sampled_from(["plain", "only urgent"]), MINUTES, st.sampled_from([1, 2, 3]), HAPPENINGS)
def test_every_change_of_priority_agrees_with_rule_nine_by_hand(name, start, priority, happenings):
    for due, by_hand in told_and_reckoned_by_hand(name, FIRST, start, priority, happenings):
        assert due == by_hand


@law(300)
@given(MINUTES, st.sampled_from([1, 2, 3]), HAPPENINGS)
def test_changing_the_priority_of_a_goal_agrees_with_rule_nine_around_its_pauses(start, priority, happenings):
    for due, by_hand in told_and_reckoned_by_hand("with goals", RESOLUTION, start, priority, happenings):
        assert due == by_hand


# --- pauses, against a walk through time -----------------------------------------------------------------------------

DESKS = {
    "siesta": Desk(
        "Europe/Rome",
        {day: ["09:15-12:30", "14:00-17:45"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": ["10:00-11:00"]},
        closed=[date(2026, 10, 26), date(2027, 3, 29)],
    ),
    "night": Desk("America/New_York", {day: ["22:00-03:30"] for day in ("mon", "wed", "fri", "sat")}),
    "always": Desk("UTC", {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}),
}


def with_resolution(desk, target):
    """An agreement whose business hours are a desk's, with one goal for the resolution of everything."""
    hours = {
        "name": {"en": "Desk hours", "it": "Orario"},
        "zone": desk.zone_name,
        "weekly": desk.weekly,
        "business_day": "8h",
        "holidays": "own",
    }
    own = {"name": {"en": "Own", "it": "Nostre"}, "years": [2026, 2027]}
    own["days"] = {"closed": {"name": {"en": "Closed", "it": "Chiuso"}, "dates": sorted(desk.closed)}}
    if not desk.closed:
        own = None
        hours.pop("holidays")
    changes = {"hours.business": hours, "resolution.professional": dict.fromkeys(PRIORITIES, f"{target} business")}
    return document.read(bent(changes | ({"holidays.own": own} if own else {}))).sound()


SECONDS = {"25m": 1500, "2h": 7200, "7h30m": 27000}
DESKS_AND_TARGETS = {f"{name}, {target}": (desk, target) for name, desk in DESKS.items() for target in SECONDS}
AGREEMENTS |= {name: with_resolution(*one) for name, one in DESKS_AND_TARGETS.items()}
WHEN = st.one_of(
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2026, 10, 23, 6, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2026, 10, 30, 6, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2027, 3, 26, 6, tzinfo=UTC) + timedelta(minutes=n)),
    st.integers(0, 4 * 24 * 60).map(lambda n: datetime(2027, 3, 12, 6, tzinfo=UTC) + timedelta(minutes=n)),
)
STRETCHES = st.lists(st.integers(0, 180) | st.integers(0, 1500), max_size=8)


def intervals(start, stretches):
    """Every other stretch of minutes from the start is one of standing still."""
    edges, at = [], start
    for minutes in stretches:
        at += timedelta(minutes=minutes)
        edges.append(at)
    return [(since, until) for since, until in zip(edges[::2], edges[1::2], strict=False)]


@law(150)
@given(st.sampled_from(sorted(DESKS_AND_TARGETS)), WHEN, STRETCHES)
def test_a_goal_is_due_when_a_minute_by_minute_walk_says(which, start, stretches):
    desk, target = DESKS_AND_TARGETS[which]
    seconds = SECONDS[target]
    still = intervals(start, stretches)
    facts = [replace(sent("fri 09:00"), at=start)]
    for since, until in still:
        facts += [Moved(at=since, to=WAITING), Moved(at=until, to=OPEN)]
    course = told(which, facts).courses[RESOLUTION]
    due = desk.due(start, seconds, still)
    assert course.current.due_at == due
    pauses = [(pause.start, pause.end) for pause in course.current.pauses if pause.start < due]
    assert pauses == _union(pause for pause in still if pause[0] < due)


def _union(spans):
    found = []
    for since, until in spans:
        if until > since:
            if found and found[-1][1] == since:
                found[-1] = (found[-1][0], until)
            else:
                found.append((since, until))
    return found


@law(100)
@given(st.sampled_from(sorted(DESKS_AND_TARGETS)), WHEN, STRETCHES, st.lists(st.booleans(), min_size=8, max_size=8))
def test_neither_waiting_nor_being_resolved_counts_for_a_goal_that_goes_on(which, start, stretches, kinds):
    """It goes on as long as it was in time; one that was late when it was resolved is over."""
    desk, target = DESKS_AND_TARGETS[which]
    seconds = SECONDS[target]
    facts, still, over = [replace(sent("fri 09:00"), at=start)], [], None
    for (since, until), is_resolved in zip(intervals(start, stretches), kinds, strict=False):
        facts += [Moved(at=since, to=RESOLVED if is_resolved else WAITING), Moved(at=until, to=OPEN)]
        if over is None and is_resolved and since > desk.due(start, seconds, still):
            over = since
        if over is None:
            still.append((since, until))
    course = told(which, facts).courses[RESOLUTION]
    assert course.current.due_at == desk.due(start, seconds, still)
    assert (course.ending.at if course.ending else None) == over


@law(40)
@given(
    st.integers(0, 3 * 3600),
    st.lists(st.integers(0, 900) | st.integers(0, 3600), max_size=6),
    st.integers(0, 999_999),
)
def test_a_goal_is_due_when_a_second_by_second_walk_says(after, stretches, micros):
    """Fractions of a second belong to the second they lie in."""
    start = on("2026-11-23 11:00") + timedelta(seconds=after)
    edges, at = [], start
    for seconds in stretches:
        at += timedelta(seconds=seconds)
        edges.append(at)
    still = list(zip(edges[::2], edges[1::2], strict=False))
    facts = [replace(sent("fri 09:00"), at=start + timedelta(microseconds=micros))]
    for since, until in still:
        later = timedelta(microseconds=micros)
        facts += [Moved(at=since + later, to=WAITING), Moved(at=until + later, to=OPEN)]
    course = told("siesta, 25m", facts).courses[RESOLUTION]
    lapsed_in_a_fraction = any(since == DESKS["siesta"].due(start, 1500, still, step=1) for since, _ in still)
    if micros == 0 or not lapsed_in_a_fraction:
        assert course.current.due_at == DESKS["siesta"].due(start, 1500, still, step=1)


@law(100)
@given(
    WHEN,
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 1000), st.integers(0, 1000)), max_size=4),
    st.sampled_from(PRIORITIES),
)
def test_a_pause_outside_hours_changes_nothing(start, nights, priority):
    """Each pause lies between 17:00 of some day and 09:00 of the next, in the zone of the desk."""
    asked = replace(sent("fri 09:00", priority), at=start)
    plain = told("with goals", [asked]).courses[RESOLUTION].current.due_at
    facts, reached = [asked], start
    for day, since, length in sorted(nights):
        evening = on(f"{(start + timedelta(days=day)).date().isoformat()} 17:00")
        opens = evening + timedelta(hours=15)  # a night of the clock change has one hour more or less than sixteen
        begins = max(evening + timedelta(minutes=since * 899 // 1000), reached)
        ends = begins + (opens - begins) * length / 1000
        if begins <= ends <= opens:
            facts += [Moved(at=begins, to=WAITING), Moved(at=ends, to=OPEN)]
            reached = ends
    assert told("with goals", facts).courses[RESOLUTION].current.due_at == plain


@law(60)
@given(stories(("with goals",), kinds=("waited", "went_on", "wrote", "answered"), longest=10))
def test_however_it_was_paused_a_goal_has_its_target_in_full(story):
    """The next response and the update too, in hours walked second by second around the phases of the ticket."""
    for course in told(*story).courses.values():
        for promise in course.promises:
            if promise.due_at is not None and promise.due_at - promise.start_at < timedelta(hours=6):
                desk = DESKS["always"] if promise.target.hours == "always" else OFFICE
                pauses = [(_tick(pause.start), _tick(pause.end)) for pause in promise.pauses]
                counted = desk.counted(promise.start_at, promise.due_at, pauses, step=1)
                assert counted == promise.target.seconds


def _tick(at):
    return at.replace(microsecond=0)


@pytest.mark.parametrize("name", sorted(DESKS))
def test_the_walk_and_the_calendar_agree_on_when_the_desk_is_open(name):
    desk, calendar = DESKS[name], AGREEMENTS[f"{name}, 2h"].calendar("business")
    instants = [datetime(2026, 10, 23, tzinfo=UTC) + timedelta(minutes=17 * n) for n in range(600)]
    assert [desk.is_open(at) for at in instants] == [calendar.is_open(at) for at in instants]
