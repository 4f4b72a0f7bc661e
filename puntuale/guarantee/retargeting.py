"""What a change of priority or plan does to a promise that is still owed (rules 9 and 10).

A raise never makes a promise later, and lowering never makes it earlier. What we lowered ourselves and raise again gets
back the best promise it had, so that nobody gains time by going down and up. Only the customer's own later report that
the impact grew counts from that report. Whatever is counted anew is counted around every pause there has been.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from puntuale.guarantee.agreement import Agreement, Cell, Metric, NoGuarantee
from puntuale.guarantee.facts import Terms
from puntuale.guarantee.pauses import Pauses, deadline_around
from puntuale.guarantee.promise import Basis, Course, Promise, promised
from puntuale.guarantee.spans import Span
from puntuale.guarantee.targets import Target

LAST_MINUTES = 15 * 60
"""With less counted time left than this, in seconds, lowering needs a second person."""

AgreementOf = Callable[[int], Agreement]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of priority or plan, with what a ticket is bound to from then on.

    `in_force` is what holds for the organisation at that instant, where that is another plan.
    """

    agreement_of: AgreementOf
    version: int
    plan: str | None
    stage: str
    priority: str
    at: datetime
    claimed_at: datetime | None = None
    in_force: Terms | None = None

    @property
    def agreement(self) -> Agreement:
        """Return the agreement that the ticket is bound to."""
        return self.agreement_of(self.version)

    def owed(self, metric: Metric) -> Cell:
        """Return what the plan owes the priority."""
        return self.agreement.owed(plan=self.plan, priority=self.priority, stage=self.stage, metric=metric)

    def made(self, course: Course, owed: Cell, *, start: datetime, basis: Basis) -> Promise:
        """Return a new promise of a target from a start on, counted around the pauses there have been since."""
        made = promised(
            self.agreement,
            owed,
            plan=self.plan,
            priority=self.priority,
            start=start,
            at=self.at,
            metric=course.current.metric,
            basis=basis,
        )
        return around(made, course.pauses, self.agreement)

    def bought(self, course: Course, basis: Basis) -> list[Promise]:
        """Return what a plan bought meanwhile makes of it, if that has a target: what a new ticket would have."""
        terms = self.in_force
        if terms is None:
            return []
        change = replace(self, version=terms.version, plan=terms.plan)
        if not change.agreement.knows(plan=terms.plan, priority=self.priority, stage=self.stage):
            return []
        owed = change.owed(course.current.metric)
        return [change.made(course, owed, start=terms.since, basis=basis)] if isinstance(owed, Target) else []

    def again(self, course: Course, promise: Promise, basis: Basis) -> Promise:
        """Return an earlier promise made anew, for the present priority and plan."""
        made = replace(promise, priority=self.priority, plan=self.plan, made_at=self.at.astimezone(UTC), basis=basis)
        return around(made, course.pauses, self.agreement_of(promise.version))


def around(promise: Promise, pauses: Pauses, agreement: Agreement) -> Promise:
    """Return a promise counted around pauses, those that end after its start and begin before it is due."""
    since = tuple(Span(max(one.start, promise.start_at), one.end) for one in pauses if one.end > promise.start_at)
    if promise.target is None or not since:
        return promise
    due = deadline_around(agreement.calendar(promise.target.hours), promise.start_at, promise.target.seconds, since)
    return replace(promise, due_at=due, pauses=tuple(pause for pause in since if pause.start < due))


def rank(agreement: Agreement, priority: str) -> int:
    """Return how urgent a priority is: 0 is the most urgent. Raises UnknownTerm."""
    return agreement.priorities.index(agreement.priority(priority))


def is_raise(agreement: Agreement, *, was: str, to: str) -> bool:
    """Tell whether a change makes a ticket more urgent."""
    return rank(agreement, to) < rank(agreement, was)


def needs_second_person(course: Course, agreement: Agreement, *, at: datetime) -> bool:
    """Tell whether lowering needs a manager's confirmation: in the last 15 minutes of counted time, or after a miss.

    `agreement` is the version of the current promise. What stands still has the time left that it had then.
    """
    promise, ending = course.current, course.ending
    if ending is not None and not course.is_paused:
        return False
    stands = at if ending is None else ending.at
    if course.lapsed_at is not None or promise.lapsed_by(stands):
        return True
    if promise.target is None or promise.due_at is None:
        return False
    return agreement.calendar(promise.target.hours).elapsed(stands, promise.due_at) < LAST_MINUTES


