"""A ticket's story: its facts folded, in their order, into all that was promised and how it ended.

The first response is the guarantee, and never pauses. The other metrics are goals, shown only where the agreement has a
target for them; they stand still while the customer is waited for (rule 8).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.facts import (
    Answered,
    Covered,
    CustomerWrote,
    Fact,
    GaveBack,
    Moved,
    Phase,
    Reclassified,
    Renewed,
    Restored,
    Submitted,
    TookOver,
)
from puntuale.guarantee.promise import ANSWERED, Basis, Course, Promise, Verdict
from puntuale.guarantee.retargeting import AgreementOf
from puntuale.guarantee.targets import parse
from puntuale.guarantee.told import CLOSED, Told


class ReplayFailed(ValueError):
    """Facts that cannot have happened in this order."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a ticket's facts lead to: a course a metric, the phase it is in and since when, and what it is bound to."""

    courses: Mapping[Metric, Course]
    phase: Phase
    since: datetime
    priority: str
    plan: str | None
    version: int

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
    told = _tell(facts, agreement_of)
    return Story(told.shown(), told.phase, told.since, told.priority, told.plan, told.version)


def _tell(facts: Iterable[Fact], agreement_of: AgreementOf) -> Told:
    told: Told | None = None
    before: list[Fact] = []
    for fact in facts:
        if isinstance(fact, Submitted):
            if told is not None:
                raise ReplayFailed("a ticket is submitted once")
            told = _begun(fact, agreement_of)
        elif told is None:
            raise ReplayFailed(f"{type(fact).__name__} came before the submission")
        elif isinstance(fact, GaveBack):
            before = _gave_back(told, fact, before)
            continue
        else:
            _TELLING[type(fact)](told, fact)
        before.append(fact)
    if told is None:
        raise ReplayFailed("no fact at all")
    return told


def _begun(fact: Submitted, agreement_of: AgreementOf) -> Told:
    told = Told(agreement_of, fact.stage, fact.priority, fact.plan, fact.version, fact.at)
    for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
        told.start(metric, start=fact.since or fact.at, at=fact.at, basis=Basis.SUBMITTED)
    return told


def _answered(told: Told, fact: Answered) -> None:
    """The first public answer of a human ends the first response for good; later ones end goals (rule 7)."""
    if told.phase in CLOSED and told.since == fact.at and Metric.FIRST_RESPONSE in told.ended:
        # At the same instant, an answer comes before the closing (rule 14).
        told.give_back(Metric.FIRST_RESPONSE, fact.at)
        told.ended = tuple(metric for metric in told.ended if metric is not Metric.FIRST_RESPONSE)
    for metric in (Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE):
        told.resume(fact.at, metric)
        told.keep(metric, fact.at)
    if told.phase in {Phase.OPEN, Phase.WAITING}:
        told.start(Metric.PERIODIC_UPDATE, start=fact.at, at=fact.at)
        if told.phase is Phase.WAITING:
            told.pause(fact.at)
    if fact.then is not None and fact.then is not told.phase:
        _move(told, fact.then, fact.at)


def _customer_wrote(told: Told, fact: CustomerWrote) -> None:
    """A further message never moves the due time of the first response; after it, it starts the next one."""
    if told.phase is Phase.WAITING or (told.phase is Phase.RESOLVED and fact.reopens):
        _move(told, Phase.OPEN, fact.at)
    answered = not told.courses[Metric.FIRST_RESPONSE].is_open
    asked_already = Metric.NEXT_RESPONSE in told.courses and told.courses[Metric.NEXT_RESPONSE].is_open
    if answered and not asked_already and told.phase is Phase.OPEN:
        told.start(Metric.NEXT_RESPONSE, start=fact.at, at=fact.at)


def _reclassified(told: Told, fact: Reclassified) -> None:
    told.priority = fact.priority
    told.retarget(fact.at, fact.claimed_at)


def _covered(told: Told, fact: Covered) -> None:
    told.cover(version=fact.version, plan=fact.plan, at=fact.at)


def _renewed(told: Told, fact: Renewed) -> None:
    told.renew(version=fact.version, at=fact.at)


