"""Changing a ticket's priority: fairly, with a reason, told to the customer, and impossible to abuse (rule 9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee.facts import Phase, Reclassified
from puntuale.guarantee.promise import Promise
from puntuale.guarantee.retargeting import is_raise
from puntuale.people.models import Person
from puntuale.people.rights import are_two
from puntuale.tickets import limits, texts
from puntuale.tickets.events import locked, record, story_of
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport, Kind, Lowering, Reclassification, Ticket
from puntuale.tickets.priorities import (
    NoChange,
    PriorityChanged,
    agreement_for,
    allowed,
    changed,
    needs_manager,
    refuse_contradiction,
    terms_in_force,
    was_lowered,
)
from puntuale.tickets.rights import NotAManager, agents_only, customers_only, managers_only, still_alive

APART_FOR = timedelta(days=30)
"""Whoever let a colleague in, or gave them another address, within that time before is no second person with them."""


class NotARaise(ValueError):
    """Reporting that the impact grew leads to a more urgent priority only."""


class SecondPersonNeeded(ValueError):
    """A lowering of this ticket waits for a manager already."""


class AlreadyDecided(ValueError):
    """Somebody has decided this a moment ago."""


class DisagreedAlready(ValueError):
    """The customer has disagreed with this change before."""


class NotOpen(ValueError):
    """The ticket is not open, so nothing is left to make more urgent."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A change of priority before it is made: old and new promise side by side, and whether a manager must confirm."""

    before: Promise
    after: Promise
    due_before: datetime | None
    due_after: datetime | None
    raises: bool
    needs_manager: bool
    still_owed: bool


def preview(ticket: Ticket, *, to: str, at: datetime, environment: str | None = None) -> Preview:
    """Return what a change would do now, without doing it. Raises NoChange, UnknownTerm, PriorityBarred."""
    story = story_of(ticket)
    agreement = agreement_of(story.version)
    chosen = allowed(ticket, agreement, to, environment)
    when = max(at, ticket.last_event_at)
    in_force = terms_in_force(ticket, at=when)
    after = story_of(ticket, Reclassified(at=when, priority=chosen.key, in_force=in_force))
    return Preview(
        before=story.first_response.current,
        after=after.first_response.current,
        due_before=story.first_response.owed_by,
        due_after=after.first_response.owed_by,
        raises=is_raise(agreement, was=ticket.priority, to=chosen.key),
        needs_manager=needs_manager(story, was=ticket.priority, to=chosen.key, at=when),
        still_owed=story.first_response.is_open,
    )


def reclassify(
    ticket: Ticket,
    *,
    to: str,
    because: Grounds,
    telling: str,
    by: Person,
    at: datetime,
    environment: str | None = None,
    was: str | None = None,
) -> Reclassification | Lowering:
    """Return the change an agent made, or the lowering that waits for a manager because little time is left.

    `telling` is what the customer reads. `environment` corrects where the problem shows, which decides what may be
    chosen. `was` is the priority that the agent believes the ticket has: a raise must not become a lowering because
    somebody was faster. Raises NotAnAgent, TextRefused, PriorityChanged, NoChange, UnknownTerm, PriorityBarred,
    ReasonContradicts, SecondPersonNeeded, ClosedForGood.
    """
    agents_only(by)
    said = texts.explanation(telling)
    with transaction.atomic():
        ticket = locked(ticket)
        still_alive(ticket)
        story = story_of(ticket)
        agreement = agreement_of(story.version)
        chosen = allowed(ticket, agreement, to, environment)
        if was is not None and was != ticket.priority:
            raise PriorityChanged(ticket.priority)
        refuse_contradiction(ticket, agreement, to=chosen.key, because=because, environment=environment)
        when = max(at, ticket.last_event_at)
        if needs_manager(story, was=ticket.priority, to=chosen.key, at=when):
            return _proposed(
                ticket, to=chosen.key, because=because, said=said, by=by, at=at, environment=environment or ""
            )
        return changed(ticket, to=chosen.key, because=because, said=said, by=by, at=at, environment=environment)


