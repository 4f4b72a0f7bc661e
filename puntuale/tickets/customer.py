"""What an agent should know about a customer: plan, open promises, past tickets, how well we kept our word."""

from dataclasses import dataclass
from datetime import datetime

from puntuale.agreements.models import Contract
from puntuale.agreements.reading import contract_in_force
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import State
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import first_responses

LISTED = 5
LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation at a glance, at an instant. `kept` of `judged` first responses, at most fifty, were in time."""

    at: datetime
    contract: Contract | None
    open_promises: list[Ticket]
    past: list[Ticket]
    kept: int
    judged: int


def about(ticket: Ticket, *, at: datetime) -> Customer:
    """Return what there is to know about a ticket's organisation. Looks at its latest tickets only."""
    tickets = Ticket.objects.filter(organisation=ticket.organisation_id).exclude(pk=ticket.pk)
    waiting = list(tickets.filter(phase=Phase.OPEN, due_at__isnull=False).order_by("due_at", "pk")[:LISTED])
    # Of so many rows only what is shown, and of their promises only how they went.
    latest = list(tickets.filter(answered_at__isnull=False).only("subject", "phase").order_by("-pk")[:LOOKED_AT])
    states = [course.state(at=at) for course in first_responses(latest)]
    judged = [state for state in states if state in {State.MET, State.MET_LATE, State.MISSED}]
    return Customer(
        at,
        contract_in_force(ticket.organisation, at),
        waiting,
        latest[:LISTED],
        sum(state is State.MET for state in judged),
        len(judged),
    )
