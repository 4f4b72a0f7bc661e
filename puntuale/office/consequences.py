"""What a version would change about open tickets, as a page shows it: counts by direction, and the tickets in pages."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from puntuale.guarantee.agreement import Metric
from puntuale.looks.promises import METRICS
from puntuale.looks.requests import Admitted, language
from puntuale.tickets.foresight import Direction, Foreseen, Foresight
from puntuale.tickets.models import Ticket
from puntuale.wording.languages import words

ON_A_PAGE = 50
DIRECTIONS: dict[Direction, tuple[str, str, Lazy | str]] = {
    Direction.EARLIER: ("calm", "trending-up", _("earlier")),
    Direction.NEW: ("calm", "plus", _("new guarantee")),
    Direction.LATER: ("soon", "trending-down", _("later")),
    Direction.GONE: ("late", "minus", _("guarantee gone")),
    Direction.UNCHANGED: ("none", "check", _("unchanged")),
}
"""Colour, icon and words of each direction."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A promise that would move: the ticket, what is measured, where to, and both due times."""

    ticket: Ticket
    metric: str
    tone: str
    icon: str
    word: Lazy | str
    due_at: datetime | None
    would_be: datetime | None


@dataclass(frozen=True, slots=True)
class Consequences:
    """A page of what would move. `counts` are direction, tone, icon, words, number and whether only it is shown."""

    counts: list[tuple[str, str, str, Lazy | str, int, bool]]
    rows: list[Shown]
    chosen: str
    number: int
    last: int
    forward: int

    @property
    def asked(self) -> str:
        """Return what else the addresses of the other pages ask."""
        return f"direction={self.chosen}&" if self.chosen else ""


def consequences(request: Admitted, foresight: Foresight) -> Consequences:
    """Return the page asked for: `direction` narrows it, `page` turns it. What is no direction or page is the first."""
    asked = request.GET.get("direction", "")
    chosen = Direction(asked) if asked in set(Direction) and asked != Direction.UNCHANGED else None
    moved = foresight.towards(chosen)
    last = max(1, -(-len(moved) // ON_A_PAGE))
    written = request.GET.get("page", "")
    number = min(max(int(written), 1), last) if written.isdecimal() and len(written) < 9 else 1
    counts = [
        (direction.value, tone, icon, word, foresight.counts[direction], direction is chosen)
        for direction, (tone, icon, word) in DIRECTIONS.items()
    ]
    rows = _rows(moved[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
    return Consequences(counts, rows, chosen.value if chosen else "", number, last, foresight.forward)


def _rows(found: list[Foreseen]) -> list[Shown]:
    tickets = Ticket.objects.select_related("organisation").in_bulk([one.ticket for one in found])
    said = words(language())
    return [
        Shown(
            tickets[one.ticket],
            "" if one.metric == Metric.FIRST_RESPONSE else said.gettext(METRICS[Metric(one.metric)]),
            *DIRECTIONS[one.direction],
            one.due_at,
            one.would_be,
        )
        for one in found
        if one.ticket in tickets
    ]
