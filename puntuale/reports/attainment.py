"""Attainment: how many first responses were kept, in three readings side by side, and the tickets behind each figure.

As promised: kept when the answer came by the earliest time ever promised on the ticket; nothing replaces a promise.
As finally classified: kept when it came by the promise that counted in the end, and none had been missed before.
Excluding agreed misclassification: as promised, without the tickets that were lowered because they were never as urgent
as their customer said, with which she did not disagree, and whose promise had not been missed by then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from puntuale.reports import summed
from puntuale.reports.counting import DECIDED, KEYS, Asked, Grouping, Outcome, rows
from puntuale.reports.responding import Measure


class Reading(StrEnum):
    """How a ticket is read."""

    PROMISED = "promised"
    FINAL = "final"
    EXCLUDING = "excluding"


@dataclass(slots=True)
class Tally:
    """How many tickets had which outcome."""

    counts: Counter[Outcome] = field(default_factory=Counter)

    @property
    def kept(self) -> int:
        """Return the numerator of the rate."""
        return self.counts[Outcome.KEPT]

    @property
    def decided(self) -> int:
        """Return the denominator of the rate: kept, late and missed."""
        return sum(self.counts[outcome] for outcome in DECIDED)

    @property
    def total(self) -> int:
        """Return all tickets, whatever became of them."""
        return self.counts.total()

    @property
    def rate(self) -> Decimal | None:
        """Return kept by decided, rounded down so that one miss never shows as 100 %; None when none is decided."""
        if not self.decided:
            return None
        return (Decimal(self.kept) / self.decided).quantize(Decimal("0.001"), ROUND_DOWN)


@dataclass(slots=True)
class Line:
    """The three readings of the tickets that have something in common; the key is empty where they have none of it."""

    key: str
    readings: dict[Reading, Tally] = field(default_factory=lambda: {reading: Tally() for reading in Reading})
    left_out: int = 0
    """How many tickets the third reading leaves out."""

    def __getitem__(self, reading: Reading) -> Tally:
        """Return one reading."""
        return self.readings[reading]


@dataclass(slots=True)
class Report:
    """Everything together, each group, and how many tickets moved from one outcome to another between readings."""

    total: Line
    lines: list[Line]
    moved: Counter[tuple[Outcome, Outcome]]
    """From the first reading to the second, only where they differ."""

    @property
    def moves(self) -> int:
        """Return how many tickets the first two readings tell differently."""
        return self.moved.total()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """Which tickets of a report are meant: those with these outcomes, in one group by one reading."""

    promised: tuple[Outcome, ...] = ()
    final: tuple[Outcome, ...] = ()
    agreed: bool | None = None
    grouping: Grouping | None = None
    key: str = ""
    finally_grouped: bool = False
    took: tuple[Measure, int | None, int | None] | None = None
    """Only answers that took from so many minutes to before so many, by a measure."""


def attainment(asked: Asked, *, by: Grouping | None = None) -> Report:
    """Return the attainment of what is asked, all of it and told apart by something."""
    parts = summed.parts(asked)
    return _told([*summed.counts(parts, by), *_counts(parts.rest, by)], apart=by is not None)


def tickets(asked: Asked, behind: Behind, *, first: int, size: int) -> tuple[list[int], int]:
    """Return the numbers of the tickets behind a figure, the latest first, `size` of them from one on, and how many."""
    parameters = {
        "outcomes_promised": [one.value for one in behind.promised or Outcome],
        "outcomes_final": [one.value for one in behind.final or Outcome],
        "agreed": behind.agreed,
        "key": behind.key,
        "numbers": None if behind.took is None else _between(asked, *behind.took),
        "first": first,
        "size": size,
    }
    key = KEYS[behind.grouping][behind.finally_grouped] if behind.grouping else "%(key)s"
    found = rows(
        "SELECT id, count(*) OVER () FROM counted"  # noqa: S608 -- our keys
        " WHERE promised = ANY(%(outcomes_promised)s) AND final = ANY(%(outcomes_final)s)"
        " AND (%(agreed)s::boolean IS NULL OR agreed = %(agreed)s)"
        " AND (%(numbers)s::bigint[] IS NULL OR id = ANY(%(numbers)s))"
        f" AND coalesce({key}, '') = %(key)s ORDER BY id DESC OFFSET %(first)s LIMIT %(size)s",
        asked,
        **parameters,
    )
    return [int(str(number)) for number, _ in found], int(str(found[0][1])) if found else 0


def _counts(asked: Asked, by: Grouping | None) -> list[tuple[object, ...]]:
    """Return what the tickets themselves count as: both keys, both outcomes, whether agreed, and how many tickets."""
    first, last = KEYS[by] if by else ("NULL", "NULL")
    return rows(
        f"SELECT coalesce({first}, ''), coalesce({last}, ''), promised, final, agreed, count(*)"  # noqa: S608 -- our keys
        " FROM counted GROUP BY 1, 2, 3, 4, 5",
        asked,
    )


def _told(found: Sequence[tuple[object, ...]], *, apart: bool) -> Report:
    total, lines, moved = Line(""), dict[str, Line](), Counter[tuple[Outcome, Outcome]]()
    for key, key_last, promised_word, final_word, agreed, number in found:
        promised, final, count = Outcome(str(promised_word)), Outcome(str(final_word)), int(str(number))
        if promised is not final:
            moved[promised, final] += count
        first, last = (lines.setdefault(one, Line(one)) if apart else Line("") for one in (str(key), str(key_last)))
        for line, line_last in ((total, total), (first, last)):
            line[Reading.PROMISED].counts[promised] += count
            line_last[Reading.FINAL].counts[final] += count
            if agreed:
                line.left_out += count
            else:
                line[Reading.EXCLUDING].counts[promised] += count
    return Report(total, sorted(lines.values(), key=lambda line: _order(line.key)), moved)


def _order(key: str) -> tuple[bool, int, str]:
    """Return what puts keys in order: numbers as numbers, and what has no key last."""
    return (not key, int(key) if key.isdecimal() else 0, key)


def _between(asked: Asked, measure: Measure, since: int | None, until: int | None) -> list[int]:
    from puntuale.reports.measuring import between  # noqa: PLC0415 -- numpy is large, and few look behind a figure

    return between(asked, measure, since, until)
