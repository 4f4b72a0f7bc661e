"""What waits for somebody's decision on a ticket, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _

from puntuale.tickets.models import Disagreement, ImpactReport, Kind, Lowering, Ticket
from puntuale.tickets.timeline import Story

ASKING = frozenset({Kind.LOWERING_PROPOSED, Kind.DISAGREED, Kind.IMPACT_REPORTED})
"""What happens before something is to be decided."""

Asked = TypeVar("Asked", Lowering, Disagreement, ImpactReport)


@dataclass(frozen=True)
class Undecided:
    """What waits on one ticket: at most one lowering and one report, and any number of disagreements."""

    lowerings: Sequence[Lowering] = ()
    disagreements: Sequence[Disagreement] = ()
    reports: Sequence[ImpactReport] = ()

    @property
    def sentences(self) -> list[str]:
        """Return in words what is to be decided."""
        return [
            *(_told(one, _("%(name)s proposes priority %(to)s: a manager must confirm")) for one in self.lowerings),
            *(
                _("%(name)s disagrees that priority %(was)s became %(became)s")
                % {"name": one.by.name, "was": one.reclassification.was, "became": one.reclassification.became}
                for one in self.disagreements
            ),
            *(_told(one, _("%(name)s reports more impact: priority %(to)s")) for one in self.reports),
        ]

    def __bool__(self) -> bool:
        return bool(self.lowerings or self.disagreements or self.reports)


def waiting_on(ticket: Ticket, story: Story) -> Undecided:
    """Return what waits on a ticket, whose story tells whether anything ever did."""
    if not any(entry.kind in ASKING for entry in story.entries):
        return Undecided()
    return undecided([ticket]).get(ticket.pk, Undecided())


def undecided(tickets: Sequence[Ticket]) -> dict[int, Undecided]:
    """Return what waits on each of some tickets, those with nothing left out. Three queries for all of them."""
    lowerings = Lowering.objects.filter(ticket__in=tickets, decided_at=None).select_related("by").order_by("at")
    disputes = Disagreement.objects.filter(ticket__in=tickets, decided_at=None)
    disputes = disputes.select_related("by", "reclassification__by").order_by("at")
    reports = ImpactReport.objects.filter(ticket__in=tickets, decided_at=None).select_related("by").order_by("at")
    found = {
        ticket.pk: Undecided(_of(lowerings, ticket), _of(disputes, ticket), _of(reports, ticket)) for ticket in tickets
    }
    return {number: waiting for number, waiting in found.items() if waiting}


def _of(rows: Iterable[Asked], ticket: Ticket) -> list[Asked]:
    return [one for one in rows if one.ticket_id == ticket.pk]


def _told(one: Lowering | ImpactReport, sentence: str) -> str:
    return sentence % {"name": one.by.name, "to": one.to}
