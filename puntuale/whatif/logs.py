"""The log of another desk: read from a file, and kept as what a replay needs of it, without anything else in it."""

import gzip
import json
from dataclasses import astuple, dataclass
from datetime import datetime, tzinfo
from typing import IO

import numpy as np

from puntuale.whatif.histories import Gathering, History, HistoryRefused, Question, Seconds, from_log, order_in_log
from puntuale.whatif.spreadsheets import LARGEST_WORKBOOK, NotATable, opened

BOUND = 25 * 1024 * 1024
"""How large a log may be that is uploaded, in bytes."""
UNPACKED = 2 * BOUND
"""How large a workbook may be that is uploaded once it is unpacked: it is read while somebody waits."""
FIGURE = np.dtype("<i8")


class LogRefused(HistoryRefused):
    """A log that cannot be kept, with the rule it breaks and the lines that tell where."""

    def __init__(self, rule: str, lines: list[str] | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.lines = lines or []


@dataclass(frozen=True, slots=True)
class Told:
    """What a log tells: its tickets by their kinds, how many seconds answering took, how many answers tickets took."""

    histories: dict[Question, History]
    handled: Seconds
    answers: Seconds

    @property
    def tickets(self) -> int:
        """Return how many tickets there are."""
        return sum(int(one.sent.size) for one in self.histories.values())


def gathered(file: IO[bytes], *, at: datetime, zone: tzinfo) -> Gathering:
    """Return what a CSV file or a workbook tells of what came until an instant. Raises HistoryRefused.

    Times without a zone are on the clock of `zone`. Letters that are none stand for themselves: what is read of a log
    are instants, figures and keys.
    """
    return _gathered(file, at=at, zone=zone, largest=LARGEST_WORKBOOK)


def taken(file: IO[bytes], size: int, *, at: datetime, zone: tzinfo) -> Told:
    """Return what a log that was uploaded tells. All of its rows have to be readable. Raises HistoryRefused."""
    if size > BOUND:
        raise LogRefused("size")
    found = _gathered(file, at=at, zone=zone, largest=UNPACKED)
    if found.refused:
        raise LogRefused("rows", found.refused)
    handled, answers = (np.array(figures, dtype=np.int64) for figures in (found.handled, found.answers))
    told = Told(found.histories(), handled, answers)
    if not told.tickets:
        raise LogRefused("empty")
    return told


def packed(told: Told) -> bytes:
    """Return what a log tells as bytes, to be kept: nothing but kinds, instants and durations."""
    kinds = [[*astuple(question), int(one.sent.size)] for question, one in told.histories.items()]
    head = json.dumps({"kinds": kinds, "handled": int(told.handled.size)}).encode()
    columns = [column for one in told.histories.values() for column in (one.sent, one.answered)]
    figures = b"".join(column.astype(FIGURE).tobytes() for column in (*columns, told.handled, told.answers))
    return gzip.compress(head + b"\n" + figures, compresslevel=6, mtime=0)


def unpacked(kept: bytes) -> Told:
    """Return what a log that was kept tells."""
    head, _, figures = gzip.decompress(kept).partition(b"\n")
    shape, all_, place = json.loads(head), np.frombuffer(figures, dtype=FIGURE).astype(np.int64), 0
    histories: dict[Question, History] = {}
    for *words, count in shape["kinds"]:
        histories[Question(*words)] = History(all_[place : place + count], all_[place + count : place + 2 * count])
        place += 2 * count
    return Told(histories, *np.split(all_[place:], [shape["handled"]]))


def _gathered(file: IO[bytes], *, at: datetime, zone: tzinfo, largest: int) -> Gathering:
    """Return what a file tells. It is read again where the order of its dates has to be found out."""
    try:
        with opened(file, largest=largest) as table:
            found = from_log(table.rows, at=at, zone=zone)
        if not found.has_unclear_dates:
            return found
        with opened(file, largest=largest) as table:
            order = order_in_log(table.rows)
        with opened(file, largest=largest) as table:
            return from_log(table.rows, at=at, zone=zone, order=order)
    except NotATable as problem:
        raise HistoryRefused(str(problem)) from problem
