"""The tickets behind figures that are not of the attainment: an address says which, and this finds them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from puntuale.reports import fairness, naming, workload
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.fairness import Party, Sort
from puntuale.reports.workload import State
from puntuale.tickets.models import Ticket
from puntuale.wording import moments, notices

LATE = "late"
LONGEST = 60


class NoSuchPile(ValueError):
    """An address that means nothing."""


def pile(sent: QueryDict, asked: Asked, priorities: Sequence[str]) -> QuerySet[Ticket] | None:
    """Return the tickets an address means, or None when it names no pile. Raises NoSuchPile."""
    name = sent.get("pile", "")
    if not name:
        return None
    try:
        return _PILES[name](_said(sent), asked, priorities)
    except (KeyError, ValueError) as problem:
        raise NoSuchPile(name) from problem


def described(sent: QueryDict, language: str, *, at: datetime) -> str:
    """Return which figure it is that an address of a pile leads from, in a line."""
    try:
        parts = _WORDS[sent.get("pile", "")](_said(sent), language, at)
    except (KeyError, ValueError):
        return ""
    return " \N{MIDDLE DOT} ".join(part for part in parts if part)


def _said(sent: QueryDict) -> dict[str, str]:
    return {key: value.replace("\0", "")[:LONGEST] for key, value in sent.items() if isinstance(value, str)}


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


def _reasons(said: Mapping[str, str], asked: Asked, _priorities: Sequence[str]) -> QuerySet[Ticket]:
    return Ticket.objects.filter(pk__in=fairness.with_reason(asked, said["reason"]))


_PILES: Mapping[str, Callable[[Mapping[str, str], Asked, Sequence[str]], QuerySet[Ticket]]] = {
    "backlog": _backlog,
    "due": _due,
    "changes": _changes,
    "ratings": _ratings,
    "reasons": _reasons,
}


def _backlog_words(said: Mapping[str, str], language: str, at: datetime) -> list[str]:
    priority = naming.keys(Grouping.PRIORITY, [said["priority"]], language, at=at)[said["priority"]]
    return [naming.called(naming.STATES[State(said["state"])], language), priority]


def _due_words(said: Mapping[str, str], language: str, _at: datetime) -> list[str]:
    if said["day"] == LATE:
        return [_("due before now")]
    return [moments.plain_day(date.fromisoformat(said["day"]), language)]


def _changes_words(said: Mapping[str, str], language: str, at: datetime) -> list[str]:
    return [naming.called(naming.SORTS[Sort(said["sort"])], language), _party(said, language, at)]


def _ratings_words(said: Mapping[str, str], language: str, at: datetime) -> list[str]:
    return [_("Good") if said["good"] == "yes" else _("Bad"), _party(said, language, at)]


def _reasons_words(said: Mapping[str, str], language: str, _at: datetime) -> list[str]:
    return [notices.grounds(said["reason"], language)]


def _party(said: Mapping[str, str], language: str, at: datetime) -> str:
    """Return the name of the party a figure is about; nothing for all together, and for none."""
    key, grouping = said["key"], Grouping(Party(said["party"]).value)
    return "" if key in {"", fairness.NONE} else naming.keys(grouping, [key], language, at=at)[key]


_WORDS: Mapping[str, Callable[[Mapping[str, str], str, datetime], list[str]]] = {
    "backlog": _backlog_words,
    "due": _due_words,
    "changes": _changes_words,
    "ratings": _ratings_words,
    "reasons": _reasons_words,
}
