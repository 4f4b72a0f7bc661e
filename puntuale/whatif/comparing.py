"""Two agreements over the same tickets: what one of them has no words for stands on neither side."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from puntuale.guarantee.agreement import Agreement, PriorityBarred, UnknownTerm
from puntuale.whatif.histories import History, Question
from puntuale.whatif.owed import owed


class Lacks(StrEnum):
    """Which of two agreements has no words for a kind of ticket, or forbids it."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many tickets of a kind are left out, and which agreement lacks the words for them."""

    count: int
    lacks: Lacks


@dataclass(frozen=True, slots=True)
class Compared:
    """The history that both agreements have words for, and what is left out of it."""

    histories: Mapping[Question, History]
    left_out: Mapping[Question, LeftOut]

    @property
    def left_out_by_side(self) -> dict[str, int]:
        """Return how many tickets are left out, by which agreement lacks the words for them."""
        found = Counter[str]()
        for one in self.left_out.values():
            found[one.lacks.value] += one.count
        return dict(found)


def compared(histories: Mapping[Question, History], before: Agreement, after: Agreement) -> Compared:
    """Return what of a history can be replayed under both of two agreements."""
    both, left_out = dict[Question, History](), dict[Question, LeftOut]()
    for question, history in histories.items():
        missing = not _has_words(before, question), not _has_words(after, question)
        if any(missing):
            lacks = Lacks.BOTH if all(missing) else Lacks.BEFORE if missing[0] else Lacks.AFTER
            left_out[question] = LeftOut(int(history.sent.size), lacks)
        else:
            both[question] = history
    return Compared(both, left_out)


def _has_words(agreement: Agreement, question: Question) -> bool:
    try:
        owed(question, agreement)
    except (UnknownTerm, PriorityBarred):
        return False
    return True
