"""What was seen from outside during a run, as the checks read it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from tests.torture.book import read


@dataclass(frozen=True)
class Seen:
    """The lines of the three books: what clients were told, what the mail server took, what was done to the desk."""

    acks: list = field(default_factory=list)
    letters: list = field(default_factory=list)
    faults: list = field(default_factory=list)

    @classmethod
    def of(cls, home):
        """What was seen of the desk in a home."""
        return cls(*(read(home / f"{name}.jsonl") for name in ("acks", "letters", "faults")))

    def told(self, *whats):
        """What clients were told of these deeds."""
        return [ack for ack in self.acks if ack["what"] in whats]

    def done(self, *whats):
        """The faults of these kinds."""
        return [fault for fault in self.faults if fault["what"] in whats]

    @cached_property
    def copies(self):
        """The letters that came, for each key, in their order."""
        found = defaultdict(list)
        for letter in self.letters:
            found[letter["key"]].append(letter)
        return found

    @property
    def duplicates(self):
        """How many letters came again."""
        return sum(len(copies) - 1 for copies in self.copies.values())

    @cached_property
    def told_at(self):
        """When all was told that was to be told: what was meant to be told later is still on its way."""
        return instant(next(fault["at"] for fault in self.done("all is told")))


def instant(seconds):
    """An instant of a book as the database tells it."""
    return datetime.fromtimestamp(seconds, UTC)


def page_of(link):
    """The key of the page that a link acknowledges."""
    return int(link.rstrip("/").rpartition("/")[2].partition(":")[0])


def overlap(windows, since, until):
    """How many seconds of [since, until] lie in any of some faults."""
    spans = sorted((max(window["since"], since), min(window["until"], until)) for window in windows)
    total, reached = 0.0, since
    for begins, ends in spans:
        total += max(0.0, ends - max(begins, reached))
        reached = max(reached, ends)
    return total
