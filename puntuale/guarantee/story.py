"""A ticket's story: its facts folded, in their order, into all that was promised and how it ended.

The first response is the guarantee, and never pauses. The other metrics are goals, shown only where the agreement has a
target for them; they stand still while the customer is waited for (rule 8).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from puntuale.guarantee.agreement import Metric, Reason
from puntuale.guarantee.courses import GOALS
from puntuale.guarantee.facts import (
    Answered,
    Covered,
    CustomerWrote,
    Debt,
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
    debts: Mapping[int, Promise]
    """What merges brought and is owed still, by the ticket it was promised to."""
    woken: Phase | None = None
    """The phase that a ticket goes back to with the merge that made it open again, as long as nobody wants it open."""

    @property
    def first_response(self) -> Course:
        """Return the course of the guarantee."""
        return self.courses[Metric.FIRST_RESPONSE]

    def own_debt(self, of: int) -> Debt:
        """Return what was promised to the ticket itself, the first answer or the next, as another would owe it."""
        first = self.first_response
        course = self.courses[Metric.NEXT_RESPONSE] if first.is_answered else first.own
        return debt_of(of, course.promises[course.counts])

    @property
    def answered_at(self) -> datetime | None:
        """Return when the first response was given, or None while one is owed, be it to a ticket merged into this."""
        course = self.first_response
        if course.is_open:
            return None
        return next((ending.at for ending in course.endings if ending.verdict in ANSWERED), None)

    @property
    def due_next(self) -> tuple[datetime, Metric] | None:
        """Return what falls due first of all that is owed, or None. Nothing is owed on a ticket that is closed."""
        owed = [(course.owed_by, metric) for metric, course in self.courses.items()]
        return min(((due, metric) for due, metric in owed if due is not None), default=None)


def debt_of(ticket: int, promise: Promise) -> Debt:
    """Return a promise to a ticket as another owes it."""
    return Debt(
        of=ticket,
        version=promise.version,
        start_at=promise.start_at,
        due_at=promise.due_at,
        target=str(promise.target or ""),
        reason=promise.reason.value if promise.reason else "",
    )


def fold(facts: Iterable[Fact], agreement_of: AgreementOf) -> Story:
    """Return the story that a ticket's facts, in their order, lead to. `agreement_of` gives a published version.

    Raises ReplayFailed when the first fact is not the submission, or a second submission follows.
    """
    told = _tell(facts, agreement_of)
    bound = (told.priority, told.plan, told.version)
    return Story(told.shown(), told.phase, told.since, *bound, told.debts.owed, told.woken)


def _tell(facts: Iterable[Fact], agreement_of: AgreementOf) -> Told:
    told: Told | None = None
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
    told.woken = None
    if told.phase is Phase.WAITING or (told.phase is Phase.RESOLVED and fact.reopens):
        _move(told, Phase.OPEN, fact.at)
    answered = told.courses[Metric.FIRST_RESPONSE].is_answered
    asked_already = Metric.NEXT_RESPONSE in told.courses and told.courses[Metric.NEXT_RESPONSE].is_open
    if answered and not asked_already and told.phase is Phase.OPEN:
        told.start(Metric.NEXT_RESPONSE, start=fact.at, at=fact.at)


def _reclassified(told: Told, fact: Reclassified) -> None:
    told.priority = fact.priority
    told.retarget(fact.at, fact.claimed_at, fact.in_force)


def _covered(told: Told, fact: Covered) -> None:
    told.cover(version=fact.version, plan=fact.plan, at=fact.at, own=_promises(told, fact))


def _renewed(told: Told, fact: Renewed) -> None:
    told.renew(version=fact.version, at=fact.at, own=_promises(told, fact))


def _moved(told: Told, fact: Moved) -> None:
    """What only a merge had made open stays open once somebody says so, whatever becomes of the merge."""
    if fact.to is not told.phase:
        _move(told, fact.to, fact.at)
    told.woken = None if fact.to is Phase.OPEN else told.woken


def _move(told: Told, to: Phase, at: datetime) -> None:
    """Bring the ticket into another phase, with what that does to its promises."""
    if to not in CLOSED:
        told.woken = None
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
    """What the merge or the cancellation ended is owed again, or counts as answered where it was meanwhile.

    Where the customer is waited for, nothing of the time since counts for the goals: they stood still before.
    """
    for metric in told.ended:
        if fact.waits and metric in GOALS and told.courses[metric].verdict in {Verdict.CANCELLED, Verdict.MERGED}:
            told.go_on(metric, fact.at)
        else:
            told.give_back(metric, fact.at)
        if fact.answered_at is not None and metric is not Metric.RESOLUTION:
            told.keep(metric, fact.answered_at)
    told.phase, told.since, told.ended = Phase.WAITING if fact.waits else told.before, fact.at, ()
    told.stand_alone(fact.at)
    told.retarget(fact.at)


def _took_over(told: Told, fact: TookOver) -> None:
    """Owe what the other ticket owed, each with its own start and target, so that its sum stays true (rule 12).

    Nobody waits for the customer any more, and nothing is resolved, while an answer is owed.
    """
    if not fact.owed:
        return
    before = told.phase
    if before in {Phase.WAITING, Phase.RESOLVED}:
        goals = dict(told.courses)
        _move(told, Phase.OPEN, fact.at)
        told.woken, told.asleep = before, goals
    told.take_over(_promises(told, fact), fact.at)


def _promises(told: Told, fact: TookOver | Covered | Renewed) -> dict[int, Promise]:
    return {debt.of: _promise(told, debt, fact.at) for debt in fact.owed}


def _promise(told: Told, debt: Debt, at: datetime) -> Promise:
    return Promise(
        metric=Metric.FIRST_RESPONSE,
        made_at=at,
        start_at=debt.start_at,
        due_at=debt.due_at,
        target=parse(debt.target, told.agreement_of(debt.version).hours) if debt.target else None,
        reason=Reason(debt.reason) if debt.reason else None,
        version=debt.version,
        plan=told.plan,
        priority=told.priority,
        basis=Basis.TAKEN_OVER,
    )


def _gave_back(told: Told, fact: GaveBack) -> None:
    """Be as if the merge had never been: what it had brought out of waiting, or made open again, is so no longer.

    Where something has happened since then that leaves it open, it stays open.
    """
    woken = told.woken
    if not told.let_go(fact.of, fact.at) or woken is None or told.debts.owed:
        return
    if told.phase is Phase.OPEN:
        told.rest(fact.at)
        _move(told, woken, fact.at)
    elif told.phase in CLOSED and told.before is Phase.OPEN:
        told.before, told.woken = woken, None


_TELLING: Mapping[type, Callable[..., None]] = {
    Answered: _answered,
    Covered: _covered,
    CustomerWrote: _customer_wrote,
    GaveBack: _gave_back,
    Moved: _moved,
    Reclassified: _reclassified,
    Renewed: _renewed,
    Restored: _restored,
    TookOver: _took_over,
}