def confirm(lowering: Lowering, *, by: Person, at: datetime) -> Reclassification:
    """Return the change that a second person confirmed: a manager who did not propose it.

    Raises NotAManager, AlreadyDecided, ClosedForGood, NoChange, and PriorityChanged where it would be a raise by now.
    """
    _second_person(lowering, by)
    with transaction.atomic():
        ticket = locked(lowering.ticket)
        still_alive(ticket)
        _decide(Lowering, lowering.pk, by=by, at=at, confirmed=True)
        if ticket.priority == lowering.to:
            raise NoChange(lowering.to)
        if is_raise(agreement_for(ticket), was=ticket.priority, to=lowering.to):
            raise PriorityChanged(ticket.priority)
        return changed(
            ticket,
            to=lowering.to,
            because=Grounds(lowering.grounds),
            said=lowering.text,
            by=by,
            at=at,
            asked_by=lowering.by,
            environment=lowering.environment or None,
        )


def decline(lowering: Lowering, *, by: Person, at: datetime) -> None:
    """Let a ticket keep its priority. Raises NotAManager, AlreadyDecided.

    Whoever proposed the lowering may take it back herself.
    """
    if by.pk != lowering.by_id:
        managers_only(by)
    with transaction.atomic():
        ticket = locked(lowering.ticket)
        _decide(Lowering, lowering.pk, by=by, at=at, confirmed=False)
        record(ticket, Kind.LOWERING_DECLINED, at=at, by=by, facts={"to": lowering.to, "lowering": lowering.pk})


def disagree(change: Reclassification, *, text: str, by: Person, at: datetime) -> Disagreement:
    """Return a customer's disagreement with a change of ours, for the managers to look at. Once for each change.

    Raises NotTheCustomer, TextRefused, DisagreedAlready.
    """
    customers_only(by, change.ticket)
    said = texts.explanation(text, may_be_empty=True)
    with transaction.atomic():
        ticket = locked(change.ticket)
        if not change.by.works_for_vendor or Disagreement.objects.filter(reclassification=change).exists():
            raise DisagreedAlready(change.pk)
        found = Disagreement.objects.create(reclassification=change, ticket=ticket, text=said, by=by, at=at)
        record(ticket, Kind.DISAGREED, at=at, by=by, facts={"reclassification": change.pk})
        return found


def uphold(disagreement: Disagreement, *, telling: str, by: Person, at: datetime) -> Disagreement:
    """Return the disagreement decided for the customer: the priority she had comes back, with the promise it had.

    Where the priority has changed again since, it is left as it is. Raises NotAManager, TextRefused, AlreadyDecided.
    """
    return _judged(disagreement, telling=telling, upheld=True, by=by, at=at)


def overrule(disagreement: Disagreement, *, telling: str, by: Person, at: datetime) -> Disagreement:
    """Return the disagreement decided against the customer, with the reason. Raises likewise."""
    return _judged(disagreement, telling=telling, upheld=False, by=by, at=at)


def report_impact(ticket: Ticket, *, to: str, text: str, by: Person, at: datetime) -> ImpactReport:
    """Return a customer's report that the impact grew. It takes effect at once, as a claim that will be checked.

    Where we had lowered the ticket before, it waits for an agent; if she follows it, the new time counts from now.
    Raises NotTheCustomer, TextRefused, NotOpen, NotARaise, UnknownTerm, PriorityBarred, AlreadyDecided, TooMany.
    """
    customers_only(by, ticket)
    said = texts.explanation(text)
    with transaction.atomic():
        ticket = locked(ticket)
        if ticket.phase not in {Phase.OPEN, Phase.WAITING}:
            raise NotOpen(ticket.pk)
        agreement = agreement_for(ticket)
        chosen = allowed(ticket, agreement, to, None, otherwise=NotARaise)
        if not is_raise(agreement, was=ticket.priority, to=chosen.key):
            raise NotARaise(chosen.key)
        if ticket.impact_reports.filter(decided_at=None).exists():
            raise AlreadyDecided(ticket.pk)
        most_urgent = agreement.priorities[0].key
        if chosen.key == most_urgent:
            limits.refuse_too_many_tickets(by, is_urgent=True, most_urgent=most_urgent, at=at)
        report = ImpactReport.objects.create(ticket=ticket, to=chosen.key, text=said, by=by, at=at)
        if was_lowered(ticket, agreement):
            record(ticket, Kind.IMPACT_REPORTED, at=at, by=by, facts={"to": chosen.key, "report": report.pk})
        else:
            changed(ticket, to=chosen.key, because=Grounds.IMPACT_GREW, said=said, by=by, at=at)
            _settle(report, raised=True, answer="", by=None, at=at)
        return report


