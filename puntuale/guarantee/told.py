"""What a story has come to while it is being told: how it is re-targeted and brought forward, and what merges do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from puntuale.guarantee import retargeting
from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.courses import GOALS, METRICS, Courses
from puntuale.guarantee.debts import Debts
from puntuale.guarantee.endings import gives_way, gone, running, verdict_of
from puntuale.guarantee.facts import Phase, Terms
from puntuale.guarantee.promise import ANSWERED, Basis, Course, Ending, Promise, Verdict
from puntuale.guarantee.retargeting import Change

Forward = Callable[[Course, Change], Promise | None]

CLOSED = frozenset({Phase.CANCELLED, Phase.MERGED})


@dataclass(slots=True)
class Told(Courses):
    """The story as far as it has been told.

    `debts` is what merges brought and is owed still; `woken` the phase out of which they brought the ticket, as long as
    nothing else has happened that leaves it open; `asleep` is what the courses were until then.
    """

    since: datetime
    phase: Phase = Phase.OPEN
    before: Phase = Phase.OPEN
    ended: tuple[Metric, ...] = ()
    debts: Debts = field(default_factory=Debts)
    woken: Phase | None = None
    asleep: Mapping[Metric, Course] = field(default_factory=dict)

    def keep(self, metric: Metric, at: datetime) -> None:
        """End what is owed, and with the first response all that merges brought: in time, late, or just answered."""
        is_owed = metric in self.courses and self.courses[metric].is_open
        Courses.keep(self, metric, at)
        if is_owed and metric is Metric.FIRST_RESPONSE:
            self.debts.clear()

    def rest(self, at: datetime) -> None:
        """Let goals stand as they did before a merge made the ticket open again: none of the time since counts.

        One that was re-targeted or brought forward since then keeps what it was given.
        """
        for metric in GOALS:
            course, before = self.courses.get(metric), self.asleep.get(metric, Course(()))
            known = len(before.promises)
            if course is None or not course.is_open or len(course.promises) != known + 1:
                continue
            woken_at = course.current.made_at
            if known == 0:
                self.end(metric, Ending(Verdict.CANCELLED, woken_at))
                continue
            if before.ending is None or before.counts != known - 1:
                continue
            self.end(metric, Ending(Verdict.REPLACED, woken_at))
            self.add(metric, replace(before.current, made_at=at.astimezone(UTC), basis=Basis.GIVEN_BACK))
            self.end(metric, before.ending)

    def retarget(self, at: datetime, claimed_at: datetime | None = None, in_force: Terms | None = None) -> None:
        """Count every promise still owed anew for the ticket's priority (rule 9); what stands still runs for that."""
        self.resume(at)
        change = self._change(at, claimed_at, in_force)
        stood = self.courses[Metric.FIRST_RESPONSE]
        first_moves = stood.is_open and stood.current.priority != self.priority
        overdue = self._own_again(at) if first_moves else None
        for metric in METRICS:
            course = self._line(metric)
            if course is not None and self.courses[metric].is_open and course.current.priority != self.priority:
                self.replace(metric, self._retargeted(course, change), at)
        if first_moves:
            self.debts.move(lambda debt, own: self._retargeted_debt(debt, own, change), at)
            self._earliest(at, overdue)
        if self.phase is Phase.WAITING:
            self.pause(at)

    def cover(self, *, version: int, plan: str, at: datetime, own: Mapping[int, Promise]) -> None:
        """Bring forward what a plan bought brings forward (rule 10). Where it brings nothing, nothing changes.

        A version that no longer has the ticket's priority promises nothing for it. `own` is what merged tickets have by
        their own terms from then on.
        """
        change = replace(self._change(at), version=version, plan=plan)
        knows = self.priority in {priority.key for priority in change.agreement.priorities}
        self._bring(change, retargeting.covered if knows else _nothing, own)

    def renew(self, *, version: int, at: datetime, own: Mapping[int, Promise]) -> None:
        """Bring forward what a newer version brings forward (rule 11). Where it brings nothing, nothing changes.

        What stands still keeps its target. A version without the ticket's terms promises nothing for it.
        """
        change = replace(self._change(at), version=version)
        knows = change.agreement.knows(plan=self.plan, priority=self.priority, stage=self.stage)
        self._bring(change, retargeting.renewed if knows else _nothing, own)

    def take_over(self, debts: Mapping[int, Promise], at: datetime) -> None:
        """Owe what a merge brought, by the ticket it was promised to."""
        for of, promise in debts.items():
            self.debts.add(of, replace(promise, plan=self.plan, priority=self.priority))
        self._earliest(at, None)

    def let_go(self, tickets: frozenset[int], at: datetime) -> bool:
        """Owe no longer what was promised to some tickets, and tell whether any of it was owed."""
        course = self.courses[Metric.FIRST_RESPONSE]
        if self.debts.let_go(tickets) and course.ending is not None and course.ending.verdict in ANSWERED:
            self._ended_as(*self._answer(), at)
        if not self.debts.remove(tickets):
            return False
        if self.phase in CLOSED:
            self._closed_alone(at)
        else:
            self.stand_alone(at)
        return True

    def stand_alone(self, at: datetime) -> None:
        """Let what counts be the ticket's own promise, or another merge's, where the merge that counted is gone."""
        stood = self.courses[Metric.FIRST_RESPONSE]
        if not stood.is_open:
            return
        is_gone = stood.current.basis is Basis.TAKEN_OVER and not self.debts.has(stood.current)
        self._earliest(at, self._own_again(at) if is_gone else None)
        course = self.courses[Metric.FIRST_RESPONSE]
        if not course.is_open:
            # The ticket itself had been answered: its first response stays as it ended (rule 12).
            self._ended_as(*self._answer(), at)

    def _closed_alone(self, at: datetime) -> None:
        """Let a closed ticket be shown as its own promise ended, where the merge that counted is gone."""
        course = self.courses[Metric.FIRST_RESPONSE]
        if course.is_answered and not self.debts.owed:
            self.ended = tuple(metric for metric in self.ended if metric is not Metric.FIRST_RESPONSE)
        if course.current.basis is Basis.TAKEN_OVER and not self.debts.has(course.current):
            own = course.own.current
            closed = own, gone(Course((own,)), Verdict(self.phase.value), self.since)
            self._ended_as(*(self._answer() if course.is_answered else closed), at)

    def _answer(self) -> tuple[Promise, Ending]:
        """Return the promise that tells the first response, which was given: as long as a merge stands, also its."""
        course = self.courses[Metric.FIRST_RESPONSE]
        line = course if self.debts.kept else course.own
        ended = [pair for pair in zip(line.promises, line.endings, strict=False) if pair[1].verdict in ANSWERED]
        if ended:
            return ended[-1]
        answered_at = next(ending.at for ending in course.endings if ending.verdict in ANSWERED)
        return line.current, Ending(verdict_of(line, answered_at), answered_at)

    def _ended_as(self, promise: Promise, ending: Ending, at: datetime) -> None:
        basis = Basis.TAKEN_OVER if promise.basis is Basis.TAKEN_OVER else Basis.GIVEN_BACK
        self.add(Metric.FIRST_RESPONSE, replace(promise, made_at=at.astimezone(UTC), basis=basis))
        self.end(Metric.FIRST_RESPONSE, ending)

    def _own_again(self, at: datetime) -> Promise | None:
        """Let the ticket's own promise stand where a merge's does. Return that, when it is overdue."""
        course = self.courses[Metric.FIRST_RESPONSE]
        if course.current.basis is not Basis.TAKEN_OVER:
            return None
        self.end(Metric.FIRST_RESPONSE, Ending(Verdict.REPLACED, at))
        if not course.is_answered:
            again = replace(course.own.current, made_at=at.astimezone(UTC), basis=Basis.GIVEN_BACK)
            self.add(Metric.FIRST_RESPONSE, again)
        return course.current if course.current.lapsed_by(at) else None

    def _earliest(self, at: datetime, overdue: Promise | None) -> None:
        """Let what is due first of all answers that are owed be the promise that counts.

        What is missed goes on to count, so that the date of a miss never moves: `overdue` is a merge's that did.
        """
        course, first = self.courses[Metric.FIRST_RESPONSE], self.debts.first
        if overdue is not None and self.debts.has(overdue):
            first = overdue
        if first is None or (first is not overdue and course.is_open and not gives_way(course, first, at)):
            return
        if course.is_open:
            self.end(Metric.FIRST_RESPONSE, Ending(Verdict.REPLACED, at))
        counts = replace(
            first, plan=self.plan, priority=self.priority, made_at=at.astimezone(UTC), basis=Basis.TAKEN_OVER
        )
        self.add(Metric.FIRST_RESPONSE, counts)

    def _retargeted(self, course: Course, change: Change) -> Promise:
        """Return the promise of a re-target, and bind the ticket to the plan in force where that was better."""
        return self._bound(retargeting.retargeted(course, change), change)

    def _retargeted_debt(self, debt: Course, own: Promise, change: Change) -> Promise:
        """Return the promise of a re-target, but never later than what is promised to the merged ticket.

        That ticket has not been lowered itself: what becomes of this one's priority can only bring it forward.
        """
        brought = change.again(debt, own, Basis.TAKEN_OVER)
        return self._bound(min(retargeting.retargeted(debt, change), brought, key=retargeting.by_due), change)

    def _bound(self, promise: Promise, change: Change) -> Promise:
        terms = change.in_force
        if terms is not None and promise.plan == terms.plan:
            self.plan, self.version = terms.plan, terms.version
        return promise

    def _bring(self, change: Change, forward: Forward, own: Mapping[int, Promise]) -> None:
        """Let promises that are due earlier take the place of what is owed; what stands still does so again."""
        found = {metric: self._forward(metric, change, forward) for metric in METRICS}
        made = {metric: promise for metric, promise in found.items() if promise is not None}
        debts = self.debts.forward(lambda debt: forward(debt, change), own)
        if not made and not debts:
            return
        self.plan, self.version = change.plan, change.version
        if self.phase in CLOSED:
            self._bring_closed(made, debts, change.at)
            return
        self.resume(change.at)
        overdue = self._own_again(change.at) if debts or Metric.FIRST_RESPONSE in made else None
        for metric, promise in made.items():
            self.replace(metric, promise, change.at)
        self.debts.replace(debts, change.at)
        self._earliest(change.at, overdue)
        if self.phase is Phase.WAITING:
            self.pause(change.at)

    def _bring_closed(self, made: Mapping[Metric, Promise], debts: Mapping[int, Promise], at: datetime) -> None:
        """Let what is owed elsewhere while the ticket is closed be told by another promise, which ends as it had."""
        for metric, promise in made.items():
            self.add(metric, promise)
            self.end(metric, Ending(Verdict(self.phase.value), self.since))
        self.debts.replace(debts, at)

    def _forward(self, metric: Metric, change: Change, forward: Forward) -> Promise | None:
        """Return the promise that something makes of what is owed, or was until the ticket was closed."""
        course = self._line(metric)
        if course is None:
            return None
        if metric in self.ended:
            return forward(Course(course.promises, course.endings[: len(course.promises) - 1]), change)
        if course.is_paused and forward is retargeting.covered:
            # What stands still is compared as it would run from now on.
            return forward(running(course, change), change)
        return forward(course, change) if self.courses[metric].is_open else None

    def _change(self, at: datetime, claimed_at: datetime | None = None, in_force: Terms | None = None) -> Change:
        bound = (self.agreement_of, self.version, self.plan, self.stage, self.priority)
        return Change(*bound, at, claimed_at, in_force)

    def _line(self, metric: Metric) -> Course | None:
        """Return the promises that count in re-targeting: what a merge brought is re-targeted by itself."""
        course = self.courses.get(metric)
        if course is None or metric is not Metric.FIRST_RESPONSE:
            return course
        return None if course.is_answered else course.own


def _nothing(course: Course, change: Change) -> None:
    """Bring nothing forward."""