def _moved(told: Told, fact: Moved) -> None:
    if fact.to is not told.phase:
        _move(told, fact.to, fact.at)


def _move(told: Told, to: Phase, at: datetime) -> None:
    """Bring the ticket into another phase, with what that does to its promises."""
    if told.phase is Phase.WAITING:
        told.resume(at)
    elif told.phase is Phase.RESOLVED and to in {Phase.OPEN, Phase.WAITING}:
        _reopen(told, at)
    if to is Phase.WAITING:
        told.pause(at)
    elif to is Phase.RESOLVED:
        told.keep(Metric.RESOLUTION, at)
        for metric in (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE):
            told.close(metric, Verdict.CANCELLED, at)
    elif to in CLOSED:
        told.before = Phase.RESOLVED if told.phase is Phase.RESOLVED else Phase.OPEN
        told.ended = tuple(metric for metric, course in told.courses.items() if course.is_open)
        for metric in told.ended:
            told.close(metric, Verdict(to.value), at)
    told.phase, told.since = to, at


def _reopen(told: Told, at: datetime) -> None:
    """The first response stays as it ended (rule 12). A resolution that was not late goes on with the time it had left.

    The priority may have changed while the ticket was resolved; then the time left is counted anew for it.
    """
    if told.courses[Metric.RESOLUTION].verdict in {Verdict.MET, Verdict.ANSWERED}:
        told.go_on(Metric.RESOLUTION, at)
        told.retarget(at)
    told.start(Metric.PERIODIC_UPDATE, start=at, at=at)


def _restored(told: Told, fact: Restored) -> None:
    """What the merge or the cancellation ended is owed again, or counts as answered where it was meanwhile."""
    for metric in told.ended:
        told.give_back(metric, fact.at)
        if fact.answered_at is not None and metric is not Metric.RESOLUTION:
            told.keep(metric, fact.answered_at)
    told.phase, told.since, told.ended = told.before, fact.at, ()
    told.retarget(fact.at)


def _took_over(told: Told, fact: TookOver) -> None:
    """The earlier unmet due time is taken over with its own start and target, so that its sum stays true."""
    course = told.courses[Metric.FIRST_RESPONSE]
    due = course.owed_by
    if not course.is_open or (due is not None and due <= fact.due_at):
        return
    taken = replace(
        course.current,
        made_at=fact.at.astimezone(UTC),
        start_at=fact.start_at,
        due_at=fact.due_at,
        target=parse(fact.target, told.agreement_of(fact.version).hours),
        reason=None,
        version=fact.version,
        basis=Basis.TAKEN_OVER,
    )
    told.replace(Metric.FIRST_RESPONSE, taken, fact.at)


def _gave_back(told: Told, fact: GaveBack, before: list[Fact]) -> list[Fact]:
    """Let the first response be what it would be if a merge had never been. Returns the facts without that merge.

    What was missed while they were one stays in the course (rule 9).
    """
    without = [one for one in before if not (isinstance(one, TookOver) and one.source == fact.source)]
    course = told.courses[Metric.FIRST_RESPONSE]
    if len(without) < len(before) and course.is_open:
        alone = _tell(without, told.agreement_of)
        own = alone.courses[Metric.FIRST_RESPONSE].promises
        if not _is_same(own[-1], course.current):
            back = replace(own[-1], made_at=fact.at.astimezone(UTC), basis=Basis.GIVEN_BACK)
            told.replace(Metric.FIRST_RESPONSE, back, fact.at)
            own = (*own[:-1], back)
        told.own = Course(own)
    return without


def _is_same(promise: Promise, other: Promise) -> bool:
    return (promise.start_at, promise.due_at, promise.target) == (other.start_at, other.due_at, other.target)


_TELLING: Mapping[type, Callable[..., None]] = {
    Answered: _answered,
    Covered: _covered,
    CustomerWrote: _customer_wrote,
    Moved: _moved,
    Reclassified: _reclassified,
    Renewed: _renewed,
    Restored: _restored,
    TookOver: _took_over,
}
