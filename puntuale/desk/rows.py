"""Tickets as rows of a list: the promise that falls due next, who else is looking, what is to be decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from puntuale.desk.decisions import Undecided, undecided
from puntuale.guarantee.agreement import Metric
from puntuale.guarantee.facts import Phase
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.tickets import mentioning, reading
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import View
from puntuale.tickets.reading import Standing


@dataclass(frozen=True)
class Row:
    """A ticket in a list. `promise` is the one that falls due next, or that of the first response."""

    ticket: Ticket
    promise: ShownPromise
    watched: Sequence[str]
    undecided: Undecided
    mentioned_by: str

    @property
    def goal(self) -> str:
        """Return what the promise is about where it is not the first response, else nothing."""
        return "" if self.promise.standing.metric is Metric.FIRST_RESPONSE else self.promise.metric_name

    @property
    def tells_state(self) -> bool:
        """Tell whether the state of the ticket says more than the promise: answered, waiting, or over."""
        owed = self.promise.is_running or self.promise.is_missed
        return self.ticket.phase != Phase.OPEN or (self.ticket.answered_at is not None and not owed)


def rows(
    tickets: Sequence[Ticket], request: Admitted, *, view: View | None, watched: Mapping[int, list[str]]
) -> list[Row]:
    """Return some tickets as rows, in the same order, with as many queries for fifty as for five."""
    waits = undecided(tickets) if view is View.REVIEW else {}
    mentions = _mentions(request) if view is View.MENTIONS else {}
    return [
        Row(
            ticket,
            ShownPromise(_due_next(standing), language(), request.zone),
            watched.get(ticket.pk, ()),
            waits.get(ticket.pk, Undecided()),
            mentions.get(ticket.pk, ""),
        )
        for ticket, standing in zip(tickets, reading.standings(tickets, at=request.at), strict=True)
    ]


def _due_next(standing: Standing) -> Standing:
    metric = standing.ticket.due_metric
    return next((goal for goal in standing.goals if goal.metric == metric), standing)


def _mentions(request: Admitted) -> dict[int, str]:
    found = mentioning.unseen_by(request.person).select_related("message__author")[:200]
    return {one.ticket_id: one.message.author.name for one in found}