def accept(report: ImpactReport, *, telling: str, by: Person, at: datetime) -> Reclassification:
    """Return the raise that follows a report, counted from when the customer made it.

    Raises NotAnAgent, TextRefused, AlreadyDecided, NoChange, ClosedForGood.
    """
    agents_only(by)
    said = texts.explanation(telling)
    with transaction.atomic():
        ticket = locked(report.ticket)
        still_alive(ticket)
        if not is_raise(agreement_for(ticket), was=ticket.priority, to=report.to):
            raise NoChange(report.to)
        _settle(report, raised=True, answer=said, by=by, at=at)
        return changed(ticket, to=report.to, because=Grounds.IMPACT_GREW, said=said, by=by, at=at, claimed_at=report.at)


def turn_down(report: ImpactReport, *, telling: str, by: Person, at: datetime) -> None:
    """Let the ticket keep its priority, and tell the customer why. Raises NotAnAgent, TextRefused, AlreadyDecided."""
    agents_only(by)
    said = texts.explanation(telling)
    with transaction.atomic():
        ticket = locked(report.ticket)
        _settle(report, raised=False, answer=said, by=by, at=at)
        record(ticket, Kind.IMPACT_DECLINED, at=at, by=by, facts={"to": report.to, "report": report.pk})


def _proposed(
    ticket: Ticket, *, to: str, because: Grounds, said: str, by: Person, at: datetime, environment: str
) -> Lowering:
    if ticket.lowerings.filter(decided_at=None).exists():
        raise SecondPersonNeeded(ticket.pk)
    lowering = Lowering.objects.create(
        ticket=ticket, to=to, grounds=because, text=said, environment=environment, by=by, at=at
    )
    facts = {"to": to, "because": because.value, "lowering": lowering.pk}
    record(ticket, Kind.LOWERING_PROPOSED, at=at, by=by, facts=facts)
    return lowering


def _second_person(lowering: Lowering, by: Person) -> None:
    managers_only(by)
    if not are_two(lowering.by, by, since=lowering.at - APART_FOR):
        raise NotAManager(by.pk)


def _decide(table: type[Lowering] | type[Disagreement], key: int, *, by: Person, at: datetime, **how: object) -> None:
    if table.objects.filter(pk=key, decided_at=None).update(decided_at=at, decided_by=by, **how) != 1:
        raise AlreadyDecided(key)


def _judged(disagreement: Disagreement, *, telling: str, upheld: bool, by: Person, at: datetime) -> Disagreement:
    managers_only(by)
    said = texts.explanation(telling)
    with transaction.atomic():
        ticket = locked(disagreement.ticket)
        _decide(Disagreement, disagreement.pk, by=by, at=at, upheld=upheld, answer=said)
        change = disagreement.reclassification
        facts = {"reclassification": change.pk, "upheld": upheld}
        record(ticket, Kind.DISAGREEMENT_DECIDED, at=at, by=by, facts=facts)
        is_alive = ticket.phase not in {Phase.MERGED, Phase.CANCELLED}
        if upheld and is_alive and ticket.priority == change.became:
            changed(ticket, to=change.was, because=Grounds.OUR_MISTAKE, said=said, by=by, at=at)
    disagreement.refresh_from_db()
    return disagreement


def _settle(report: ImpactReport, *, raised: bool, answer: str, by: Person | None, at: datetime) -> None:
    undecided = ImpactReport.objects.filter(pk=report.pk, decided_at=None)
    if undecided.update(decided_at=at, decided_by=by, raised=raised, answer=answer) != 1:
        raise AlreadyDecided(report.pk)
    report.refresh_from_db()
