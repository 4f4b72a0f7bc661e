"""What a change of priority or plan does to a promise that is still owed (rules 9 and 10).

A raise never makes a promise later, and lowering never makes it earlier. What we lowered ourselves and raise again gets
back the best promise it had, so that nobody gains time by going down and up. Only the customer's own later report that
the impact grew counts from that report.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from puntuale.guarantee.agreement import Agreement, Cell, NoGuarantee
from puntuale.guarantee.pauses import deadline_around
from puntuale.guarantee.promise import Basis, Course, Promise, earliest, promised
from puntuale.guarantee.targets import Target

LAST_MINUTES = 15 * 60
"""With less counted time left than this, in seconds, lowering needs a second person."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of priority under the agreement and for the product stage that a ticket is bound to."""

    agreement: Agreement
    stage: str
    priority: str
    at: datetime
    claimed_at: datetime | None = None

    def owed(self, course: Course) -> Cell:
        """Return what the ticket's plan owes the new priority."""
        metric, plan = course.current.metric, course.current.plan
        return self.agreement.owed(plan=plan, priority=self.priority, stage=self.stage, metric=metric)


def rank(agreement: Agreement, priority: str) -> int:
    """Return how urgent a priority is: 0 is the most urgent. Raises UnknownTerm."""
    return agreement.priorities.index(agreement.priority(priority))


def is_raise(agreement: Agreement, *, was: str, to: str) -> bool:
    """Tell whether a change makes a ticket more urgent."""
    return rank(agreement, to) < rank(agreement, was)


def needs_second_person(course: Course, agreement: Agreement, *, at: datetime) -> bool:
    """Tell whether lowering needs a manager's confirmation: in the last 15 minutes of counted time, or after a miss."""
    promise = course.current
    if not course.is_open:
        return False
    if course.lapsed_at is not None or promise.lapsed_by(at):
        return True
    if promise.target is None or promise.due_at is None:
        return False
    return agreement.calendar(promise.target.hours).elapsed(at, promise.due_at) < LAST_MINUTES


def retargeted(course: Course, change: Change) -> Promise:
    """Return the promise that takes the place of the current one when the priority changes (rule 9)."""
    if is_raise(change.agreement, was=course.current.priority, to=change.priority):
        return _raised(course, change)
    return _lowered(course, change)


def covered(course: Course, agreement: Agreement, *, plan: str, stage: str, at: datetime) -> Promise | None:
    """Return the promise that a plan bought at an instant makes, or None when it brings nothing forward (rule 10).

    Where there was no guarantee, the clock starts at the change.
    """
    current = course.current
    owed = agreement.owed(plan=plan, priority=current.priority, stage=stage, metric=current.metric)
    if isinstance(owed, NoGuarantee):
        return None
    made = promised(
        agreement,
        owed,
        plan=plan,
        priority=current.priority,
        start=at,
        at=at,
        metric=current.metric,
        basis=Basis.COVERED,
    )
    return made if current.due_at is None or _due(made) < current.due_at else None


def _raised(course: Course, change: Change) -> Promise:
    """Return the earliest of the old promise, the new target from now on, and what a lowering of ours had taken."""
    current = course.current
    candidates = [replace(current, priority=change.priority, made_at=change.at.astimezone(UTC), basis=Basis.RAISED)]
    owed = change.owed(course)
    if isinstance(owed, Target):
        candidates.append(_counted(change, course, owed, start=change.claimed_at or change.at, basis=Basis.RAISED))
    if change.claimed_at is None:
        candidates += _restored(course, change)
    return min(candidates, key=lambda promise: (promise.due_at is None, promise.due_at))


def _restored(course: Course, change: Change) -> list[Promise]:
    """Return the earlier promises for this priority or a less urgent one, and what lowering just to it had left."""
    wanted = rank(change.agreement, change.priority)
    earlier = _earlier(course)
    back = [
        _again(promise, change)
        for promise in earlier
        if promise.due_at is not None and rank(change.agreement, promise.priority) >= wanted
    ]
    owed = change.owed(course)
    more_urgent = [promise for promise in earlier if rank(change.agreement, promise.priority) < wanted]
    if more_urgent and isinstance(owed, Target):
        counted = _counted(change, course, owed, start=_origin(course, change.at), basis=Basis.RESTORED)
        strictest = earliest(promise.due_at for promise in more_urgent)
        back.append(_later(counted, [_again(p, change) for p in more_urgent if p.due_at == strictest]))
    return back


def _again(promise: Promise, change: Change) -> Promise:
    """Return an earlier promise made anew, for the priority the ticket has now."""
    return replace(promise, priority=change.priority, made_at=change.at.astimezone(UTC), basis=Basis.RESTORED)


def _lowered(course: Course, change: Change) -> Promise:
    """Return the new target from the start of the question, but never earlier than the old due time."""
    current, owed = course.current, change.owed(course)
    if isinstance(owed, NoGuarantee):
        none = promised(
            change.agreement,
            owed,
            plan=current.plan,
            priority=change.priority,
            start=current.start_at,
            at=change.at,
            metric=current.metric,
        )
        return replace(none, basis=Basis.LOWERED)
    counted = _counted(change, course, owed, start=_origin(course, change.at), basis=Basis.LOWERED)
    kept = replace(current, priority=change.priority, made_at=change.at.astimezone(UTC), basis=Basis.LOWERED)
    return _later(counted, [kept])


def _counted(change: Change, course: Course, owed: Target, *, start: datetime, basis: Basis) -> Promise:
    """Return a promise of a target from a start, counted around the pauses there have been since."""
    current = course.current
    made = promised(
        change.agreement,
        owed,
        plan=current.plan,
        priority=change.priority,
        start=start,
        at=change.at,
        metric=current.metric,
        basis=basis,
    )
    pauses = tuple(pause for pause in current.pauses if pause.end > start)
    if not pauses:
        return made
    due = deadline_around(change.agreement.calendar(owed.hours), made.start_at, owed.seconds, pauses)
    return replace(made, due_at=due, pauses=pauses)


def _later(promise: Promise, others: list[Promise]) -> Promise:
    """Return the promise that is due last; those without a due time do not count."""
    return max([promise, *(other for other in others if other.due_at is not None)], key=_due)


def _origin(course: Course, at: datetime) -> datetime:
    """Return when the question began to count: the start of its first promise that had a due time, or now.

    What a merge took over belongs to another question.
    """
    question = course.promises[course.question :]
    own = [made for made in question if made.due_at is not None and made.basis is not Basis.TAKEN_OVER]
    return own[0].start_at if own else at


def _earlier(course: Course) -> list[Promise]:
    """Return the promises of this question before the current one, without what was taken over and given back."""
    earlier = course.promises[course.question : -1]
    given_back = max((n for n, made in enumerate(earlier) if made.basis is Basis.GIVEN_BACK), default=0)
    return [made for n, made in enumerate(earlier) if made.basis is not Basis.TAKEN_OVER or n > given_back]


def _due(promise: Promise) -> datetime:
    assert promise.due_at is not None
    return promise.due_at
