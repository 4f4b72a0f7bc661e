"""The queue an agent works through: kept in the address of each page, so that she can go on where she was."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from puntuale.looks.requests import Admitted
from puntuale.tickets import queues
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import Filter, View
from puntuale.tickets.reading import visible_to


@dataclass(frozen=True)
class Trail:
    """A queue, and what it is narrowed to."""

    view: View = View.DUE
    narrowed: Filter = field(default_factory=Filter)

    @classmethod
    def of(cls, asked: Mapping[str, object]) -> "Trail":
        """Return the queue that an address names; the first one when it names none."""
        named = str(asked.get("queue") or "")
        return cls(View(named) if named in set(View) else View.DUE, Filter.of(asked))

    @property
    def asked(self) -> str:
        """Return the queue as the query part of a ticket's address, with its question mark; empty for the first one."""
        parts = [part for part in (self._named, self.narrowed.asked) if part]
        return "?" + "&".join(parts) if parts else ""

    @property
    def whole(self) -> str:
        """Return where the queue is with everything that stands in it."""
        return reverse("queue") if self.view is View.DUE else reverse("desk_queue", args=[self.view.value])

    @property
    def address(self) -> str:
        """Return where the queue is."""
        return self.whole + (f"?{self.narrowed.asked}" if self.narrowed.asked else "")

    def after_dealing_with(self, ticket: Ticket, request: Admitted) -> Ticket | None:
        """Return the first ticket of the queue that is not the one just dealt with, or None."""
        tickets = self.narrowed.narrowed(visible_to(request.person), request.person)
        return queues.following(tickets, ticket, self.view, by=request.person, at=request.at)

    def behind(self, ticket: Ticket, request: Admitted) -> Ticket | None:
        """Return the ticket that stands behind one in the queue, or the first, or None."""
        tickets = self.narrowed.narrowed(visible_to(request.person), request.person)
        return queues.after(tickets, ticket, self.view, by=request.person, at=request.at)

    @property
    def _named(self) -> str:
        return "" if self.view is View.DUE else f"queue={self.view.value}"
