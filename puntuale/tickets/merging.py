"""Two tickets about one thing become one, and two again (rule 12)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from django.db import transaction

from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.facts import Debt, Phase
from puntuale.guarantee.recorded import debt_as_facts
from puntuale.guarantee.story import Story, debt_of
from puntuale.people.models import Person
from puntuale.tickets.coverage import catch_up
from puntuale.tickets.events import locked_pair, locked_together, record, story_of
from puntuale.tickets.models import Event, Follower, Kind, Ticket
from puntuale.tickets.reading import with_merged
from puntuale.tickets.rights import agents_only
from puntuale.tickets.waiting import waited_before


class CannotMerge(ValueError):
    """These two cannot become one, by the rule named: `same`, `organisation`, `closed`, `not_merged`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def merge(ticket: Ticket, *, into: Ticket, by: Person, at: datetime) -> Ticket:
    """Return the ticket that remains. The merged one's promise ends, and the other owes what was unmet of it.

    It is open again where it was not: waiting for the customer, or resolved. What was missed before stays missed where
    it was. The customer of the merged one follows the other, and their further messages go there. Raises NotAnAgent,
    CannotMerge.
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
        owed = [debt_as_facts(debt) for debt in _owed(ticket, story_of(ticket))]
        was = {"was": into.phase} if owed and into.phase != Phase.OPEN else {}
        ticket.merged_into = into
        ticket.save(update_fields=["merged_into"])
        event = record(ticket, Kind.MERGED, at=at, by=by, facts={"into": into.pk})
        record(into, Kind.TOOK_OVER, at=at, by=by, facts={"from": ticket.pk, "owed": owed} | was)
        Follower.objects.get_or_create(
            ticket=into, person=ticket.requester, defaults={"since": event.at, "added_by": by}
        )
        return into


def unmerge(ticket: Ticket, *, by: Person, at: datetime) -> Ticket:
    """Return the ticket on its own again, with the promise it had, unless the other was answered for both meanwhile.

    The other owes what it would if it had never been merged, and so does each that it was merged into since. Raises
    NotAnAgent, CannotMerge.
    """
    agents_only(by)
    with transaction.atomic():
        way = _locked_way(ticket)
        ticket, other = way[:2]
        merged_at, parts, since = ticket.phase_since, with_merged(ticket), list(_meanwhile(way))
        answered_at = min(_answers(since), default=None)
        has_written = any(event.kind == Kind.CUSTOMER_WROTE for event in since)
        ticket.merged_into = None
        ticket.save(update_fields=["merged_into"])
        waits = not has_written and waited_before(ticket, Kind.MERGED)
        facts = {"from": other.pk, "answered_at": answered_at.isoformat() if answered_at else None, "waits": waits}
        record(ticket, Kind.UNMERGED, at=at, by=by, facts=facts)
        catch_up(ticket, since=merged_at, at=at)
        for one in way[1:]:
            record(one, Kind.GAVE_BACK, at=at, by=by, facts={"to": ticket.pk, "of": parts})
        Follower.objects.filter(ticket=other, person=ticket.requester, since=merged_at).delete()
        return ticket


def _owed(ticket: Ticket, story: Story) -> Iterator[Debt]:
    """Yield what another ticket takes over: the answer that is owed here, and what earlier merges brought."""
    first, following = story.first_response, story.courses.get(Metric.NEXT_RESPONSE)
    owes_first = first.is_open and not first.is_answered
    if owes_first or (following is not None and following.owed_by is not None):
        yield story.own_debt(ticket.pk)
    for of, promise in story.debts.items():
        if of != ticket.pk:
            yield debt_of(of, promise)


def _locked_way(ticket: Ticket) -> Sequence[Ticket]:
    """Return a merged ticket, the one it went into, and so on to the one that remains, all locked.

    Raises CannotMerge where it is merged into none.
    """
    rows = locked_together(ticket)
    way = [rows[ticket.pk]]
    while (onward := way[-1].merged_into_id) is not None:
        way.append(rows[onward])
    if len(way) == 1:
        raise CannotMerge("not_merged")
    return way


def _meanwhile(way: Sequence[Ticket]) -> Iterator[Event]:
    """Yield what happened since the first ticket of a way was merged where it had gone, and where that went on to.

    Events stand in the order in which they were recorded, whatever instants were asked for.
    """
    for passed, into in pairwise(way):
        came = into.events.filter(kind=Kind.TOOK_OVER, facts__from=passed.pk).latest("number")
        yield from into.events.filter(number__gt=came.number)


def _answers(events: Iterable[Event]) -> Iterator[datetime]:
    """Yield when there were answers. What was merged on and came back had been answered there if the event says so."""
    for event in events:
        if event.kind == Kind.ANSWERED:
            yield event.at
        elif event.kind == Kind.UNMERGED and event.facts.get("answered_at"):
            yield datetime.fromisoformat(event.facts["answered_at"])
