"""Where the texts of tickets are, and taking words out of them."""

import re
from collections.abc import Iterable, Iterator

from django.db.models import Model, Q, QuerySet

from puntuale.people.models import Person
from puntuale.tickets.models import (
    Attachment,
    Cancellation,
    Disagreement,
    ImpactReport,
    Lowering,
    Message,
    Rating,
    Reclassification,
    Ticket,
)

REMOVED = "[…]"
"""What stands where something stood, in every language."""
SHORTEST_NAME = 3

TEXTS: tuple[tuple[type[Model], str, str, str], ...] = (
    (Ticket, "pk", "subject", "requester"),
    (Message, "ticket", "body", "author"),
    (Attachment, "message__ticket", "name", "uploaded_by"),
    (Reclassification, "ticket", "text", "by"),
    (Lowering, "ticket", "text", "by"),
    (Cancellation, "ticket", "text", "by"),
    (Disagreement, "ticket", "text", "by"),
    (Disagreement, "ticket", "answer", "decided_by"),
    (ImpactReport, "ticket", "text", "by"),
    (ImpactReport, "ticket", "answer", "decided_by"),
    (Rating, "ticket", "comment", "by"),
)
"""Each text of a ticket: its table, the way to the ticket, the column, and who wrote it."""


def tickets_with(person: Person) -> QuerySet[Ticket]:
    """Return the tickets that somebody had to do with, and that may name her."""
    hers = Q(requester=person) | Q(followers__person=person) | Q(messages__author=person) | Q(mentions__person=person)
    return Ticket.objects.filter(hers | Q(events__by=person)).distinct()


def names_of(person: Person) -> re.Pattern[str]:
    """Return what finds a person in a text: her name, its parts as words of their own, her address."""
    parts = [part for part in re.split(r"\s+", person.name) if len(part) >= SHORTEST_NAME]
    told = sorted({person.name, person.email, *parts}, key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in told if one), re.IGNORECASE)


def take_out(pattern: re.Pattern[str], tickets: Iterable[int]) -> int:
    """Take out of all texts of some tickets what a pattern finds, and return how many texts changed."""
    changed = 0
    keys = list(tickets)
    for table, way, column, _ in TEXTS:
        for key, text in _found(table, way, column, keys):
            without = pattern.sub(REMOVED, text)
            if without != text:
                table._default_manager.filter(pk=key).update(**{column: without})
                changed += 1
    return changed


def _found(table: type[Model], way: str, column: str, keys: list[int]) -> Iterator[tuple[int, str]]:
    rows = table._default_manager.filter(**{f"{way}__in": keys}).exclude(**{column: ""})
    return rows.values_list("pk", column).iterator(chunk_size=500)
