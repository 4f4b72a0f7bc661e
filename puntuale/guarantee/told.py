"""What a story has come to while it is being told: its courses, and the moves that add promises and endings to them.

A course is kept for every metric from the start, a promise without a target where the agreement has none, so that a
raise or a plan bought later finds what it has to bring forward. Readers see a goal from its first due time on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from puntuale.guarantee import retargeting
from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.pauses import joined
from puntuale.guarantee.promise import Basis, Course, Ending, Promise, Verdict, promised
from puntuale.guarantee.retargeting import AgreementOf, Change
from puntuale.guarantee.spans import Span

GOALS = (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE, Metric.RESOLUTION)
METRICS = (Metric.FIRST_RESPONSE, *GOALS)
CLOSED = frozenset({Phase.CANCELLED, Phase.MERGED})


@dataclass(slots=True)
class Told:
    """The story as far as it has been told. `own` is the first response as if what was given back had never come."""

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
    own: Course | None = None

    @property
    def agreement(self) -> Agreement:
        """Return the version of the agreement that the ticket is bound to."""
        return self.agreement_of(self.version)

    def shown(self) -> Mapping[Metric, Course]:
        """Return the first response, and each goal from its first promise with a due time on."""
        found = {}
        for metric, course in self.courses.items():
            due = (n for n, promise in enumerate(course.promises) if promise.due_at is not None)
            first = 0 if metric is Metric.FIRST_RESPONSE else next(due, len(course.promises))
            if first < len(course.promises):
                found[metric] = Course(course.promises[first:], course.endings[first:])
        return found

    def start(self, metric: Metric, *, start: datetime, at: datetime, basis: Basis = Basis.STARTED) -> None:
        """Begin what is measured, with a target or without."""
        owed = self.agreement.owed(plan=self.plan, priority=self.priority, stage=self.stage, metric=metric)
        made = promised(
            self.agreement,
            owed,
            plan=self.plan,
            priority=self.priority,
            start=start,
            at=at,
            metric=metric,
            basis=basis,
        )
        self._add(metric, made)

    def keep(self, metric: Metric, at: datetime) -> None:
        """End what is owed: in time, late, or answered where nothing was guaranteed."""
        course = self.courses.get(metric)
        if course is not None and course.is_open:
            self._end(metric, Ending(_verdict(course, at), at))

    def close(self, metric: Metric, verdict: Verdict, at: datetime) -> None:
        """End what is owed and will not be kept any more. What was due before stays missed."""
        course = self.courses.get(metric)
        if course is not None and course.is_open:
            self._end(metric, _gone(course.current, verdict, at))

    def replace(self, metric: Metric, promise: Promise, at: datetime) -> None:
        """Let another promise take the place of the one that is owed."""
        self.close(metric, Verdict.REPLACED, at)
        self._add(metric, promise)

    def give_back(self, metric: Metric, at: datetime) -> None:
        """Owe again what the closing of the ticket had ended."""
        last = self.courses[metric].current
        self._add(metric, replace(last, made_at=at.astimezone(UTC), basis=Basis.GIVEN_BACK))

    def pause(self, at: datetime) -> None:
        """Let every goal stand still. One that was due before stays missed: a pause does not undo that."""
        for metric in GOALS:
            course = self.courses.get(metric)
            if course is None or not course.is_open or course.current.due_at is None:
                continue
            if not course.current.lapsed_by(at) and course.lapsed_at is None:
                self._end(metric, Ending(Verdict.PAUSED, at))

    def resume(self, at: datetime, *metrics: Metric) -> None:
        """Let goals that stand still run again."""
        for metric in metrics or GOALS:
            if metric in self.courses and self.courses[metric].is_paused:
                self.go_on(metric, at)

    def go_on(self, metric: Metric, at: datetime) -> None:
        """Let a goal run again with the time it had left, counted around the interval since it ended."""
        course = self.courses[metric]
        last, ended = course.current, course.ending
        assert ended is not None
        still = [Span(ended.at, at)] if at > ended.at else []
        resumed = replace(last, made_at=at.astimezone(UTC), basis=Basis.RESUMED)
        pauses = joined([*course.pauses, *still])
        self._add(metric, retargeting.around(resumed, pauses, self.agreement_of(last.version)))

    def retarget(self, at: datetime, claimed_at: datetime | None = None) -> None:
        """Count every promise still owed anew for the ticket's priority (rule 9); what stands still runs for that."""
        self.resume(at)
        for metric in METRICS:
            course = self._line(metric)
            if course is not None and self.courses[metric].is_open and course.current.priority != self.priority:
                self.replace(metric, retargeting.retargeted(course, self._change(at, claimed_at)), at)
        if self.phase is Phase.WAITING:
            self.pause(at)

    def cover(self, *, version: int, plan: str, at: datetime) -> None:
        """Bring forward what a plan bought brings forward (rule 10). Where it brings nothing, nothing changes.

        A version that no longer has the ticket's priority promises nothing for it.
        """
        change = replace(self._change(at), version=version, plan=plan)
        if self.priority not in {priority.key for priority in change.agreement.priorities}:
            return
        made = {metric: promise for metric in METRICS if (promise := self._covered(metric, change)) is not None}
        if made:
            self.plan, self.version = plan, version
            self._bring(made, at)

    def renew(self, *, version: int, at: datetime) -> None:
        """Bring forward what a newer version brings forward (rule 11). Where it brings nothing, nothing changes.

        What stands still keeps its target. A version without the ticket's terms promises nothing for it.
        """
        change = replace(self._change(at), version=version)
        if not change.agreement.knows(plan=self.plan, priority=self.priority, stage=self.stage):
            return
        made = {metric: promise for metric in METRICS if (promise := self._renewed(metric, change)) is not None}
        if made:
            self.version = version
            self._bring(made, at)

    def _renewed(self, metric: Metric, change: Change) -> Promise | None:
        course = self._line(metric)
        if course is None or not self.courses[metric].is_open:
            return None
        return retargeting.renewed(course, change)

    def _bring(self, made: Mapping[Metric, Promise], at: datetime) -> None:
        """Let promises that are due earlier take the place of what is owed; what stands still does so again."""
        self.resume(at)
        for metric, promise in made.items():
            self.replace(metric, promise, at)
        if self.phase is Phase.WAITING:
            self.pause(at)

    def _covered(self, metric: Metric, change: Change) -> Promise | None:
        course = self._line(metric)
        if course is None or not (course.is_paused or self.courses[metric].is_open):
            return None
        if course.is_paused:
            # What stands still is compared as it would run from now on.
            course = _running(course, change)
        return retargeting.covered(course, change)

    def _change(self, at: datetime, claimed_at: datetime | None = None) -> Change:
        return Change(self.agreement_of, self.version, self.plan, self.stage, self.priority, at, claimed_at)

    def _line(self, metric: Metric) -> Course | None:
        """Return the promises that count in re-targeting."""
        return self.own if metric is Metric.FIRST_RESPONSE and self.own else self.courses.get(metric)

    def _add(self, metric: Metric, promise: Promise) -> None:
        known = self.courses.get(metric, Course(()))
        self.courses[metric] = Course((*known.promises, promise), known.endings)
        if metric is Metric.FIRST_RESPONSE and self.own is not None:
            self.own = Course((*self.own.promises, promise))

    def _end(self, metric: Metric, ending: Ending) -> None:
        known = self.courses[metric]
        self.courses[metric] = Course(known.promises, (*known.endings, ending))


def _running(course: Course, change: Change) -> Course:
    """Return a course that stands still as it would be if it ran again."""
    assert course.ending is not None
    resumed = replace(course.current, made_at=change.at.astimezone(UTC), basis=Basis.RESUMED)
    pauses = joined(
        [*course.pauses, Span(course.ending.at, change.at)] if change.at > course.ending.at else course.pauses
    )
    counted = retargeting.around(resumed, pauses, change.agreement_of(resumed.version))
    return Course((*course.promises, counted), course.endings)


def _verdict(course: Course, at: datetime) -> Verdict:
    """Return how an answer ends the current promise. At the same instant it comes before a change of it (rule 14)."""
    current = course.current
    if current.due_at is None:
        return Verdict.ANSWERED
    stood = next((made for made in reversed(course.promises) if made.made_at < at), current)
    in_time = (made.due_at is not None and at <= made.due_at for made in (current, stood))
    return Verdict.MET if any(in_time) else Verdict.MET_LATE


def _gone(promise: Promise, verdict: Verdict, at: datetime) -> Ending:
    if promise.due_at is not None and promise.lapsed_by(at):
        return Ending(Verdict.MISSED, promise.due_at)
    return Ending(verdict, at)
