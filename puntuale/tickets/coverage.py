"""What brings open promises forward: a plan that is bought while tickets are open (rule 10), and whatever else does."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import NamedTuple

from django.db import transaction

from puntuale.agreements.reading import agreement_in_force, agreement_of, plan_in_force
from puntuale.guarantee.facts import Debt, Phase
from puntuale.guarantee.recorded import Recorded, as_facts, debt_as_facts
from puntuale.guarantee.retargeting import AgreementOf
from puntuale.guarantee.story import Story, fold
from puntuale.people.models import AuditEntry, Organisation, Person
from puntuale.tickets.events import facts_of, locked_together, record, story_of
from puntuale.tickets.models import Kind, Ticket
from puntuale.tickets.reading import with_merged

ASKED = "promises_brought_forward"
"""What the audit log calls that a manager asked for it (rule 11)."""


class Coming(NamedTuple):
    """A ticket that something brings forward: what its event tells, and its story before and after that."""

    ticket: Ticket
    facts: Mapping[str, object]
    before: Story
    after: Story


def cover(organisation: Organisation, *, at: datetime) -> list[Ticket]:
    """Return the open tickets of an organisation that its present plan brings forward, after doing so.

    From no guarantee to a covered plan the clock starts now. Nothing ever gets later: an expiry or a lesser plan
    touches no open promise.
    """
    plan = plan_in_force(organisation, at)
    if plan is None:
        return []
    told = {"version": agreement_in_force(at).version, "plan": plan}
    open_ones = Ticket.objects.filter(organisation=organisation, phase__in=(Phase.OPEN, Phase.WAITING))
    brought = [bring_forward(ticket, Kind.COVERED, told, by=None, at=at) for ticket in open_ones.order_by("pk")]
    return [ticket for ticket in brought if ticket is not None]


def catch_up(ticket: Ticket, *, since: datetime, at: datetime) -> None:
    """Bring a locked ticket that was away since an instant forward by what was bought and asked for meanwhile.

    It counts from now on (rules 10 and 11).
    """
    if ticket.phase not in {Phase.OPEN, Phase.WAITING}:
        return
    plan = plan_in_force(ticket.organisation, at)
    if plan is not None and plan != ticket.plan:
        told = {"version": agreement_in_force(at).version, "plan": plan}
        _bring_alone(ticket, Kind.COVERED, told, by=None, at=at)
    for asked in AuditEntry.objects.filter(
        action=ASKED, at__gte=since, at__lte=at, details__has_key="version"
    ).order_by("pk"):
        told = {"version": asked.details["version"]}
        _bring_alone(ticket, Kind.RENEWED, told, by=asked.by, at=at)


def bring_forward(
    ticket: Ticket, kind: Kind, told: Mapping[str, object], *, by: Person | None, at: datetime
) -> Ticket | None:
    """Return an open ticket after what an event tells brought it forward, or None where it does not.

    So does what was merged into it and is owed here still, each by its own terms and in its own story. Of a ticket that
    was merged a moment ago it is the one that remains.
    """
    with transaction.atomic():
        rows = locked_together(*Ticket.objects.filter(pk__in=with_merged(ticket)))
        row = rows[ticket.pk]
        if row.merged_into_id is None:
            if row.phase not in {Phase.OPEN, Phase.WAITING}:
                return None
            when = max(at, *(one.last_event_at for one in rows.values()))
            coming = coming_forward(row, list(rows.values()), Recorded(kind, when, told), cache(agreement_of))
            return row if row in _record_all(coming, kind, by=by, at=when) else None
    return bring_forward(rows[row.merged_into_id], kind, told, by=by, at=at)


def coming_forward(ticket: Ticket, rows: Sequence[Ticket], event: Recorded, published: AgreementOf) -> Sequence[Coming]:
    """Return what an event would bring forward of a ticket and of what was merged into it and is owed there still.

    What went in first comes first. `rows` are all these tickets.
    """
    return _coming(ticket, rows, story_of(ticket).debts, event, published)[0]


def _coming(
    row: Ticket, rows: Sequence[Ticket], owed: Collection[int], event: Recorded, published: AgreementOf
) -> tuple[list[Coming], list[Debt]]:
    found, debts = list[Coming](), list[Debt]()
    for one in rows:
        if one.merged_into_id == row.pk:
            coming, further = _coming(one, rows, owed, event, published)
            found, debts = found + coming, debts + further
    if not (debts or row.pk in owed or row.merged_into_id is None):
        return found, debts
    facts = dict(event.facts) | ({"owed": [debt_as_facts(debt) for debt in debts]} if debts else {})
    known = facts_of(row)
    before, after = fold(known, published), fold([*known, *as_facts([replace(event, facts=facts)])], published)
    if debts or (before.courses, before.debts) != (after.courses, after.debts):
        found.append(Coming(row, facts, before, after))
        if row.pk in owed:
            debts.append(after.own_debt(row.pk))
    return found, debts


def _bring_alone(ticket: Ticket, kind: Kind, told: Mapping[str, object], *, by: Person | None, at: datetime) -> None:
    when = max(at, ticket.last_event_at)
    coming = coming_forward(ticket, [ticket], Recorded(kind, when, told), cache(agreement_of))
    _record_all(coming, kind, by=by, at=when)


def _record_all(coming: Sequence[Coming], kind: Kind, *, by: Person | None, at: datetime) -> list[Ticket]:
    for one in coming:
        record(one.ticket, kind, at=at, by=by, facts=one.facts)
    return [one.ticket for one in coming]
