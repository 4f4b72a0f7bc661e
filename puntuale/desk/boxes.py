"""The two boxes an agent writes in: the public answer and the internal note. They never mix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from puntuale.guarantee.facts import Phase
from puntuale.looks.keys import sent_key
from puntuale.looks.requests import Admitted
from puntuale.tickets import attachments
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Attachment, Draft, Message, Ticket


@dataclass(frozen=True)
class Again:
    """A form that is shown again: which one, what is wrong, what was in it, and what somebody else wrote meanwhile.

    It keeps its key, unless that is spent: belongs to a message that says something else.
    """

    form: str
    said: Mapping[str, str]
    problems: Sequence[str] = ()
    files: Sequence[str] = ()
    newer: Sequence[Message] = ()
    is_spent: bool = False


@dataclass(frozen=True)
class Box:
    """A box with its text and files. `seen` is the last public message that stood before whoever writes.

    `goes_to` is the number of the ticket that what is written goes to: another one after a merge. `version` is that of
    the draft in it; `is_again` tells that what was sent stands in it instead.
    """

    is_open: bool
    goes_to: int
    text: str = ""
    files: Sequence[Attachment] = field(default_factory=list)
    problems: Sequence[str] = ()
    newer: Sequence[Message] = ()
    then: str = Phase.OPEN.value
    takes: bool = False
    seen: int = 0
    key: UUID = field(default_factory=uuid4)
    version: str = ""
    is_again: bool = False


def boxes(
    request: Admitted, ticket: Ticket, last_message: int, again: Again | None, kept: Mapping[Draft.Place, Draft]
) -> dict[str, Box]:
    """Return both boxes: with what was sent and could not be taken, else with the draft that is kept."""
    found: dict[str, Box] = {}
    for name in ("answer", "note"):
        if again is not None and again.form == name:
            found[name] = _sent(request, ticket, last_message, again)
        else:
            found[name] = _fresh(ticket, name, last_message, again, kept.get(Draft.Place(name)))
    return found


def seen(request: Admitted) -> int | None:
    """Return the last message that the sender says she saw, or None when she says nothing of the kind."""
    said = request.POST.get("seen", "")
    return int(said) if is_key(said) else None


def afterwards(ticket: Ticket) -> Phase:
    """Return how a ticket stands after an answer where nobody says: it goes on waiting, and never starts to."""
    return Phase.WAITING if ticket.phase == Phase.WAITING else Phase.OPEN


def _fresh(ticket: Ticket, name: str, last_message: int, again: Again | None, draft: Draft | None) -> Box:
    """Return a box that nothing was sent from, with the draft that is kept for it."""
    box = Box(_is_open(ticket, name, again), ticket.number, then=afterwards(ticket).value, seen=last_message)
    if draft is None:
        return box
    files = attachments.of_draft(draft)
    return replace(box, text=draft.body, files=files, key=draft.key or box.key, version=draft.version)


def _sent(request: Admitted, ticket: Ticket, last_message: int, again: Again) -> Box:
    """Return the box that something was sent from, as it was."""
    moved = again.form == "answer" and ticket.phase == Phase.MERGED and ticket.merged_into_id
    return Box(
        True,
        moved or ticket.number,
        again.said.get("body", ""),
        list(attachments.unsent(request.person, again.files)) if again.files else [],
        again.problems,
        again.newer,
        again.said.get("then", afterwards(ticket).value),
        bool(again.said.get("takes")),
        # Where a merged ticket went she has seen nothing yet.
        0 if moved else _seen_again(request, last_message, again),
        (None if again.is_spent else sent_key(request)) or uuid4(),
        is_again=True,
    )


def _is_open(ticket: Ticket, name: str, again: Again | None) -> bool:
    """Tell whether a box that nothing was sent from is open: one of the two is, the answer where there can be one."""
    shut = {"answer", "note"} - {name}
    if again is not None and again.form in shut:
        return False
    return (name == "answer") is (ticket.phase not in {Phase.MERGED, Phase.CANCELLED})


def _seen_again(request: Admitted, last_message: int, again: Again) -> int:
    """Return what she has seen by now: more than when she sent only if the page shows her what is new."""
    before = seen(request)
    return last_message if again.newer or before is None else before
