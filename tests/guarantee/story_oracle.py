"""A second answer to when a goal or a re-targeted promise is due, slow and plain. It shares nothing with the engine.

A desk is a set of minutes of the week on the wall clock of a zone. Time is walked step by step; a step counts when the
desk is open and nobody waits for the customer.
"""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
WEEK = 7 * DAY


class Desk:
    """Weekly windows as written in an agreement: `{"mon": ["09:00-12:00"], ...}`; `closed` are local dates."""

    def __init__(self, zone, weekly, closed=()):
        self.zone_name, self.weekly, self.closed = zone, weekly, frozenset(closed)
        self.zone = ZoneInfo(zone)
        self.minutes, self.seen = set(), {}
        for day, windows in weekly.items():
            for window in windows:
                opens, closes = (_minute(text) for text in window.split("-"))
                length = (closes - opens) if closes > opens else closes + DAY - opens
                first = WEEKDAYS.index(day) * DAY + opens
                self.minutes.update((first + n) % WEEK for n in range(length))

    def is_open(self, at):
        """Look at the wall clock. Only for desks without shifts past midnight may there be closed dates."""
        if at not in self.seen:
            self.seen[at] = self._is_open(at)
        return self.seen[at]

    def _is_open(self, at):
        local = at.astimezone(self.zone)
        if local.date() in self.closed:
            return False
        return local.weekday() * DAY + local.hour * 60 + local.minute in self.minutes

    def due(self, start, seconds, waiting=(), *, step=60):
        """The first instant by which so many seconds, open and outside the waiting, have passed."""
        at, counted, tick = start.astimezone(UTC), 0, timedelta(seconds=step)
        while counted < seconds:
            if self.is_open(at) and not any(since <= at < until for since, until in waiting):
                counted += step
            at += tick
        return at

    def counted(self, start, until, waiting=(), *, step=60):
        """The open seconds outside the waiting from one instant to another."""
        at, counted, tick = start.astimezone(UTC), 0, timedelta(seconds=step)
        while at < until:
            if self.is_open(at) and not any(since <= at < ends for since, ends in waiting):
                counted += step
            at += tick
        return counted


def _minute(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


class RuleNine:
    """Rule 9 by hand, for a first response or for a goal that stands still while the customer is waited for.

    `targets` are seconds by priority, 1 being the most urgent; None where nothing is guaranteed. A promise is a
    priority, a start and a target: when it is due is walked anew whenever somebody asks, around the waiting so far.
    """

    def __init__(self, desk, targets, start, priority, *, is_goal=False):
        self.desk, self.targets, self.is_goal = desk, targets, is_goal
        self.promises = [(priority, start, targets[priority])]
        self.waits, self.since, self.missed = [], None, False

    @property
    def priority(self):
        return self.promises[-1][0]

    @property
    def due(self):
        return self._due(self.promises[-1])

    def wait(self, at):
        self._look(at)
        if self.is_goal and not self.missed and self.since is None:
            self.since = at

    def go_on(self, at):
        if self.since is not None:
            self.waits.append((self.since, at))
            self.since = None

    def reclassify(self, at, priority, claimed_at=None):
        still = self.since is not None
        self.go_on(at)
        self._look(at)
        found = self._raised(at, priority, claimed_at) if priority < self.priority else self._lowered(at, priority)
        self.promises.append((priority, *found))
        if still:
            self.wait(at)

    def _raised(self, at, priority, claimed_at):
        *earlier, (_, start, target) = self.promises
        found = [(start, target)]
        if self.targets[priority] is not None:
            found.append((claimed_at or at, self.targets[priority]))
        if claimed_at is None:
            found += [(since, counted) for was, since, counted in earlier if was >= priority]
            stricter = [(since, counted) for was, since, counted in earlier if was < priority and counted is not None]
            if stricter and self.targets[priority] is not None:
                just_lowered = (self._origin(at), self.targets[priority])
                found.append(max(min(stricter, key=self._when), just_lowered, key=self._when))
        return min(found, key=self._when)

    def _lowered(self, at, priority):
        _, start, target = self.promises[-1]
        if self.targets[priority] is None:
            return start, None
        counted = (self._origin(at), self.targets[priority])
        return counted if target is None else max(counted, (start, target), key=self._when)

    def _origin(self, at):
        return next((start for _, start, target in self.promises if target is not None), at)

    def _look(self, at):
        """Note a miss: what was due before, whatever takes its place, stands still no more."""
        if self.since is None and self.due is not None and self.due < at:
            self.missed = True

    def _due(self, promise):
        _, start, target = promise
        return None if target is None else self.desk.due(start, target, self.waits)

    def _when(self, promise):
        due = self._due((0, *promise))
        return (due is None, due)


class RuleTwelve:
    """Rule 12 by hand: a ticket, and what was merged into it, each re-targeted by itself. The earliest counts.

    What was missed goes on to count, so that its date does not move; what was missed of another ticket is left alone.
    """

    def __init__(self, own):
        self.own, self.merged, self.counting, self.missed = own, {}, None, None

    @property
    def owed_by(self):
        return self.merged[self.counting].due if self.counting is not None else self.missed or self.own.due

    def merge(self, at, source, start, target):
        self._look(at)
        other = RuleNine(self.own.desk, self.own.targets, start, self.own.priority)
        other.promises = [(self.own.priority, start, target)]
        self.merged[source] = other
        self._choose(at)

    def part(self, at, source):
        self._look(at)
        del self.merged[source]
        if self.counting == source:
            self.counting = None
        self._choose(at)

    def reclassify(self, at, priority, claimed_at=None):
        self._look(at)
        for one in self._all().values():
            if one is self.own or not self._is_over(one, at):
                one.reclassify(at, priority, claimed_at)
                if one is not self.own:
                    self._never_later(one)
        self._choose(at)

    def _never_later(self, one):
        """What was merged in was not lowered itself: it gets no later than it was."""
        _, start, target = one.promises[0]
        if one.desk.due(start, target) < one.due:
            one.promises[-1] = (one.priority, start, target)

    def _look(self, at):
        """Note a miss of the ticket itself, once, also where something earlier counted before it."""
        if self.missed is None and self._is_over(self.own, at):
            self.missed = self.own.due

    def _choose(self, at):
        self._look(at)
        is_missed = self.missed if self.counting is None else self._is_over(self.merged[self.counting], at)
        if not is_missed:
            self.counting = min(self._all(), key=lambda one: (self._when(one), one is not None))

    def _when(self, which):
        due = self._all()[which].due
        return (due is None, due)

    def _is_over(self, one, at):
        return one.due is not None and one.due < at

    def _all(self):
        return {None: self.own, **self.merged}
