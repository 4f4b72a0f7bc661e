"""The agents' queues: which tickets, in what order, a page at a time, and how many there are.

Pages are found by where the last one ended, not by counting rows, and counting stops at a thousand: neither depends on
how many tickets were ever closed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Q, QuerySet

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import mentioning
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Disagreement, ImpactReport, Lowering, Ticket

COUNTED_TO = 1_000
# Whoever and whenever stands in a statement that is made once; both are taken out before it is asked.
_SOMEBODY, _SOME_TIME, _AN_HOUR = Person(pk=-1), datetime.max.replace(year=9000, tzinfo=UTC), timedelta(hours=1)
ON_A_PAGE = 50
AT_A_GLANCE = ("last_event", "due_at", "phase", "phase_since", "assignee_id")
TERM = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""A key of an agreement: a priority, a plan, an environment."""


class View(StrEnum):
    """The queues there are."""

    DUE = "due"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    MISSED = "missed"
    WAITING = "waiting"
    NO_GUARANTEE = "no-guarantee"
    REVIEW = "review"
    MENTIONS = "mentions"
    RESOLVED = "resolved"
    ALL = "all"


class Order(StrEnum):
    """In what order tickets stand."""

    DUE = "due"
    LONGEST_WAIT = "longest_wait"
    LATEST_CHANGE = "latest_change"
    LATEST = "latest"
    OLDEST = "oldest"