def retargeted(course: Course, change: Change) -> Promise:
    """Return the promise that takes the place of the current one when the priority changes (rule 9)."""
    if is_raise(change.agreement, was=course.current.priority, to=change.priority):
        return _raised(course, change)
    return _lowered(course, change)


def covered(course: Course, change: Change) -> Promise | None:
    """Return the promise that a plan bought at an instant makes, or None when it brings nothing forward (rule 10).

    Where there was no guarantee, the clock starts at the change.
    """
    owed, due = change.owed(course.current.metric), course.current.due_at
    if isinstance(owed, NoGuarantee):
        return None
    made = change.made(course, owed, start=change.at, basis=Basis.COVERED)
    return made if due is None or _due(made) < due else None


def renewed(course: Course, change: Change) -> Promise | None:
    """Return the promise that a newer version makes, or None when it brings nothing forward (rule 11).

    The new target counts from the same start. Where it would be due already, or where nothing was guaranteed, it counts
    from the change: nobody can have missed what was not promised yet.
    """
    owed, due = change.owed(course.current.metric), course.current.due_at
    if isinstance(owed, NoGuarantee):
        return None
    start = course.current.start_at if due is not None else change.at
    made = change.made(course, owed, start=start, basis=Basis.RENEWED)
    if _due(made) <= change.at:
        made = change.made(course, owed, start=change.at, basis=Basis.RENEWED)
    return made if due is None or _due(made) < due else None


def _raised(course: Course, change: Change) -> Promise:
    """Return the earliest of the old promise, the new target from now on, and what a lowering of ours had taken."""
    owed = change.owed(course.current.metric)
    candidates = [change.again(course, course.current, Basis.RAISED), *change.bought(course, Basis.RAISED)]
    if isinstance(owed, Target):
        candidates.append(change.made(course, owed, start=change.claimed_at or change.at, basis=Basis.RAISED))
    if change.claimed_at is None:
        candidates += _restored(course, change, owed)
    return min(candidates, key=by_due)


def _restored(course: Course, change: Change, owed: Cell) -> list[Promise]:
    """Return the earlier promises for this priority or a less urgent one, and what lowering just to it had left."""
    wanted = rank(change.agreement, change.priority)
    earlier = [promise for promise in course.promises[course.question : -1] if promise.due_at is not None]
    again = [(rank(change.agreement, one.priority), change.again(course, one, Basis.RESTORED)) for one in earlier]
    back = [promise for urgency, promise in again if urgency >= wanted]
    stricter = [promise for urgency, promise in again if urgency < wanted]
    if stricter and isinstance(owed, Target):
        lowered = change.made(course, owed, start=_origin(course, change.at), basis=Basis.RESTORED)
        back.append(max(lowered, min(stricter, key=_due), key=_due))
    return back


def _lowered(course: Course, change: Change) -> Promise:
    """Return the new target from the start of the question, but never earlier than the old due time."""
    current, owed = course.current, change.owed(course.current.metric)
    start = current.start_at if isinstance(owed, NoGuarantee) else _origin(course, change.at)
    made = change.made(course, owed, start=start, basis=Basis.LOWERED)
    counted = min([made, *change.bought(course, Basis.LOWERED)], key=by_due)
    if counted.due_at is None or current.due_at is None:
        return counted
    return max(counted, change.again(course, current, Basis.LOWERED), key=_due)


def _origin(course: Course, at: datetime) -> datetime:
    """Return when the question began to count: the start of its first promise that had a due time, or now."""
    question = course.promises[course.question :]
    return next((made.start_at for made in question if made.due_at is not None), at)


def by_due(promise: Promise) -> tuple[bool, datetime]:
    """Return what puts promises in the order in which they fall due, those without a time last."""
    return (promise.due_at is None, promise.due_at or promise.start_at)


def is_earlier(promise: Promise, other: Promise) -> bool:
    """Tell whether a promise falls due before another. One without a time never does."""
    return promise.due_at is not None and (other.due_at is None or promise.due_at < other.due_at)


def _due(promise: Promise) -> datetime:
    assert promise.due_at is not None
    return promise.due_at
