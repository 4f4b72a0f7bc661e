"""A ticket of another desk as a history of ours: what its messages and states were, in our words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from puntuale.moving.records import Record, Said
from puntuale.people.models import Person
from puntuale.tickets.adopting import Happened
from puntuale.tickets.models import Kind

Finder = Callable[[str], Person | None]
Words = Callable[[str, Sequence[str]], str]
"""Returns the text of a message for what was written, and the names of the files that were sent along."""
_ALIVE = ("open", "waiting")


@dataclass(frozen=True, slots=True)
class People:
    """Who is who on one ticket: its requester, how to find an agent or a colleague by address, and who stands in.

    `missed` is told of each address of which we know nobody, and what is done without.
    """

    requester: Person
    agent: Finder
    colleague: Finder
    stand_in: Person
    missed: Callable[[str, str, str], None]


def happenings(record: Record, people: People, *, words: Words) -> list[Happened]:
    """Return what happened after a ticket was sent, in order. `words` gives the text of a message."""
    return list(_happened(record, people, words))


def _happened(record: Record, people: People, words: Words) -> Iterator[Happened]:
    assignee = people.agent(record.assignee) if record.assignee else None
    if record.assignee and assignee is None:
        people.missed("assignee", record.assignee, "not an agent here: left unassigned")
    if assignee is not None:
        yield Happened(record.submitted_at, Kind.ASSIGNED, people.stand_in, facts={"to": assignee.pk})
    hands = assignee or people.stand_in
    phase = "open"
    for at, one in _in_order(record):
        if isinstance(one, Said):
            said = _said(one, people, phase, words)
            phase = _after(said, phase)
            yield said
        elif (kind := _move(phase, one)) is not None:
            phase = one
            facts: dict[str, object] = {"because": "other"} if kind == Kind.CANCELLED else {}
            yield Happened(at, kind, hands, facts=facts)


def _in_order(record: Record) -> list[tuple[datetime, Said | str]]:
    """Return messages and states by time; at the same instant a message came first."""
    said: list[tuple[datetime, int, Said | str]] = [(one.at, 0, one) for one in record.said]
    said += [(at, 1, state) for at, state in record.states]
    return [(at, one) for at, _, one in sorted(said, key=lambda row: row[:2])]


def _said(one: Said, people: People, phase: str, words: Words) -> Happened:
    agent = people.agent(one.author) if one.author else None
    text = words(one.body, one.files)
    if agent is not None or one.by_agent or one.internal:
        if one.author and agent is None:
            people.missed("messages", one.author, "not an agent here: shown as the importing manager's")
        kind = Kind.NOTED if one.internal else Kind.ANSWERED
        return Happened(one.at, kind, agent or people.stand_in, text)
    author = people.colleague(one.author)
    if one.author and author is None:
        people.missed("messages", one.author, "not known here: shown as the requester's")
    reopening = {"reopens": True} if phase == "resolved" else {}
    return Happened(one.at, Kind.CUSTOMER_WROTE, author or people.requester, text, reopening)


def _after(said: Happened, phase: str) -> str:
    """Return the phase that a message leaves a ticket in: what a customer writes ends waiting, and reopens."""
    return "open" if said.kind == Kind.CUSTOMER_WROTE and phase in {"waiting", "resolved"} else phase


def _move(phase: str, to: str) -> Kind | None:
    """Return what led from one phase to another, or None when there is nothing to tell. A cancelled one stays so."""
    if phase in {to, "cancelled"}:
        return None
    if to == "open":
        return Kind.RESUMED if phase == "waiting" else Kind.REOPENED
    if to == "waiting":
        return Kind.WAITED if phase == "open" else None
    return Kind.RESOLVED if to == "resolved" else Kind.CANCELLED
