"""Two tickets about one thing become one, and two again (rule 12)."""

from datetime import datetime

from django.db import transaction

from puntuale.guarantee.facts import Phase
from puntuale.guarantee.story import Story
from puntuale.people.models import Person
from puntuale.tickets.events import locked_pair, record, story_of
from puntuale.tickets.models import Follower, Kind, Ticket
from puntuale.tickets.rights import agents_only


class CannotMerge(ValueError):
    """These two cannot become one, by the rule named: `same`, `organisation`, `closed`, `not_merged`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def merge(ticket: Ticket, *, into: Ticket, by: Person, at: datetime) -> Ticket:
    """Return the ticket that remains. The merged one's promise ends, and the earlier unmet due time is taken over.

    What was missed before stays missed where it was. The customer of the merged one follows the other, and her further
    messages go there. Raises NotAnAgent, CannotMerge.
    """
    agents_only(by)
    if ticket.pk == into.pk:
        raise CannotMerge("same")
    with transaction.atomic():
        ticket, into = locked_pair(ticket, into)
        if ticket.organisation_id != into.organisation_id:
            raise CannotMerge("organisation")
        if not {ticket.phase, into.phase} <= {Phase.OPEN, Phase.WAITING, Phase.RESOLVED}:
            raise CannotMerge("closed")
        taken = _still_owed(story_of(ticket), at)
        ticket.merged_into = into
        ticket.save(update_fields=["merged_into"])
        event = record(ticket, Kind.MERGED, at=at, by=by, facts={"into": into.pk})
        record(into, Kind.TOOK_OVER, at=at, by=by, facts={"from": ticket.pk, **taken})
        Follower.objects.get_or_create(
            ticket=into, person=ticket.requester, defaults={"since": event.at, "added_by": by}
        )
        return into


def unmerge(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket on its own again, with the promise it had, unless the other was answered for both meanwhile.

    Raises NotAnAgent, CannotMerge.
    """
    agents_only(by)
    other = Ticket.objects.filter(merged=ticket).first()
    if other is None:
        raise CannotMerge("not_merged")
    with transaction.atomic():
        ticket, other = locked_pair(ticket, other)
        if ticket.merged_into_id != other.pk:
            # Somebody else took it back a moment ago.
            raise CannotMerge("not_merged")
        merged_at = ticket.phase_since
        answers = other.events.filter(kind=Kind.ANSWERED, at__gte=merged_at).order_by("number")
        answered_at = answers.values_list("at", flat=True).first()
        ticket.merged_into = None
        ticket.save(update_fields=["merged_into"])
        facts = {"from": other.pk, "answered_at": answered_at.isoformat() if answered_at else None}
        record(ticket, Kind.UNMERGED, at=at, by=by, facts=facts)
        record(other, Kind.GAVE_BACK, at=at, by=by, facts={"to": ticket.pk})
        Follower.objects.filter(ticket=other, person=ticket.requester, since=merged_at).delete()
        return ticket


def _still_owed(story: Story, at: datetime) -> dict[str, object]:
    """Return what another ticket takes over: the promise of a first response that is owed and not missed yet."""
    course = story.first_response
    promise = course.current
    if not course.is_open or course.lapsed_at is not None or promise.due_at is None or promise.lapsed_by(at):
        return {}
    return {
        "version": promise.version,
        "start_at": promise.start_at.isoformat(),
        "due_at": promise.due_at.isoformat(),
        "target": str(promise.target),
    }
