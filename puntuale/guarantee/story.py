"""A ticket's story: its facts folded, in their order, into all that was promised and how it ended.

The first response is the guarantee, and never pauses. The other metrics are goals, made only where the agreement has a
target for them; they stand still while the customer is waited for (rule 8).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from puntuale.guarantee import retargeting
from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.facts import (
    Answered,
    Covered,
    CustomerWrote,
    Fact,
    GaveBack,
    Moved,
    Phase,
    Reclassified,
    Restored,
    Submitted,
    TookOver,
)
from puntuale.guarantee.pauses import deadline_around, joined
from puntuale.guarantee.promise import ANSWERED, Basis, Course, Ending, Promise, Verdict, promised
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target, parse

GOALS = (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE, Metric.RESOLUTION)
AgreementOf = Callable[[int], Agreement]


class ReplayFailed(ValueError):
    """Facts that cannot have happened in this order."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a ticket's facts lead to: a course a metric, the phase it is in and since when, its priority and plan."""

    courses: Mapping[Metric, Course]
    phase: Phase
    since: datetime
    priority: str
    plan: str | None

    @property
    def first_response(self) -> Course:
        """Return the course of the guarantee."""
        return self.courses[Metric.FIRST_RESPONSE]

    @property
    def answered_at(self) -> datetime | None:
        """Return when the first response was given, or None."""
        ending = self.first_response.ending
        return ending.at if ending is not None and ending.verdict in ANSWERED else None

    @property
    def due_next(self) -> tuple[datetime, Metric] | None:
        """Return what falls due first of all that is owed, or None. Nothing is owed on a ticket that is closed."""
        owed = [(course.owed_by, metric) for metric, course in self.courses.items()]
        return min(((due, metric) for due, metric in owed if due is not None), default=None)


def fold(facts: Iterable[Fact], agreement_of: AgreementOf) -> Story:
    """Return the story that a ticket's facts, in their order, lead to. `agreement_of` gives a published version.

    Raises ReplayFailed when the first fact is not the submission, or a second submission follows.
    """
    told: _Told | None = None
    for fact in facts:
        if isinstance(fact, Submitted):
            if told is not None:
                raise ReplayFailed("a ticket is submitted once")
            told = _begun(fact, agreement_of)
        elif told is None:
            raise ReplayFailed(f"{type(fact).__name__} came before the submission")
        else:
            _TELLING[type(fact)](told, fact)
    if told is None:
        raise ReplayFailed("no fact at all")
    return Story(told.courses, told.phase, told.since, told.priority, told.plan)


@dataclass(slots=True)
class _Told:
    """The story as far as it has been told."""

    agreement_of: AgreementOf
    stage: str
    priority: str
    plan: str | None
    version: int
    since: datetime
    phase: Phase = Phase.OPEN
    before: Phase = Phase.OPEN
    ended: tuple[Metric, ...] = ()
    courses: dict[Metric, Course] = field(default_factory=dict)

    @property
    def agreement(self) -> Agreement:
        return self.agreement_of(self.version)

    def open_goals(self) -> list[Metric]:
        return [metric for metric in GOALS if metric in self.courses and self.courses[metric].is_open]

    def paused_goals(self) -> list[Metric]:
        return [metric for metric in GOALS if metric in self.courses and self.courses[metric].is_paused]


def _begun(fact: Submitted, agreement_of: AgreementOf) -> _Told:
    told = _Told(agreement_of, fact.stage, fact.priority, fact.plan, fact.version, fact.at)
    start = fact.since or fact.at
    owed = told.agreement.owed(plan=fact.plan, priority=fact.priority, stage=fact.stage)
    first = promised(told.agreement, owed, plan=fact.plan, priority=fact.priority, start=start, at=fact.at)
    told.courses[Metric.FIRST_RESPONSE] = Course((first,))
    _start(told, Metric.RESOLUTION, start=start, at=fact.at, basis=Basis.SUBMITTED)
    return told


def _answered(told: _Told, fact: Answered) -> None:
    """The first public answer of a human ends the first response for good; later ones end goals (rule 7)."""
    for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE):
        _resume(told, metric, fact.at)
        _kept(told, metric, fact.at)
    if told.phase in {Phase.OPEN, Phase.WAITING}:
        _start(told, Metric.PERIODIC_UPDATE, start=fact.at, at=fact.at)
        if told.phase is Phase.WAITING:
            _pause(told, fact.at)
    if fact.then is not None and fact.then is not told.phase:
        _move(told, fact.then, fact.at)