OPEN_VIEWS = frozenset({View.DUE, View.MINE, View.UNASSIGNED, View.MISSED, View.NO_GUARANTEE})
PHASES = {View.WAITING: Phase.WAITING, View.RESOLVED: Phase.RESOLVED}
ORDERS = {
    View.WAITING: Order.LONGEST_WAIT,
    View.NO_GUARANTEE: Order.OLDEST,
    View.RESOLVED: Order.LATEST_CHANGE,
    View.ALL: Order.LATEST,
}
"""What does not stand here stands in the order in which promises fall due: missed first, without a time last."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a queue is narrowed to. Only these columns can be asked for, and only by equality."""

    priority: str = ""
    plan: str = ""
    environment: str = ""
    organisation: str = ""
    product: str = ""
    agent: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, object]) -> "Filter":
        """Return what was asked for, without what is none of the columns or no key."""
        said = {field.name: str(asked.get(field.name) or "") for field in fields(cls)}
        for name in ("organisation", "product"):
            if not is_key(said[name]):
                said[name] = ""
        if said["agent"] not in {"me", "nobody"} and not is_key(said["agent"]):
            said["agent"] = ""
        for name in ("priority", "plan", "environment"):
            if not TERM.fullmatch(said[name]):
                said[name] = ""
        return cls(**said)

    @property
    def asked(self) -> str:
        """Return the filter as the query part of an address; empty when it narrows nothing."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in said.items() if value})

    def narrowed(self, tickets: QuerySet[Ticket], person: Person) -> QuerySet[Ticket]:
        """Return those of the tickets that fit."""
        equal = {name: getattr(self, name) for name in ("priority", "plan", "environment") if getattr(self, name)}
        equal |= {f"{name}_id": int(getattr(self, name)) for name in ("organisation", "product") if getattr(self, name)}
        if self.agent:
            equal["assignee_id"] = {"me": person.pk, "nobody": None}.get(self.agent) or _key_or_none(self.agent)
        return tickets.filter(**equal)

    def without(self, name: str) -> "Filter":
        """Return the filter with one of its parts left out."""
        return replace(self, **{name: ""})


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets of a queue, and where the next page begins, or an empty text after the last."""

    tickets: list[Ticket]
    following: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets stand in each queue, up to a thousand; and how many are due within the hour."""

    due: int
    within_the_hour: int
    mine: int
    unassigned: int
    missed: int
    waiting: int
    no_guarantee: int
    review: int
    mentions: int


def in_view(tickets: QuerySet[Ticket], view: View, *, by: Person, at: datetime) -> QuerySet[Ticket]:
    """Return those of the tickets that stand in a queue, in no order."""
    if view in OPEN_VIEWS:
        return _open_ones(tickets.filter(phase=Phase.OPEN), view, by=by, at=at)
    if view in PHASES:
        return tickets.filter(phase=PHASES[view])
    if view is View.REVIEW:
        return tickets.filter(pk__in=_to_review())
    if view is View.MENTIONS:
        mentioned = mentioning.unseen_by(by).values_list("ticket_id", flat=True)
        return tickets.filter(pk__in=list(mentioned[:COUNTED_TO]))
    return tickets


def _open_ones(opened: QuerySet[Ticket], view: View, *, by: Person, at: datetime) -> QuerySet[Ticket]:
    if view is View.MINE:
        return opened.filter(assignee=by)
    if view is View.UNASSIGNED:
        return opened.filter(assignee=None)
    if view is View.MISSED:
        return opened.filter(due_at__lt=at)
    if view is View.NO_GUARANTEE:
        return opened.filter(due_at=None, answered_at=None)
    return opened


def page(
    tickets: QuerySet[Ticket],
    view: View,
    *,
    by: Person,
    at: datetime,
    after: str = "",
    size: int = ON_A_PAGE,
    at_a_glance: bool = False,
) -> Page:
    """Return the page of a queue that begins after a place another page ended at; nonsense begins at the top.

    At a glance its tickets have only what tells whether anything has changed: most who ask have the page already.
    """
    found = in_view(tickets, view, by=by, at=at)
    found = found.only(*AT_A_GLANCE) if at_a_glance else found.select_related("organisation", "assignee")
    order = ORDERS.get(view, Order.DUE)
    place = _place(after)
    if order is Order.DUE:
        rows = _by_due(found, place, size + 1)
    elif order in {Order.LATEST, Order.OLDEST}:
        rows = _by_number(found, place, size + 1, latest_first=order is Order.LATEST)
    else:
        rows = _by_change(found, place, size + 1, latest_first=order is Order.LATEST_CHANGE)
    following = _written(rows[size - 1], order) if len(rows) > size else ""
    return Page(rows[:size], following)


def counts(*, by: Person, at: datetime) -> Counts:
    """Return how many tickets stand in each queue of somebody who works for the vendor, up to a thousand of each.

    The statement is made once: the ORM takes longer to write it than the database to answer.
    """
    statement, parameters = _counting()
    meant: dict[Any, Any] = {_SOMEBODY.pk: by.pk, _SOME_TIME: at, _SOME_TIME + _AN_HOUR: at + _AN_HOUR}
    with connection.cursor() as cursor:
        cursor.execute(statement, [meant.get(parameter, parameter) for parameter in parameters])
        return Counts(*cursor.fetchone())


@cache
def _counting() -> tuple[str, tuple[Any, ...]]:
    """Return the statement that counts all queues, as it is for a stand-in at a time that is none."""
    tickets = Ticket.objects.all()
    soon = {"due_at__gte": _SOME_TIME, "due_at__lt": _SOME_TIME + _AN_HOUR}
    counted: dict[str, QuerySet[Any, Any]] = {
        "within_the_hour": tickets.filter(phase=Phase.OPEN, **soon),
        "mentions": mentioning.unseen_by(_SOMEBODY),
    }
    counted |= {
        view.name.lower(): in_view(tickets, view, by=_SOMEBODY, at=_SOME_TIME) for view in [*OPEN_VIEWS, View.WAITING]
    }
    limited: dict[str, QuerySet[Any, Any]] = {
        name: found.order_by().values("pk")[:COUNTED_TO] for name, found in counted.items()
    }
    limited["review"] = _to_review()
    parts, parameters = list[str](), list[Any]()
    for name in (one.name for one in fields(Counts)):
        statement, said = limited[name].query.sql_with_params()
        # The statement is the ORM's own; whatever people asked for is among the parameters.
        parts.append(f"(SELECT count(*) FROM ({statement}) AS counted)")  # noqa: S608
        parameters += said
    return "SELECT " + ", ".join(parts), tuple(parameters)


def following(tickets: QuerySet[Ticket], ticket: Ticket, view: View, *, by: Person, at: datetime) -> Ticket | None:
    """Return the ticket to go on with after one has been dealt with: the first of the queue that is not it."""
    first = page(tickets.exclude(pk=ticket.pk), view, by=by, at=at, size=1).tickets
    return first[0] if first else None


def after(tickets: QuerySet[Ticket], ticket: Ticket, view: View, *, by: Person, at: datetime) -> Ticket | None:
    """Return the ticket that stands behind one in a queue, or the first for a ticket that stands last or not in it."""
    if in_view(tickets, view, by=by, at=at).filter(pk=ticket.pk).exists():
        place = _written(ticket, ORDERS.get(view, Order.DUE))
        if behind := page(tickets, view, by=by, at=at, after=place, size=1).tickets:
            return behind[0]
    return following(tickets, ticket, view, by=by, at=at)


def _to_review() -> QuerySet[Any, int]:
    """Return the numbers of the tickets about which something is to be decided, each once."""
    waiting = [
        table.objects.filter(decided_at=None).order_by().values_list("ticket_id", flat=True)
        for table in (Disagreement, Lowering, ImpactReport)
    ]
    return waiting[0].union(*waiting[1:])[:COUNTED_TO]


def _by_due(found: QuerySet[Ticket], place: tuple[datetime | None, int] | None, size: int) -> list[Ticket]:
    """Return tickets in the order in which they fall due, then those without a due time, oldest first."""
    dated, undated = found.filter(due_at__isnull=False), found.filter(due_at=None)
    rows: list[Ticket] = []
    if place is None or place[0] is not None:
        if place is not None:
            dated = dated.filter(Q(due_at__gt=place[0]) | Q(due_at=place[0], pk__gt=place[1]), due_at__gte=place[0])
        rows = list(dated.order_by("due_at", "pk")[:size])
    if len(rows) < size:
        if place is not None and place[0] is None:
            undated = undated.filter(pk__gt=place[1])
        rows += undated.order_by("pk")[: size - len(rows)]
    return rows


def _by_number(
    found: QuerySet[Ticket], place: tuple[datetime | None, int] | None, size: int, *, latest_first: bool
) -> list[Ticket]:
    if place is not None:
        found = found.filter(pk__lt=place[1]) if latest_first else found.filter(pk__gt=place[1])
    return list(found.order_by("-pk" if latest_first else "pk")[:size])


def _by_change(
    found: QuerySet[Ticket], place: tuple[datetime | None, int] | None, size: int, *, latest_first: bool
) -> list[Ticket]:
    sign, beyond = ("-", "lt") if latest_first else ("", "gt")
    if place is not None and place[0] is not None:
        since, key = place
        later = Q(**{f"phase_since__{beyond}": since}) | Q(**{"phase_since": since, f"pk__{beyond}": key})
        found = found.filter(later, **{f"phase_since__{beyond}e": since})
    return list(found.order_by(f"{sign}phase_since", f"{sign}pk")[:size])


def _written(ticket: Ticket, order: Order) -> str:
    """Return where a page ended, as a text that an address can carry."""
    instant = ticket.due_at if order in {Order.DUE, Order.OLDEST} else ticket.phase_since
    micros = "" if instant is None else str(round(instant.timestamp() * 1_000_000))
    return f"{micros}~{ticket.pk}"


def _place(written: str) -> tuple[datetime | None, int] | None:
    micros, tilde, key = written.partition("~")
    if not tilde or not is_key(key) or (micros and not is_key(micros)):
        return None
    try:
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros)) if micros else None
    except OverflowError:
        return None
    return instant, int(key)


def _key_or_none(written: str) -> int | None:
    return int(written) if is_key(written) else None
