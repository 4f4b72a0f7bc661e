"""The change of a priority itself: what may be chosen, whether a manager must confirm, and the change that is kept."""

from datetime import datetime

from puntuale.agreements.reading import agreement_in_force, agreement_of, plan_in_force
from puntuale.guarantee.agreement import Agreement, Priority, PriorityBarred
from puntuale.guarantee.facts import Terms
from puntuale.guarantee.retargeting import is_raise, needs_second_person
from puntuale.guarantee.story import Story
from puntuale.people.models import Person
from puntuale.tickets.events import record, story_of
from puntuale.tickets.models import Grounds, Kind, Reclassification, Ticket


class NoChange(ValueError):
    """The ticket has that priority already."""


class PriorityChanged(ValueError):
    """The ticket has another priority than whoever changes it believes; theirs would mean something else now."""


class ReasonContradicts(ValueError):
    """A reason that cannot be the one, by the rule named: `direction`, `environment`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


FOR_RAISES = frozenset({Grounds.IMPACT_GREW})
FOR_LOWERINGS = frozenset(
    {Grounds.NOT_PRODUCTION, Grounds.HOW_TO, Grounds.WORKAROUND, Grounds.IMPACT_FELL, Grounds.DUPLICATE}
)
"""Reasons that say by themselves which way a priority goes."""


def refuse_contradiction(
    ticket: Ticket, agreement: Agreement, *, to: str, because: Grounds, environment: str | None
) -> None:
    """Raise ReasonContradicts for a reason that fits neither the direction of a change nor where the problem shows."""
    raises = is_raise(agreement, was=ticket.priority, to=to)
    if because in (FOR_LOWERINGS if raises else FOR_RAISES):
        raise ReasonContradicts("direction")
    if because is Grounds.NOT_PRODUCTION and agreement.is_production(environment or ticket.environment):
        raise ReasonContradicts("environment")


def fitting(ticket: Ticket, agreement: Agreement, *, to: str, environment: str) -> list[Grounds]:
    """Return the reasons that a change can have. Without another priority they may be those of either direction."""
    chosen = [to] if to else [priority.key for priority in agreement.priorities]
    return [
        one
        for one in Grounds
        if any(
            _fits(ticket, agreement, to=key, because=one, environment=environment)
            for key in chosen
            if key != ticket.priority
        )
    ]


def _fits(ticket: Ticket, agreement: Agreement, *, to: str, because: Grounds, environment: str) -> bool:
    try:
        refuse_contradiction(ticket, agreement, to=to, because=because, environment=environment)
    except ReasonContradicts:
        return False
    return True


def agreement_for(ticket: Ticket) -> Agreement:
    """Return the agreement that a ticket is bound to: that of its submission, or of a plan bought since."""
    return agreement_of(story_of(ticket).version)


def allowed(
    ticket: Ticket,
    agreement: Agreement,
    to: str,
    environment: str | None,
    otherwise: type[ValueError] = NoChange,
) -> Priority:
    """Return a priority that a ticket may come to have. Raises UnknownTerm, PriorityBarred, or `otherwise`."""
    chosen = agreement.priority(to)
    if chosen.key == ticket.priority:
        raise otherwise(to)
    place = agreement.environment(environment or ticket.environment)
    if not agreement.allows(chosen, place.key):
        raise PriorityBarred(
            chosen, place, tuple(other for other in agreement.priorities if agreement.allows(other, place.key))
        )
    return chosen


def needs_manager(story: Story, *, was: str, to: str, at: datetime) -> bool:
    """Tell whether a change is a lowering that a second person must confirm, for whatever is owed (rule 9)."""
    if is_raise(agreement_of(story.version), was=was, to=to):
        return False
    courses = story.courses.values()
    return any(needs_second_person(course, agreement_of(course.current.version), at=at) for course in courses)


def was_lowered(ticket: Ticket, agreement: Agreement) -> bool:
    """Tell whether a ticket has been made less urgent before."""
    changes = ticket.reclassifications.values_list("was", "became")
    return any(not is_raise(agreement, was=was, to=became) for was, became in changes)


def terms_in_force(ticket: Ticket, *, at: datetime, claimed_at: datetime | None = None) -> Terms | None:
    """Return version and plan in force where the organisation has another plan by now than the ticket (rule 10).

    They count from the claim where the plan was in force then, else from the change, as a plan that is bought does.
    """
    version = agreement_in_force(at).version
    plan = plan_in_force(ticket.organisation, at)
    if plan is None or plan == ticket.plan:
        return None
    held = claimed_at is not None and plan_in_force(ticket.organisation, claimed_at) == plan
    return Terms(version=version, plan=plan, since=claimed_at if held and claimed_at is not None else at)


def changed(
    ticket: Ticket,
    *,
    to: str,
    because: Grounds,
    said: str,
    by: Person,
    at: datetime,
    asked_by: Person | None = None,
    claimed_at: datetime | None = None,
    environment: str | None = None,
) -> Reclassification:
    """Return a change of priority after it was made and recorded. The ticket must be locked."""
    was = ticket.priority
    corrected = {"environment": environment} if environment not in {None, ticket.environment} else {}
    if corrected:
        ticket.environment = str(environment)
        ticket.save(update_fields=["environment"])
    facts: dict[str, object] = {
        "was": was,
        "priority": to,
        "because": because.value,
        "claimed_at": claimed_at.isoformat() if claimed_at else None,
    }
    if terms := terms_in_force(ticket, at=max(at, ticket.last_event_at), claimed_at=claimed_at):
        facts |= {"version": terms.version, "plan": terms.plan, "counts_from": terms.since.isoformat()}
    event = record(ticket, Kind.RECLASSIFIED, at=at, by=by, facts=facts | corrected)
    return Reclassification.objects.create(
        event=event,
        ticket=ticket,
        was=was,
        became=to,
        grounds=because,
        text=said,
        by=by,
        asked_by=asked_by,
        at=event.at,
    )