def _customer_wrote(told: _Told, fact: CustomerWrote) -> None:
    """A further message never moves the due time of the first response; after it, it starts the next one."""
    if told.phase is Phase.WAITING or (told.phase is Phase.RESOLVED and fact.reopens):
        _move(told, Phase.OPEN, fact.at)
    answered = not told.courses[Metric.FIRST_RESPONSE].is_open
    asked_already = Metric.NEXT_RESPONSE in told.courses and told.courses[Metric.NEXT_RESPONSE].is_open
    if answered and not asked_already and told.phase is Phase.OPEN:
        _start(told, Metric.NEXT_RESPONSE, start=fact.at, at=fact.at)


def _reclassified(told: _Told, fact: Reclassified) -> None:
    """Every promise still owed is counted anew by rule 9; one that stands still runs for that moment."""
    told.priority = fact.priority
    paused = told.paused_goals()
    for metric in paused:
        _resume(told, metric, fact.at)
    for metric in (Metric.FIRST_RESPONSE, *GOALS):
        course = told.courses.get(metric)
        if course is not None and course.is_open and course.current.priority != fact.priority:
            agreement = told.agreement_of(course.current.version)
            change = retargeting.Change(agreement, told.stage, fact.priority, fact.at, fact.claimed_at)
            _replace(told, metric, retargeting.retargeted(course, change), fact.at)
    for metric in paused:
        _pause_one(told, metric, fact.at)


def _covered(told: _Told, fact: Covered) -> None:
    agreement = told.agreement_of(fact.version)
    changed = False
    for metric in (Metric.FIRST_RESPONSE, *GOALS):
        course = told.courses.get(metric)
        if course is None or not course.is_open:
            continue
        made = retargeting.covered(course, agreement, plan=fact.plan, stage=told.stage, at=fact.at)
        if made is not None:
            _replace(told, metric, made, fact.at)
            changed = True
    if changed:
        told.plan, told.version = fact.plan, fact.version


def _moved(told: _Told, fact: Moved) -> None:
    if fact.to is not told.phase:
        _move(told, fact.to, fact.at)


def _move(told: _Told, to: Phase, at: datetime) -> None:
    """Bring the ticket into another phase, with what that does to its promises."""
    if told.phase is Phase.WAITING:
        for metric in told.paused_goals():
            _resume(told, metric, at)
    elif told.phase is Phase.RESOLVED and to is Phase.OPEN:
        _reopen(told, at)
    if to is Phase.WAITING:
        _pause(told, at)
    elif to is Phase.RESOLVED:
        _kept(told, Metric.RESOLUTION, at)
        for metric in (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE):
            _close(told, metric, Verdict.CANCELLED, at)
    elif to in {Phase.CANCELLED, Phase.MERGED}:
        told.before = Phase.RESOLVED if told.phase is Phase.RESOLVED else Phase.OPEN
        told.ended = tuple(metric for metric, course in told.courses.items() if course.is_open)
        for metric in told.ended:
            _close(told, metric, Verdict(to.value), at)
    told.phase, told.since = to, at


def _reopen(told: _Told, at: datetime) -> None:
    """The first response stays as it ended (rule 12). A resolution kept in time goes on with the time it had left."""
    course = told.courses.get(Metric.RESOLUTION)
    if course is not None and course.ending is not None and course.verdict is Verdict.MET:
        _go_on(told, Metric.RESOLUTION, at)
    _start(told, Metric.PERIODIC_UPDATE, start=at, at=at)


def _restored(told: _Told, fact: Restored) -> None:
    """What the merge or the cancellation ended is owed again, or counts as answered where it was meanwhile."""
    for metric in told.ended:
        course = told.courses[metric]
        back = replace(course.current, made_at=fact.at.astimezone(UTC), basis=Basis.GIVEN_BACK)
        told.courses[metric] = Course((*course.promises, back), course.endings)
        if fact.answered_at is not None and metric is not Metric.RESOLUTION:
            _kept(told, metric, fact.answered_at)
    told.phase, told.since, told.ended = told.before, fact.at, ()


def _took_over(told: _Told, fact: TookOver) -> None:
    """The earlier unmet due time is taken over with its own start and target, so that its sum stays true."""
    course = told.courses[Metric.FIRST_RESPONSE]
    due = course.owed_by
    if not course.is_open or (due is not None and due <= fact.due_at):
        return
    target = parse(fact.target, told.agreement_of(fact.version).hours)
    taken = replace(
        course.current,
        made_at=fact.at.astimezone(UTC),
        start_at=fact.start_at,
        due_at=fact.due_at,
        target=target,
        reason=None,
        version=fact.version,
        basis=Basis.TAKEN_OVER,
    )
    _replace(told, Metric.FIRST_RESPONSE, taken, fact.at)


