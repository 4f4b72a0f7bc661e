"""What was asked and when it was answered, in columns: of our own tickets, or from another desk's log."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from puntuale.whatif.instants import MIDNIGHT, NotAnInstant, UnclearOrder, order_in, read
from puntuale.whatif.spreadsheets import Rows, names_of

Seconds = NDArray[np.int64]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = -1
REQUIRED = ("submitted_at", "plan", "priority", "answered_at")
TIMES = ("submitted_at", "answered_at")
OPTIONAL = ("environment", "product_stage")
HANDLED, ANSWERS = "handled_seconds", "answers"
LONGEST_ANSWER, MOST_ANSWERS = 86_400, 1_000
FIRST_YEAR, LAST_YEAR = 1971, 2198
"""The clock counts from 1970 to 2199: what is due from an instant, and what rings before, has to lie in it as well."""
LONGEST_WORD, LONGEST_PROBLEM = 100, 200


class HistoryRefused(ValueError):
    """A log that cannot be read at all, and why."""


class ColumnsMissing(HistoryRefused):
    """A log without a column that is needed, with the names of those."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"the columns {', '.join(names)} are missing")
        self.names = names


@dataclass(frozen=True, slots=True)
class Question:
    """A kind of ticket: whose plan, which priority, where it shows, how far the product is. Empty is the usual one."""

    plan: str
    priority: str
    environment: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """Tickets of one kind: when each was sent, and when it was first answered (NEVER when it was not).

    In whole seconds since 1970, as the clock ticks: what was sent within a second was sent at its beginning, and what
    was answered within one was answered after it.
    """

    sent: Seconds
    answered: Seconds


@dataclass(slots=True)
class Gathering:
    """Collects tickets by their kinds.

    `refused` are lines that could not be read, with why; `handled` how many seconds answering took, and `answers` how
    many answers tickets took, where told. `has_unclear_dates` tells that a line was refused since nobody said whether
    day or month comes first in it.
    """

    refused: list[str] = field(default_factory=list)
    handled: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    has_unclear_dates: bool = False
    _sent: dict[Question, list[int]] = field(default_factory=dict)
    _answered: dict[Question, list[int]] = field(default_factory=dict)

    def add(self, question: Question, sent: int, answered: int) -> None:
        """Add one ticket."""
        sents, answers = self.of(question)
        sents.append(sent)
        answers.append(answered)

    def of(self, question: Question) -> tuple[list[int], list[int]]:
        """Return the lists to which the tickets of a kind are added: when each was sent, and when answered."""
        return self._sent.setdefault(question, []), self._answered.setdefault(question, [])

    def refuse(self, line: int, problem: Exception) -> None:
        """Write down a row that could not be read, with its line."""
        self.has_unclear_dates |= isinstance(problem, UnclearOrder)
        said = "it has fewer columns than the first line" if isinstance(problem, IndexError) else str(problem)
        self.refused.append(f"line {line}: {said[:LONGEST_PROBLEM]}")

    def histories(self) -> dict[Question, History]:
        """Return what was collected."""
        return {
            question: History(np.array(sent, dtype=np.int64), np.array(self._answered[question], dtype=np.int64))
            for question, sent in self._sent.items()
        }


def from_log(rows: Rows, *, at: datetime, zone: tzinfo | None = None, order: str = "") -> Gathering:
    """Return what a log tells: `submitted_at,plan,priority,answered_at`, and more if it is there.

    That is `environment`, `product_stage`, `handled_seconds` and `answers`. A row that cannot be read, or tells of what
    came after `at`, is told with its line, and the others count. Times without a zone are on the clock of `zone`;
    `order` says what comes first in 03/04/2026. Raises HistoryRefused.
    """
    gathering, header = Gathering(), _header(rows)
    now = (at - EPOCH) // timedelta(seconds=1) + 1
    place = {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}
    submitted, replied = place["submitted_at"], place["answered_at"]
    lists = ((HANDLED, 1, LONGEST_ANSWER, gathering.handled), (ANSWERS, 0, MOST_ANSWERS, gathering.answers))
    figures = [(header.index(name), name, low, high, into) for name, low, high, into in lists if name in header]
    kind = [place.get(name) for name in ("plan", "priority", *OPTIONAL)]
    # A million rows are of a few kinds: which lists a row belongs to is looked up by its own words.
    known: dict[tuple[str, ...], tuple[list[int], list[int]]] = {}
    for row in rows:
        if not any(row):
            continue
        try:
            key = tuple([row[number] if number is not None else "" for number in kind])
            answered = row[replied]
            sent = second_of(row[submitted], zone=zone, order=order)
            until = second_of(answered, zone=zone, order=order, ceiling=True) if answered else NEVER
            if sent > now or until > now:
                raise ValueError(f"{(row[submitted] if sent > now else answered)!r} lies in the future")  # noqa: TRY301
            sents, answers = known.get(key) or known.setdefault(key, gathering.of(_question(key)))
            told = [
                (into, _figure(name, row[number], low, high))
                for number, name, low, high, into in figures
                if row[number]
            ]
        except (ValueError, IndexError) as problem:
            gathering.refuse(rows.line_num, problem)
            continue
        for into, figure in told:
            into.append(figure)
        sents.append(sent)
        answers.append(until)
    return gathering


def _header(rows: Rows) -> list[str]:
    """Return the names of the columns. Raises HistoryRefused when one that is needed is missing."""
    header = names_of(next((row for row in rows if row), []))
    if missing := [name for name in REQUIRED if name not in header]:
        raise ColumnsMissing(missing)
    return header


def order_in_log(rows: Rows) -> str:
    """Return the order of day and month that the dates of a log show, if they show one and no other."""
    header = _header(rows)
    places = [header.index(name) for name in TIMES]
    return order_in(row[place] for row in rows for place in places if place < len(row))


def second_of(written: str, *, zone: tzinfo | None = None, order: str = "", ceiling: bool = False) -> int:
    """Return an instant in whole seconds since 1970.

    Raises ValueError for what is none, lacks a zone or the time of day, or lies far.
    """
    try:
        found = read(written, zone=zone, order=order)
    except NotAnInstant as problem:
        raise type(problem)(f"{written[:40]!r} is no instant: {problem}") from problem
    if found.assumed == MIDNIGHT:
        raise ValueError(f"{written[:40]!r} lacks the time of day")
    at = found.at
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"{written!r} should be in the years {FIRST_YEAR} to {LAST_YEAR}")
    since = at - EPOCH
    second = since.days * 86_400 + since.seconds
    return second + 1 if ceiling and since.microseconds else second


def _question(words: Sequence[str]) -> Question:
    """Return a kind of ticket. Raises ValueError for words that are no keys."""
    for word in words:
        if len(word) > LONGEST_WORD:
            raise ValueError(f"{word[:20]!r}... should be a key of at most {LONGEST_WORD} letters")
    return Question(*words)


def _figure(name: str, written: str, low: int, high: int) -> int:
    """Return the figure of a column. Raises ValueError."""
    is_whole = written.isascii() and written.isdecimal() and len(written) <= len(str(high))
    if not is_whole or not low <= int(written) <= high:
        raise ValueError(f"{name} {written!r} should be a whole number from {low} to {high}")
    return int(written)
