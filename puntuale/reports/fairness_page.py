"""What the page of changed priorities and opinions shows, as figures that open their tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from urllib.parse import urlencode

from puntuale.reports import naming
from puntuale.reports.fairness import Changes, Opinions, Party, Sort
from puntuale.reports.page import Figure, Query
from puntuale.wording import notices


@dataclass(frozen=True, slots=True)
class Row:
    """A party, or all together, with its figures and, for opinions, the share of good ones."""

    name: str
    figures: Sequence[Figure]
    share: str = ""


def changes(found: Sequence[Changes], party: Party, query: Query, language: str, *, at: datetime) -> list[Row]:
    """Return a row for all changes and one for each party."""
    called = naming.parties(party, [one.key for one in found], language, at=at)
    return [
        Row(
            called[one.key],
            [
                Figure(
                    one.counts[sort],
                    urlencode({**query, "pile": "changes", "party": party.value, "key": one.key, "sort": sort.value}),
                )
                for sort in Sort
            ],
        )
        for one in found
    ]


def opinions(found: Sequence[Opinions], party: Party, query: Query, language: str, *, at: datetime) -> list[Row]:
    """Return a row for all opinions and one for each party."""
    called = naming.parties(party, [one.key for one in found], language, at=at)
    return [
        Row(
            called[one.key],
            [
                Figure(
                    count,
                    urlencode({**query, "pile": "ratings", "party": party.value, "key": one.key, "good": good}),
                )
                for count, good in ((one.good, "yes"), (one.bad, "no"))
            ],
            naming.percent(_share(one), language),
        )
        for one in found
    ]


def reasons(found: Mapping[str, int], query: Query, language: str) -> list[tuple[str, Figure]]:
    """Return the reasons of changes by name, most frequent first."""
    return [
        (
            notices.grounds(key, language),
            Figure(count, urlencode({**query, "pile": "reasons", "reason": key})),
        )
        for key, count in sorted(found.items(), key=lambda one: -one[1])
    ]


def _share(one: Opinions) -> Decimal | None:
    """Return how many of the opinions are good, rounded down; None when there are none."""
    count = one.good + one.bad
    return (Decimal(one.good) / count).quantize(Decimal("0.001"), ROUND_DOWN) if count else None
