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
        self.minutes = set()
        for day, windows in weekly.items():
            for window in windows:
                opens, closes = (_minute(text) for text in window.split("-"))
                length = (closes - opens) if closes > opens else closes + DAY - opens
                first = WEEKDAYS.index(day) * DAY + opens
                self.minutes.update((first + n) % WEEK for n in range(length))

    def is_open(self, at):
        """Look at the wall clock. Only for desks without shifts past midnight may there be closed dates."""
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
    """Rule 9 for a first response, by hand: priorities are numbers, 1 is the most urgent; a target may be missing.

    `due_of(start, priority)` tells when a promise that starts then would be due, None where nothing is guaranteed.
    """

    def __init__(self, due_of, start, priority):
        self.due_of, self.start, self.priority = due_of, start, priority
        self.due = due_of(start, priority)
        self.origin = start if self.due is not None else None
        self.earlier = []

    def reclassify(self, at, priority, claimed_at=None):
        due = self._raised(at, priority, claimed_at) if priority < self.priority else self._lowered(at, priority)
        self.earlier.append((self.priority, self.due))
        if self.origin is None and due is not None:
            self.origin = (claimed_at or at) if priority < self.priority else at
        self.priority, self.due = priority, due

    def _raised(self, at, priority, claimed_at):
        if claimed_at is not None:
            return _first(self.due, self.due_of(claimed_at, priority))
        found = [self.due, self.due_of(at, priority)]
        found += [due for was, due in self.earlier if was >= priority]
        stricter = [due for was, due in self.earlier if was < priority and due is not None]
        just_lowered = self.due_of(self.origin, priority) if self.origin is not None else None
        if stricter and just_lowered is not None:
            found.append(max(min(stricter), just_lowered))
        return _first(*found)

    def _lowered(self, at, priority):
        due = self.due_of(self.origin or at, priority)
        return due if due is None or self.due is None else max(self.due, due)


def _first(*instants):
    return min((instant for instant in instants if instant is not None), default=None)
