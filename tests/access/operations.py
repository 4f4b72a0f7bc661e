"""How each operation of the API is asked for: where, with what, what comes back, and to whom.

An operation that is in no row fails the tests. `who` narrows it to some of those whom the table of `people.access` lets
do it, for rows that are not everybody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.access.world import OURS

VENDORS = frozenset({"agent", "manager", "administrator"})
READERS = frozenset({"requester", "their administrator"}) | VENDORS
HERS = frozenset({"requester", "their administrator"})


@dataclass(frozen=True)
class Asked:
    """One operation: its method, its path, its body if it has one, and the status for those who may do it."""

    method: str
    path: Callable
    status: int = 200
    says: Callable | None = None
    who: frozenset[str] | None = None


def get(path, who=None):
    """Something that is read."""
    return Asked("get", path if callable(path) else lambda _: path, who=who)


def on(name, rest="", **more):
    """Something that is read of a ticket."""
    return get(lambda world: f"/tickets/{getattr(world, name).pk}{rest}", READERS, **more)


def deed(name, rest, status=200, who=READERS, **said):
    """Something that is done to a ticket."""
    return Asked(
        "post",
        lambda world: f"/tickets/{getattr(world, name).pk}/{rest}",
        status,
        (lambda world: {key: value(world) if callable(value) else value for key, value in said.items()})
        if said
        else None,
        who,
    )


def sends(world):
    """A ticket, as a customer sends it."""
    return {
        "subject": OURS, "body": "Words.", "priority": "2", "environment": "production",
        "product": world.company.telephony.pk, "files": [],
    }  # fmt: skip


ASKED = {
    "read_me": get("/me"),
    "quote": get("/quote?priority=2&environment=production"),
    "list_tickets": get("/tickets"),
    "read_ticket": on("open"),
    "search_tickets": get(f"/search?q={OURS}"),
    "list_messages": on("open", "/messages"),
    "list_events": on("open", "/events"),
    "submit_ticket": Asked("post", lambda _: "/tickets", 201, sends),
    "write_message": deed("open", "messages", 201, body="Words.", files=[]),
    "write_note": deed("open", "notes", 201, body="Between us.", files=[]),
}
STATUSES = {("submit_ticket", role): 422 for role in VENDORS}
"""Where the same words come to something else for some: whoever works for the vendor has to say for whom she sends."""
