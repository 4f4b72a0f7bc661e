"""A list of tickets as its page shows it: rows, tabs, filters, the next page."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from puntuale.guarantee.facts import Phase
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.portal.phases import ShownPhase, phase, phases
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket with its promise and its phase."""

    promise: ShownPromise
    phase: ShownPhase


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One phase that a list can be narrowed to, and the address of that."""

    phase: ShownPhase
    asked: str
    is_chosen: bool


def rows(request: Admitted, tickets: Sequence[Ticket]) -> list[Row]:
    """Return tickets as rows, with one query for all their promises."""
    return [
        Row(ShownPromise(one, language(), request.zone), phase(one.ticket.phase))
        for one in standings(tickets, at=request.at)
    ]


def chosen_phase(request: Admitted) -> str:
    """Return the phase a list is narrowed to, or nothing where none or nonsense was asked for."""
    asked = request.GET.get("phase", "")
    return asked if asked in set(Phase) else ""


def narrowings(chosen: str) -> list[Narrowing]:
    """Return the phases a list can be narrowed to."""
    return [Narrowing(one, f"?{urlencode({'phase': one.key})}", one.key == chosen) for one in phases()]


def next_page(following: str, chosen: str) -> str:
    """Return the query of the address of the next page, or nothing on the last."""
    if not following:
        return ""
    return "?" + urlencode(({"phase": chosen} if chosen else {}) | {"after": following})
