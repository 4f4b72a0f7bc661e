"""Who is on call in the next days, rota by rota, as the page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from puntuale.guarantee.rota import Turn
from puntuale.oncall import reading
from puntuale.oncall.models import Cover, Rota
from puntuale.oncall.reading import HerTurn
from puntuale.oncall.rotas import SpanRefused
from puntuale.people.models import Person

SHOWN_AHEAD, LOOKED_AHEAD = timedelta(days=14), timedelta(days=60)
MOST_TURNS, MOST_OF_HERS = 60, 6
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
    """A rota: the turns ahead, those of the next two weeks as they are shown, and the covers that were arranged."""

    rota: Rota
    ahead: Sequence[Turn]
    turns: list[ShownTurn]
    covers: list[Cover]

    @property
    def now(self) -> ShownTurn:
        """Return the turn that runs."""
        return self.turns[0]

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
    ahead = [(rota, _ahead(rota, at=at)) for rota in reading.rotas()]
    people = Person.objects.in_bulk({turn.who for _, turns in ahead for turn in turns if turn.who is not None})
    return [Schedule(rota, turns, _shown(_soon(turns, at), people, at), _covers(rota, at)) for rota, turns in ahead]


def turns_of(person: Person, found: Sequence[Schedule]) -> list[HerTurn]:
    """Return when somebody is on call next, by any of some rotas."""
    hers = [HerTurn(one.rota, turn.start, turn.end) for one in found for turn in one.ahead if turn.who == person.pk]
    return sorted(hers, key=lambda turn: (turn.start, turn.rota.pk))[:MOST_OF_HERS]


def turn_of(rota: Rota, key: str, *, at: datetime) -> Turn:
    """Return the turn that a form names. Raises SpanRefused when the rota has none such any more."""
    for turn in _soon(_ahead(rota, at=at), at):
        # The turn that runs begins at a later instant each time one looks.
        if key_of(turn) == key or (turn.start == at and key_of(turn).partition("-")[2] == key.partition("-")[2]):
            return turn
    raise SpanRefused("swap.changed")


def key_of(turn: Turn) -> str:
    """Return what names a turn in a form: when it begins and ends, in seconds since 1970, and whose it is."""
    return f"{int(turn.start.timestamp())}-{int(turn.end.timestamp())}-{turn.who or ''}"


def _ahead(rota: Rota, *, at: datetime) -> Sequence[Turn]:
    return reading.joined(reading.turns_of(rota, since=at, until=at + LOOKED_AHEAD, at=at))


def _soon(turns: Sequence[Turn], at: datetime) -> list[Turn]:
    return [turn for turn in turns if turn.start < at + SHOWN_AHEAD][:MOST_TURNS]


def _covers(rota: Rota, at: datetime) -> list[Cover]:
    found = rota.covers.filter(withdrawn_at=None, end_at__gt=at).select_related("person", "made_by")
    return list(found.order_by("start_at", "pk"))


def _shown(turns: Sequence[Turn], people: dict[int, Person], at: datetime) -> list[ShownTurn]:
    tones = {who: n % TONES for n, who in enumerate(dict.fromkeys(turn.who for turn in turns if turn.who))}
    edges = [min(round((turn.end - at) / SHOWN_AHEAD * WIDTH), WIDTH) for turn in turns]
    return [
        ShownTurn(turn, people.get(turn.who or 0), x, edge - x, tones.get(turn.who, 0) if turn.who else 0)
        for turn, x, edge in zip(turns, [0, *edges], edges, strict=False)
    ]
