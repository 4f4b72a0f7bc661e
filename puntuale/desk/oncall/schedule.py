"""Who is on call in the next days, rota by rota, as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from puntuale.guarantee.rota import Turn
from puntuale.oncall import reading
from puntuale.oncall.models import Cover, Rota
from puntuale.oncall.reading import OnCallNow
from puntuale.oncall.rotas import SpanRefused
from puntuale.people.models import Person

SHOWN_AHEAD = timedelta(days=14)
MOST_TURNS = 60
WIDTH, TONES = 1000, 6


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its place on the bar, in thousandths of it. `person` is None in a gap."""

    turn: Turn
    person: Person | None
    x: int
    width: int
    tone: int

    @property
    def key(self) -> str:
        """Return what names the turn in a form."""
        return key_of(self.turn)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rota: who is on call now, the turns of the next days, and the covers that were arranged."""

    now: OnCallNow
    turns: list[ShownTurn]
    covers: list[Cover]

    @property
    def swappable(self) -> list[ShownTurn]:
        """Return the turns somebody has."""
        return [turn for turn in self.turns if turn.person]

    @property
    def can_swap(self) -> bool:
        """Tell whether two people have turns."""
        return len({turn.turn.who for turn in self.swappable}) > 1


def schedules(*, at: datetime) -> list[Schedule]:
    """Return every rota in use with its next two weeks."""
    found = []
    for now in reading.now_on_call(at=at):
        turns = upcoming(now.rota, at=at)
        people = Person.objects.in_bulk({turn.who for turn in turns if turn.who is not None})
        covers = now.rota.covers.filter(withdrawn_at=None, end_at__gt=at).select_related("person", "made_by")
        found.append(Schedule(now, _shown(turns, people, at), list(covers.order_by("start_at", "pk"))))
    return found


def upcoming(rota: Rota, *, at: datetime) -> list[Turn]:
    """Return the turns of the next two weeks."""
    return reading.joined(reading.turns_of(rota, since=at, until=at + SHOWN_AHEAD, at=at))[:MOST_TURNS]


def turn_of(rota: Rota, key: str, *, at: datetime) -> Turn:
    """Return the turn that a form names. Raises SpanRefused when the rota has none such any more."""
    for turn in upcoming(rota, at=at):
        # The turn that runs begins at a later instant each time one looks.
        if key_of(turn) == key or (turn.start == at and key_of(turn).partition("-")[2] == key.partition("-")[2]):
            return turn
    raise SpanRefused("swap.changed")


def key_of(turn: Turn) -> str:
    """Return what names a turn in a form: when it begins and ends, in seconds since 1970, and whose it is."""
    return f"{int(turn.start.timestamp())}-{int(turn.end.timestamp())}-{turn.who or ''}"


def _shown(turns: list[Turn], people: Mapping[int, Person], at: datetime) -> list[ShownTurn]:
    tones = {who: n % TONES for n, who in enumerate(dict.fromkeys(turn.who for turn in turns if turn.who))}
    edges = [round((turn.end - at) / SHOWN_AHEAD * WIDTH) for turn in turns]
    return [
        ShownTurn(turn, people.get(turn.who or 0), x, edge - x, tones.get(turn.who, 0) if turn.who else 0)
        for turn, x, edge in zip(turns, [0, *edges], edges, strict=False)
    ]
