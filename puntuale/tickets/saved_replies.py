"""Texts for what is asked again and again. Variables come from a closed list; there are no expressions in them."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import texts
from puntuale.tickets.models import SavedReply, Ticket
from puntuale.tickets.rights import agents_only

VARIABLES = ("customer.name", "customer.first_name", "ticket.number", "ticket.subject", "agent.name", "organisation")
_WRITTEN = re.compile(r"\{\{\s*([\w.]{1,60})\s*\}\}")


class UnknownVariable(ValueError):
    """A text names a variable that there is none of, with those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TitleTaken(ValueError):
    """Another saved reply has that title."""


def on_offer() -> QuerySet[SavedReply]:
    """Return the replies agents can choose from, by title."""
    return SavedReply.objects.filter(retired_at=None)


def save(
    *,
    title: str,
    body: str,
    by: Person,
    at: datetime,
    language: str = "",
    then: Phase | None = None,
    takes: bool = False,
    instead_of: SavedReply | None = None,
) -> SavedReply:
    """Return a reply saved for all agents. Using it fills the box; sending then also does what it is staged to do.

    Raises NotAnAgent, TextRefused, UnknownVariable, TitleTaken.
    """
    agents_only(by)
    said_title, said_body = texts.name(title, field="title"), texts.body(body)
    for name in _WRITTEN.findall(said_body):
        if name not in VARIABLES:
            raise UnknownVariable(name)
    reply = instead_of or SavedReply(made_by=by, made_at=at)
    reply.title, reply.body, reply.language = said_title, said_body, language
    reply.then, reply.takes = then.value if then else "", takes
    try:
        with transaction.atomic():
            reply.save()
    except IntegrityError as problem:
        raise TitleTaken(said_title) from problem
    return reply


def retire(reply: SavedReply, *, by: Person, at: datetime) -> None:
    """Take a reply off the list. Raises NotAnAgent."""
    agents_only(by)
    SavedReply.objects.filter(pk=reply.pk, retired_at=None).update(retired_at=at)


def filled(reply: SavedReply, ticket: Ticket, *, by: Person) -> str:
    """Return the text of a reply for a ticket. What looks like a variable and is none stays as it is written."""
    values = _values(ticket, by)
    return _WRITTEN.sub(lambda found: values.get(found[1], found[0]), reply.body)


def _values(ticket: Ticket, by: Person) -> Mapping[str, str]:
    return {
        "customer.name": ticket.requester.name,
        "customer.first_name": ticket.requester.first_name,
        "ticket.number": f"#{ticket.number}",
        "ticket.subject": ticket.subject,
        "agent.name": by.name,
        "organisation": ticket.organisation.name,
    }
