"""Who is told at a level: the listeners that the agreement names, as persons."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from puntuale.people.models import MANAGING_ROLES, VENDOR_ROLES, Person
from puntuale.tickets.models import Ticket

OnCall = Callable[[Ticket, datetime], Sequence[Person]]


def nobody(ticket: Ticket, at: datetime) -> Sequence[Person]:  # noqa: ARG001
    """Tell that nobody is on call, where there are no rotas."""
    return ()


on_call: list[OnCall] = [nobody]
"""Who is on call for a ticket at an instant, asked in turn until somebody is. The room of the rotas adds its answer."""


@dataclass(slots=True)
class Listeners:
    """The persons of one round, asked for once. Whoever has left is told nothing."""

    at: datetime
    _team: list[Person] = field(default_factory=list)

    def persons(self, ticket: Ticket, tell: Iterable[str]) -> list[Person]:
        """Return whom to tell, each once. A level that would tell nobody tells the team, and without one the managers.

        So a ticket that nobody has taken is the team's, and an on-call list with a gap is the managers'.
        """
        found: dict[int, Person] = {}
        for listener in tell:
            found |= {person.pk: person for person in self._asked(listener, ticket)}
        return list(found.values()) or self._agents() or self._managers()

    def _asked(self, listener: str, ticket: Ticket) -> Sequence[Person]:
        if listener == "assignee":
            return [ticket.assignee] if ticket.assignee and ticket.assignee.is_active else []
        if listener == "on_call":
            answers = (who(ticket, self.at) for who in reversed(on_call))
            return next((people for people in answers if people), self._managers())
        return self._managers() if listener == "manager" else self._agents()

    def _everybody(self) -> list[Person]:
        if not self._team:
            self._team = list(Person.objects.filter(role__in=VENDOR_ROLES, left_at=None))
        return self._team

    def _agents(self) -> list[Person]:
        return [person for person in self._everybody() if person.role not in MANAGING_ROLES]

    def _managers(self) -> list[Person]:
        return [person for person in self._everybody() if person.manages]
