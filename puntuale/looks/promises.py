"""A promise as pages show it: chip, due time, countdown, strip and sum, in one reader's language and zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from puntuale.guarantee.agreement import Metric, NoGuarantee, Reason
from puntuale.guarantee.promise import State
from puntuale.looks.strips import Strip
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import Standing
from puntuale.wording import durations, moments, sums
from puntuale.wording.languages import words

MOST_SPANS = 30
LAST_QUARTER = 4

ENDED = {
    State.CANCELLED: gettext_noop("cancelled"),
    State.MERGED: gettext_noop("merged"),
    State.NO_GUARANTEE: gettext_noop("no guarantee"),
}
METRICS = {
    Metric.FIRST_RESPONSE: gettext_noop("First response"),
    Metric.NEXT_RESPONSE: gettext_noop("Next response"),
    Metric.PERIODIC_UPDATE: gettext_noop("Next update"),
    Metric.RESOLUTION: gettext_noop("Resolution"),
}


@dataclass(frozen=True)
class Chip:
    """A state in colour, icon and words: never in colour alone."""

    tone: str
    icon: str
    text: str


@dataclass(frozen=True)
class ShownPromise:
    """How a promise stands, told to one reader."""

    standing: Standing
    language: str
    zone: ZoneInfo

    @property
    def ticket(self) -> Ticket:
        """Return the ticket."""
        return self.standing.ticket

    @cached_property
    def state(self) -> State:
        """Return running, missed, met, met late or no guarantee."""
        return self.standing.state

    @property
    def is_running(self) -> bool:
        """Tell whether time is still left."""
        return self.state is State.RUNNING

    @property
    def is_missed(self) -> bool:
        """Tell whether it is due and still owed."""
        return self.state is State.MISSED

    @property
    def has_guarantee(self) -> bool:
        """Tell whether a time was promised at all."""
        return self.due_at is not None

    @cached_property
    def chip(self) -> Chip:
        """Return the state for a glance."""
        said = words(self.language)
        if self.state is State.PAUSED:
            left = durations.clock(self.standing.remaining)
            return Chip("none", "pause", said.gettext("%(time)s left, stands still") % {"time": left})
        if self.state is State.MISSED and self.due_at:
            ago = durations.rough(self.standing.at - self.due_at, self.language)
            return Chip("late", "circle-x", said.gettext("missed %(time)s ago") % {"time": ago})
        if self.state is not State.RUNNING:
            return self._ended_chip
        left = said.gettext("%(time)s left") % {"time": durations.countdown(self.standing.remaining)}
        return Chip("soon", "triangle-alert", left) if self.is_soon else Chip("calm", "clock", left)

    @property
    def _ended_chip(self) -> Chip:
        """Return how it ended, for a glance: kept, late, or without a guarantee."""
        said, ending = words(self.language), self.standing.ending
        if self.state is State.MET:
            first = self.standing.metric is Metric.FIRST_RESPONSE
            told = said.gettext("answered in time") if first else said.gettext("done in time")
            return Chip("calm", "circle-check", told)
        if self.state is State.MET_LATE and ending and self.due_at:
            late = {"time": durations.rough(ending.at - self.due_at, self.language)}
            return Chip("late", "clock-alert", said.gettext("answered %(time)s late") % late)
        return Chip("none", "minus", said.gettext(ENDED[self.state]))

    @cached_property
    def is_soon(self) -> bool:
        """Tell whether the last quarter of the counted time runs."""
        return self.standing.target is not None and self.standing.remaining <= self.soon_from

    @property
    def soon_from(self) -> int:
        """Return the seconds left at which the last quarter begins."""
        return self.standing.target.seconds // LAST_QUARTER if self.standing.target else 0

    @property
    def waits_until(self) -> datetime | None:
        """Return when counting goes on, for a running promise outside its hours, else None."""
        calendar = self.standing.calendar
        if not self.is_running or calendar is None or calendar.is_open(self.standing.at):
            return None
        return calendar.next_open(self.standing.at)

    @property
    def counts_from(self) -> str:
        """Return `counts from Mon 09:00` for a running promise outside its hours, else nothing."""
        until = self.waits_until
        if until is None:
            return ""
        when = moments.near_moment(until, self.language, self.zone, now=self.standing.at)
        return words(self.language).gettext("counts from %(time)s") % {"time": when}

    @property
    def due_at(self) -> datetime | None:
        """Return the due instant, or None without a guarantee."""
        return self.standing.promise.due_at

    @property
    def due(self) -> str:
        """Return the due time as people say it, with its zone: `today 17:05 CET`."""
        if self.due_at is None:
            return ""
        return moments.near(self.due_at, self.language, self.zone, now=self.standing.at)

    @property
    def due_moment(self) -> str:
        """Return the due time with its date and zone, in the zone in which the sum is told."""
        at = self.standing.at
        return moments.moment(self.due_at, self.language, self.zone_of_sum, now=at) if self.due_at else ""

    @property
    def due_dated(self) -> str:
        """Return the due time with its date and zone, on the reader's clock."""
        return moments.moment(self.due_at, self.language, self.zone, now=self.standing.at) if self.due_at else ""

    @property
    def due_exactly(self) -> str:
        """Return the due time to the second with its offset."""
        return moments.exact(self.due_at, self.language, self.zone) if self.due_at else ""

    @property
    def answered(self) -> str:
        """Return when it was answered, with its zone, or nothing."""
        ending = self.standing.ending
        if ending is None or self.state not in {State.MET, State.MET_LATE, State.NO_GUARANTEE}:
            return ""
        return moments.moment(ending.at, self.language, self.zone, now=self.standing.at)

    @property
    def target(self) -> str:
        """Return what was promised, or why nothing was."""
        if self.standing.target is not None:
            return durations.target(self.standing.target, self.standing.agreement, self.language)
        return durations.no_guarantee(NoGuarantee(self.standing.reason), self.language) if self.standing.reason else ""

    @property
    def why_no_guarantee(self) -> str:
        """Return what the agreement says about the product's stage, where that is the reason, else nothing."""
        if self.standing.reason is not Reason.PRODUCT_STAGE or self.standing.ticket.product is None:
            return ""
        stages = {stage.key: stage for stage in self.standing.agreement.stages}
        stage = stages.get(self.standing.ticket.product.stage)
        return stage.explanation.in_language(self.language) if stage else ""

    @property
    def priority_name(self) -> str:
        """Return the name of the ticket's priority in the agreement it was made under."""
        key = self.standing.ticket.priority
        return self.standing.agreement.priority(key).name.in_language(self.language)

    @property
    def priority(self) -> str:
        """Return the key of the ticket's priority."""
        return self.standing.ticket.priority

    @property
    def metric_name(self) -> str:
        """Return what is measured, as people call it."""
        return words(self.language).gettext(METRICS[self.standing.metric])

    @property
    def goals(self) -> "list[ShownPromise]":
        """Return the ticket's goals, told to the same reader."""
        return [ShownPromise(goal, self.language, self.zone) for goal in self.standing.goals]

    @property
    def plan_name(self) -> str:
        """Return the name of the plan, or that there was none."""
        plan = self.standing.promise.plan
        if plan is None:
            return words(self.language).gettext("no plan")
        return self.standing.agreement.plan(plan).name.in_language(self.language)

    @property
    def spans(self) -> str:
        """Return the open spans still to count, for browsers: `second-second ...`, the far ones left out."""
        return " ".join(f"{start}-{end}" for start, end in self._pairs[:MOST_SPANS])

    @property
    def beyond(self) -> int:
        """Return the open seconds in the spans left out."""
        return sum(end - start for start, end in self._pairs[MOST_SPANS:])

    @cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        calendar = self.standing.calendar
        if not self.is_running or calendar is None or self.due_at is None:
            return []
        spans = calendar.intervals(self.standing.at, self.due_at)
        return [(int(span.start.timestamp()), int(span.end.timestamp())) for span in spans]

    @cached_property
    def strip(self) -> Strip | None:
        """Return the strip from submission to due, or None without a guarantee."""
        reckoning = self.standing.reckoning
        return Strip.of(reckoning) if reckoning else None

    @property
    def reached(self) -> float:
        """Return how far along the strip it is: at the answer, or now."""
        ending = self.standing.ending
        return self.strip.position(ending.at if ending else self.standing.at) if self.strip else 0.0

    @property
    def strip_in_words(self) -> str:
        """Return what the strip shows, for whoever does not see it."""
        reckoning = self.standing.reckoning
        if reckoning is None:
            return ""
        return words(self.language).gettext("From %(start)s to %(due)s, %(time)s of it in opening hours") % {
            "start": self.started,
            "due": self.due,
            "time": durations.clock(reckoning.seconds),
        }

    @property
    def started(self) -> str:
        """Return when the ticket was sent, with its zone."""
        return moments.moment(self.standing.promise.start_at, self.language, self.zone, now=self.standing.at)

    @cached_property
    def sum(self) -> list[sums.Line]:
        """Return the worked sum line by line, in the zone of the hours, or the reader's for hours always open."""
        reckoning = self.standing.reckoning
        if reckoning is None or self.standing.calendar is None:
            return []
        return sums.lines(reckoning, self.language, self.zone_of_sum)

    @property
    def zone_of_sum(self) -> ZoneInfo:
        """Return the zone in which the sum is told."""
        calendar = self.standing.calendar
        return self.zone if calendar is None or calendar.hours.is_always_open else calendar.hours.zone

    @property
    def sum_in_other_zone(self) -> str:
        """Return the name of the sum's zone when it shows other clock times than the reader's, else nothing."""
        if self.due_at is None or self.due_at.astimezone(self.zone).utcoffset() == self._offset_of_sum:
            return ""
        return self.zone_of_sum.key

    @property
    def _offset_of_sum(self) -> timedelta | None:
        return self.due_at.astimezone(self.zone_of_sum).utcoffset() if self.due_at else None

    @property
    def total(self) -> str:
        """Return what the sum comes to."""
        reckoning = self.standing.reckoning
        return durations.clock(reckoning.seconds) if reckoning else ""

    @property
    def environment_name(self) -> str:
        """Return where the problem shows."""
        return self.standing.agreement.environment(self.standing.ticket.environment).name.in_language(self.language)

    @property
    def version(self) -> int:
        """Return the version of the agreement it was made under."""
        return self.standing.promise.publication_id
