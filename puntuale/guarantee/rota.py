"""Who is on call: layers of people who take turns, covers that beat them, and time off that beats everything.

A layer hands over at a time of day on the wall clock of its zone, every so many days. When the clock skips that time,
it hands over as soon as the clock has passed it; when the clock repeats it, the first time. So every instant belongs to
exactly one turn, whatever daylight saving does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from puntuale.guarantee.hours import HoursTable, open_pairs
from puntuale.guarantee.zones import zone

DAY_MINUTES = 1_440
MOST_DAYS = 366
A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)

Who = int
"""A person, by her key."""


class RotaRefused(ValueError):
    """A layer or a span that makes no sense, with the rule it breaks as `rule`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True)
class Layer:
    """People who take turns, the first of them from the hand-over on the date `since`.

    `handover` is in minutes of the local day, `days` how long a turn lasts: 1 hands over daily, 7 weekly. `hours`, read
    in its own zone, is when the layer is on duty: always, unless it is given. So layers of several places follow the
    sun, and hours with holidays leave those to the layer below. Raises RotaRefused, UnknownZone.
    """

    key: int
    people: tuple[Who, ...]
    zone_name: str
    since: date
    handover: int = 540
    days: int = 7
    hours: HoursTable | None = None

    def __post_init__(self) -> None:
        zone(self.zone_name)
        if not 0 <= self.handover < DAY_MINUTES:
            raise RotaRefused("layer.handover_in_day")
        if not 1 <= self.days <= MOST_DAYS:
            raise RotaRefused("layer.days")
        if len(set(self.people)) != len(self.people):
            raise RotaRefused("layer.person_twice")

    def handover_of(self, turn: int) -> datetime:
        """Return the instant at which a turn begins, counted from 0. Raises OverflowError beyond the calendar."""
        return reached(self.since + turn * self.days * A_DAY, self.handover, self.zone_name)

    def turn_at(self, at: datetime) -> int:
        """Return the number of the turn that an instant belongs to; negative before the first."""
        guess = (at.astimezone(zone(self.zone_name)).date() - self.since).days // self.days
        return next(turn for turn in (guess + 1, guess, guess - 1) if self.handover_of(turn) <= at)

    def in_line(self, turn: int) -> tuple[Who, ...]:
        """Return who is to have a turn, and then those who step in, in order; nobody before the first."""
        if turn < 0 or not self.people:
            return ()
        first = turn % len(self.people)
        return self.people[first:] + self.people[:first]


@dataclass(frozen=True, slots=True)
class Span:
    """A person's span of time: a cover she gives, or time that she has off. `key` tells one from another."""

    key: int
    who: Who
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise RotaRefused("span.naive")
        if self.end <= self.start:
            raise RotaRefused("span.ends_after_start")

    def has(self, at: datetime) -> bool:
        """Tell whether an instant lies in it: its end does not."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Turn:
    """A span during which one person is on call, or nobody. `layer` or `cover` tells by what."""

    start: datetime
    end: datetime
    who: Who | None
    layer: int | None = None
    cover: int | None = None

    @property
    def is_gap(self) -> bool:
        """Tell whether nobody is on call."""
        return self.who is None


@dataclass(frozen=True, slots=True)
class Rota:
    """Layers, the first of which that has somebody decides; covers, the last of which decides; and time off.

    Whoever has time off is not on call, not even by a cover: the next in line of her layer steps in, and where all are
    away the layer below.
    """

    layers: tuple[Layer, ...]
    covers: tuple[Span, ...] = ()
    away: tuple[Span, ...] = field(default=())

    def turn_at(self, at: datetime) -> Turn:
        """Return who is on call at an instant, as a turn of that second alone."""
        return self._between(at, at + A_SECOND, _on_duty(self.layers, at, at + A_SECOND))

    def on_call(self, at: datetime) -> Who | None:
        """Return who is on call at an instant, or nobody."""
        return self.turn_at(at).who

    def turns(self, since: datetime, until: datetime) -> list[Turn]:
        """Return the turns of [since, until) in order, without a gap between them; those with nobody are turns too."""
        duty = _on_duty(self.layers, since, until)
        bounds = sorted(
            {since, until}
            | {at for layer in self.layers for at in _handovers(layer, since, until)}
            | {at for spans in duty.values() for span in spans for at in span if since < at < until}
            | {at for span in (*self.covers, *self.away) for at in (span.start, span.end) if since < at < until}
        )
        found: list[Turn] = []
        for start, end in pairwise(bounds):
            turn = self._between(start, end, duty)
            last = found[-1] if found else None
            if last and (last.who, last.layer, last.cover) == (turn.who, turn.layer, turn.cover):
                found[-1] = Turn(last.start, end, turn.who, turn.layer, turn.cover)
            else:
                found.append(turn)
        return found

    def gaps(self, since: datetime, until: datetime) -> list[Turn]:
        """Return the spans of [since, until) during which nobody is on call."""
        return [turn for turn in self.turns(since, until) if turn.is_gap]

    def _between(self, start: datetime, end: datetime, duty: "Duty") -> Turn:
        """Return who is on call at the start of a span that nothing divides."""
        away = {span.who for span in self.away if span.has(start)}
        for cover in reversed(self.covers):
            if cover.has(start) and cover.who not in away:
                return Turn(start, end, cover.who, cover=cover.key)
        for layer in self.layers:
            if any(opens <= start < closes for opens, closes in duty[layer.key]):
                line = layer.in_line(layer.turn_at(start))
                if (who := next((one for one in line if one not in away), None)) is not None:
                    return Turn(start, end, who, layer=layer.key)
        return Turn(start, end, None)


Duty = dict[int, Sequence[tuple[datetime, datetime]]]


def reached(day: date, minute: int, zone_name: str) -> datetime:
    """Return the first instant at which the wall clock of a zone has reached a minute of a day, in UTC.

    Where the clock jumps over it, that is the instant of the jump.
    """
    place = zone(zone_name)
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    before, after = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if before <= after:
        return before
    # The clock skips it: read with the offset before the jump it comes later than with the one behind it.
    early, late = after, before
    while late - early > A_SECOND:
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(place).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def _handovers(layer: Layer, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants of (since, until) at which a layer hands over."""
    turn = max(layer.turn_at(since), -1) + 1
    while (at := layer.handover_of(turn)) < until:
        yield at
        turn += 1


def _on_duty(layers: Iterable[Layer], since: datetime, until: datetime) -> Duty:
    """Return when each layer is on duty within [since, until)."""
    return {layer.key: _duty(layer, since, until) for layer in layers}


def _duty(layer: Layer, since: datetime, until: datetime) -> Sequence[tuple[datetime, datetime]]:
    if layer.hours is None:
        return [(since, until)]
    first, last = int(since.timestamp()), int(until.timestamp()) + 1
    return [
        (datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC))
        for opens, closes in open_pairs(layer.hours, first, last)
    ]
