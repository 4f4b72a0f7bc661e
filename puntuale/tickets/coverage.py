"""A plan that is bought while tickets are open (rule 10)."""

from datetime import datetime

from django.db import transaction

from puntuale.agreements.reading import agreement_in_force, plan_in_force
from puntuale.guarantee.facts import Covered, Phase
from puntuale.people.models import Organisation
from puntuale.tickets.events import locked, record, story_of
from puntuale.tickets.models import Kind, Ticket


def cover(organisation: Organisation, *, at: datetime) -> list[Ticket]:
    """Return the open tickets of an organisation that its present plan brings forward, after doing so.

    From no guarantee to a covered plan the clock starts now. Nothing ever gets later: an expiry or a lesser plan
    touches no open promise.
    """
    plan = plan_in_force(organisation, at)
    if plan is None:
        return []
    version = agreement_in_force(at).version
    brought = []
    open_ones = Ticket.objects.filter(organisation=organisation, phase__in=(Phase.OPEN, Phase.WAITING))
    for ticket in open_ones.order_by("pk"):
        with transaction.atomic():
            row = locked(ticket)
            if _covered(row, version=version, plan=plan, at=at):
                brought.append(row)
    return brought


def catch_up(ticket: Ticket, *, at: datetime) -> None:
    """Bring a locked ticket that was away forward by the plan that was bought meanwhile, from now on (rule 10)."""
    plan = plan_in_force(ticket.organisation, at)
    if plan is not None and plan != ticket.plan and ticket.phase in {Phase.OPEN, Phase.WAITING}:
        _covered(ticket, version=agreement_in_force(at).version, plan=plan, at=at)


def _covered(row: Ticket, *, version: int, plan: str, at: datetime) -> bool:
    bought = Covered(at=max(at, row.last_event_at), version=version, plan=plan)
    if story_of(row, bought).courses == story_of(row).courses:
        return False
    record(row, Kind.COVERED, at=at, by=None, facts={"version": version, "plan": plan})
    return True
