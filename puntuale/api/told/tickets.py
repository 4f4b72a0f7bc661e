"""Tickets, as far as whoever asks may know."""

from typing import Any

from pydantic import Field

from puntuale.agreements.models import Product
from puntuale.api.told.people import OrganisationNamed, PersonNamed
from puntuale.api.told.promises import PromiseShort, PromiseTold
from puntuale.api.values import Instant, Told
from puntuale.guarantee.facts import Phase
from puntuale.looks.requests import language
from puntuale.people.models import Person
from puntuale.tickets import timeline
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import Standing


class ProductNamed(Told):
    """A product by its name."""

    id: int
    name: str
    stage: str

    @classmethod
    def of(cls, product: Product) -> "ProductNamed":
        """Return it as it is told."""
        return cls(id=product.pk, name=product.name, stage=product.stage)


class TicketLine(Told):
    """A ticket in a list."""

    number: int
    subject: str = Field(examples=["Calls drop"])
    phase: Phase
    phase_since: Instant
    priority: str = Field(examples=["2"])
    plan: str | None = Field(examples=["professional"])
    environment: str = Field(examples=["production"])
    organisation: OrganisationNamed
    requester: PersonNamed
    assignee: PersonNamed | None = Field(examples=[None], description="Who takes care of it; customers are not told.")
    submitted_at: Instant
    answered_at: Instant | None = Field(
        description="When the first response was given. Empty until then, and again while this ticket owes the answer "
        "of one that was merged into it: after that answer, or without the merge, it is the same instant as before."
    )
    due_at: Instant | None = Field(description="By when the promise that falls due first must be kept.")
    promise: PromiseShort = Field(description="The promise of the first response.")

    @classmethod
    def of(cls, standing: Standing, reader: Person) -> "TicketLine":
        """Return it as it is told."""
        return cls(**_line(standing.ticket, reader), promise=PromiseShort.of(standing))


class TicketTold(TicketLine):
    """A ticket with its promises, each with the worked sum of its due time."""

    version: int = Field(
        description="Another number whenever something happens to the ticket that you are told: so its ETag is another."
    )
    product: ProductNamed | None
    merged_into: int | None = Field(examples=[None], description="The ticket that this one was merged into.")
    promise: PromiseTold
    goals: list[PromiseTold] = Field(description="Goals that the agreement adds to the guarantee.")

    @classmethod
    def told(cls, standing: Standing, reader: Person) -> "TicketTold":
        """Return it as it is told."""
        ticket = standing.ticket
        return cls(
            **_line(ticket, reader),
            version=timeline.version_for(ticket, reader),
            product=ProductNamed.of(ticket.product) if ticket.product else None,
            merged_into=ticket.merged_into_id,
            promise=PromiseTold.told(standing, language()),
            goals=[PromiseTold.told(goal, language()) for goal in standing.goals],
        )


def _line(ticket: Ticket, reader: Person) -> dict[str, Any]:
    in_hand = ticket.assignee if reader.works_for_vendor else None
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "phase": Phase(ticket.phase),
        "phase_since": ticket.phase_since,
        "priority": ticket.priority,
        "plan": ticket.plan,
        "environment": ticket.environment,
        "organisation": OrganisationNamed.of(ticket.organisation),
        "requester": PersonNamed.of(ticket.requester),
        "assignee": PersonNamed.of(in_hand) if in_hand else None,
        "submitted_at": ticket.submitted_at,
        "answered_at": ticket.answered_at,
        "due_at": ticket.due_at,
    }
