"""The courses of a ticket, a metric each, and the plain moves that add promises and endings to them.

A course is kept for every metric from the start, a promise without a target where the agreement has none, so that a
raise or a plan bought later finds what it has to bring forward. Readers see a goal from its first due time on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from puntuale.guarantee import retargeting
from puntuale.guarantee.agreement import Agreement, Metric
from puntuale.guarantee.endings import gone, verdict_of
from puntuale.guarantee.pauses import joined
from puntuale.guarantee.promise import Basis, Course, Ending, Promise, Verdict, promised
from puntuale.guarantee.retargeting import AgreementOf
from puntuale.guarantee.spans import Span

GOALS = (Metric.NEXT_RESPONSE, Metric.PERIODIC_UPDATE, Metric.RESOLUTION)
METRICS = (Metric.FIRST_RESPONSE, *GOALS)


@dataclass(slots=True)
class Courses:
    """What was promised so far and how it ended, with what the ticket is bound to."""

    agreement_of: AgreementOf
    stage: str
    priority: str
    plan: str | None
    version: int
    courses: dict[Metric, Course] = field(default_factory=dict, kw_only=True)

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
        self.add(metric, made)

    def keep(self, metric: Metric, at: datetime) -> None:
        """End what is owed: in time, late, or answered where nothing was guaranteed."""
        course = self.courses.get(metric)
        if course is not None and course.is_open:
            self.end(metric, Ending(verdict_of(course, at), at))

    def close(self, metric: Metric, verdict: Verdict, at: datetime) -> None:
        """End what is owed and will not be kept any more. What was due before stays missed."""
        course = self.courses.get(metric)
        if course is not None and course.is_open:
            self.end(metric, gone(course, verdict, at))

    def replace(self, metric: Metric, promise: Promise, at: datetime) -> None:
        """Let another promise take the place of the one that is owed."""
        self.close(metric, Verdict.REPLACED, at)
        self.add(metric, promise)

    def give_back(self, metric: Metric, at: datetime) -> None:
        """Owe again what the closing of the ticket had ended."""
        last = self.courses[metric].current
        basis = Basis.TAKEN_OVER if last.basis is Basis.TAKEN_OVER else Basis.GIVEN_BACK
        self.add(metric, replace(last, made_at=at.astimezone(UTC), basis=basis))

    def pause(self, at: datetime) -> None:
        """Let every goal stand still. One that was due before stays missed: a pause does not undo that."""
        for metric in GOALS:
            course = self.courses.get(metric)
            if course is None or not course.is_open or course.current.due_at is None:
                continue
            if not course.current.lapsed_by(at) and course.lapsed_at is None:
                self.end(metric, Ending(Verdict.PAUSED, at))

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
        self.add(metric, retargeting.around(resumed, pauses, self.agreement_of(last.version)))

    def add(self, metric: Metric, promise: Promise) -> None:
        """Promise one more."""
        known = self.courses.get(metric, Course(()))
        self.courses[metric] = Course((*known.promises, promise), known.endings)

    def end(self, metric: Metric, ending: Ending) -> None:
        """End the last promise."""
        known = self.courses[metric]
        self.courses[metric] = Course(known.promises, (*known.endings, ending))
