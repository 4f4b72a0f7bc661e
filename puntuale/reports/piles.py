"""The tickets behind figures that are not of the attainment: an address says which, and this finds them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from puntuale.reports import fairness, workload
from puntuale.reports.counting import Asked
from puntuale.reports.fairness import Party, Sort
from puntuale.reports.workload import State
from puntuale.tickets.models import Ticket

LATE = "late"
LONGEST = 60


class NoSuchPile(ValueError):
    """An address that means nothing."""


def pile(sent: QueryDict, asked: Asked, priorities: Sequence[str]) -> QuerySet[Ticket] | None:
    """Return the tickets an address means, or None when it names no pile. Raises NoSuchPile."""
    name = sent.get("pile", "")
    if not name:
        return None
    said = {key: value.replace("\0", "")[:LONGEST] for key, value in sent.items() if isinstance(value, str)}
    try:
        return _PILES[name](said, asked, priorities)
    except (KeyError, ValueError) as problem:
        raise NoSuchPile(name) from problem


def _backlog(said: Mapping[str, str], asked: Asked, _priorities: Sequence[str]) -> QuerySet[Ticket]:
    return workload.standing(asked, State(said["state"]), said["priority"])


def _due(said: Mapping[str, str], asked: Asked, _priorities: Sequence[str]) -> QuerySet[Ticket]:
    day = None if said["day"] == LATE else date.fromisoformat(said["day"])
    if day is not None and not 1970 < day.year < 2199:
        raise ValueError(day)
    return workload.due_on(asked, day, is_goal=said.get("goals") == "yes")


def _changes(said: Mapping[str, str], asked: Asked, priorities: Sequence[str]) -> QuerySet[Ticket]:
    found = fairness.changed(asked, Party(said["party"]), said["key"], Sort(said["sort"]), priorities)
    return Ticket.objects.filter(pk__in=found)


def _ratings(said: Mapping[str, str], asked: Asked, _priorities: Sequence[str]) -> QuerySet[Ticket]:
    found = fairness.rated(asked, Party(said["party"]), said["key"], good=said["good"] == "yes")
    return Ticket.objects.filter(pk__in=found)


_PILES: Mapping[str, Callable[[Mapping[str, str], Asked, Sequence[str]], QuerySet[Ticket]]] = {
    "backlog": _backlog,
    "due": _due,
    "changes": _changes,
    "ratings": _ratings,
}
