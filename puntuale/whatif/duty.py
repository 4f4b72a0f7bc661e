"""Who was on call, in columns: a rota laid over history, as if it had always been drawn like that."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from puntuale.guarantee.rota import Layer, Rota, Turn, Who
from puntuale.whatif.histories import Seconds

A_PIECE = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Duty:
    """The turns of a rota over a span, without a gap between them."""

    turns: tuple[Turn, ...]
    _starts: Seconds

    @property
    def gaps(self) -> list[Turn]:
        """Return the stretches during which nobody is on call."""
        return [turn for turn in self.turns if turn.is_gap]

    def shared(self, at: Seconds) -> Iterator[tuple[Who | None, NDArray[np.bool_]]]:
        """Yield each person, and None for nobody, with which of some instants were hers."""
        places = np.searchsorted(self._starts, at, side="right") - 1
        people = list(dict.fromkeys(turn.who for turn in self.turns))
        whose = np.array([people.index(turn.who) for turn in self.turns], dtype=np.int64)[places]
        for number, who in enumerate(people):
            theirs = whose == number
            if theirs.any():
                yield who, theirs


def duty(rota: Rota, *, since: datetime, until: datetime) -> Duty:
    """Return who is on call by a rota over a span, its layers going back as far as that. Ends after it starts."""
    laid = replace(rota, layers=tuple(_from(layer, since.date()) for layer in rota.layers))
    turns: list[Turn] = []
    # A rota looks at everything there is for each of its turns, so a long span is laid out piece by piece.
    start = since.replace(microsecond=0)
    while start < until:
        end = min(start + A_PIECE, until)
        for turn in laid.turns(start, end):
            if turns and turns[-1].who == turn.who:
                turns[-1] = replace(turns[-1], end=turn.end)
            else:
                turns.append(turn)
        start = end
    return Duty(tuple(turns), np.array([int(turn.start.timestamp()) for turn in turns], dtype=np.int64))


def span_of(at: list[Seconds]) -> tuple[datetime, datetime] | None:
    """Return a span that has all of some instants, or None when there are none."""
    known = [one for one in at if one.size]
    if not known:
        return None
    first, last = min(int(one.min()) for one in known), max(int(one.max()) for one in known)
    return datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last + 1, UTC)


def _from(layer: Layer, day: date) -> Layer:
    """Return a layer that begins before a date, by whole rounds of its people, so that nobody's turn moves."""
    round_ = max(1, len(layer.people)) * layer.days
    missing = (layer.since - day).days + layer.days + 1
    return replace(layer, since=layer.since - timedelta(days=-(-missing // round_) * round_)) if missing > 0 else layer