def _gave_back(told: _Told, fact: GaveBack) -> None:
    """The ticket's own promise counts again, for the priority it has by now."""
    course = told.courses[Metric.FIRST_RESPONSE]
    own = [promise for promise in course.promises if promise.basis is not Basis.TAKEN_OVER]
    if not course.is_open or course.current.basis is not Basis.TAKEN_OVER:
        return
    back = replace(own[-1], made_at=fact.at.astimezone(UTC), basis=Basis.GIVEN_BACK)
    _replace(told, Metric.FIRST_RESPONSE, back, fact.at)
    if back.priority != told.priority:
        _reclassified(told, Reclassified(at=fact.at, priority=told.priority))


_TELLING: Mapping[type, Callable[..., None]] = {
    Answered: _answered,
    CustomerWrote: _customer_wrote,
    Reclassified: _reclassified,
    Covered: _covered,
    Moved: _moved,
    Restored: _restored,
    TookOver: _took_over,
    GaveBack: _gave_back,
}


def _start(told: _Told, metric: Metric, *, start: datetime, at: datetime, basis: Basis = Basis.STARTED) -> None:
    """Begin a goal, where the agreement has a target for it."""
    owed = told.agreement.owed(plan=told.plan, priority=told.priority, stage=told.stage, metric=metric)
    if not isinstance(owed, Target):
        return
    made = promised(
        told.agreement, owed, plan=told.plan, priority=told.priority, start=start, at=at, metric=metric, basis=basis
    )
    known = told.courses.get(metric, Course(()))
    told.courses[metric] = Course((*known.promises, made), known.endings)


def _kept(told: _Told, metric: Metric, at: datetime) -> None:
    """End what is owed: in time, late, or answered where nothing was guaranteed."""
    course = told.courses.get(metric)
    if course is None or not course.is_open:
        return
    due = course.current.due_at
    verdict = Verdict.ANSWERED if due is None else Verdict.MET if at <= due else Verdict.MET_LATE
    told.courses[metric] = Course(course.promises, (*course.endings, Ending(verdict, at)))


def _close(told: _Told, metric: Metric, verdict: Verdict, at: datetime) -> None:
    """End what is owed and will not be kept any more. What was due before stays missed."""
    course = told.courses.get(metric)
    if course is not None and course.is_open:
        told.courses[metric] = Course(course.promises, (*course.endings, _gone(course.current, verdict, at)))


def _replace(told: _Told, metric: Metric, promise: Promise, at: datetime) -> None:
    course = told.courses[metric]
    ended = _gone(course.current, Verdict.REPLACED, at)
    told.courses[metric] = Course((*course.promises, promise), (*course.endings, ended))


def _gone(promise: Promise, verdict: Verdict, at: datetime) -> Ending:
    if promise.due_at is not None and promise.lapsed_by(at):
        return Ending(Verdict.MISSED, promise.due_at)
    return Ending(verdict, at)


def _pause(told: _Told, at: datetime) -> None:
    for metric in told.open_goals():
        _pause_one(told, metric, at)


def _pause_one(told: _Told, metric: Metric, at: datetime) -> None:
    """Let a goal stand still. One that was due before stays missed: a pause does not undo that."""
    course = told.courses[metric]
    if course.is_open and not course.current.lapsed_by(at) and course.lapsed_at is None:
        told.courses[metric] = Course(course.promises, (*course.endings, Ending(Verdict.PAUSED, at)))


def _resume(told: _Told, metric: Metric, at: datetime) -> None:
    if metric in told.courses and told.courses[metric].is_paused:
        _go_on(told, metric, at)


def _go_on(told: _Told, metric: Metric, at: datetime) -> None:
    """Let a goal run again with the time it had left, counted around the interval since it ended."""
    course = told.courses[metric]
    last, ended = course.current, course.ending
    assert ended is not None
    assert last.target is not None
    pauses = joined([*last.pauses, Span(ended.at, at)]) if at > ended.at else last.pauses
    calendar = told.agreement_of(last.version).calendar(last.target.hours)
    due = deadline_around(calendar, last.start_at, last.target.seconds, pauses)
    resumed = replace(last, made_at=at.astimezone(UTC), due_at=due, pauses=pauses, basis=Basis.RESUMED)
    told.courses[metric] = Course((*course.promises, resumed), course.endings)
