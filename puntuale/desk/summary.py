"""What stands above a queue: how many tickets there are in it, and how many of them need somebody soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import ngettext

from puntuale.desk.menu import at_most
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import COUNTED_TO, OPEN_VIEWS, Counts, View, in_view

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands above a queue: how many tickets, up to a thousand; and how many are missed or due within the hour.

    What nobody counts is None.
    """

    total: int | None
    missed: int | None = None
    within_the_hour: int | None = None


def of_some(narrowed: QuerySet[Ticket], view: View, *, by: Person, at: datetime) -> Summary:
    """Return what stands above a queue that is narrowed to some tickets."""
    found = in_view(narrowed, view, by=by, at=at)
    if view not in OPEN_VIEWS:
        return Summary(_up_to(found))
    soon = found.filter(due_at__gte=at, due_at__lt=at + AN_HOUR)
    return Summary(_up_to(found), _up_to(found.filter(due_at__lt=at)), _up_to(soon))


def of_all(view: View, counted: Counts) -> Summary:
    """Return what stands above a queue that is not narrowed: what was counted anyway."""
    if view is View.DUE:
        return Summary(counted.due, counted.missed, counted.within_the_hour)
    return Summary(getattr(counted, view.name.lower(), None))


def _up_to(found: QuerySet[Ticket]) -> int:
    return found.order_by()[:COUNTED_TO].count()


def summed(summary: Summary) -> str:
    """Return what stands above a queue, in words; nothing where nobody counts."""
    if summary.total is None:
        return ""
    if summary.missed is None or summary.within_the_hour is None:
        return ngettext("%(number)s ticket", "%(number)s tickets", summary.total) % {"number": at_most(summary.total)}
    parts = (
        ngettext("%(missed)s missed", "%(missed)s missed", summary.missed) % {"missed": at_most(summary.missed)},
        ngettext(
            "%(within_the_hour)s due within the hour",
            "%(within_the_hour)s due within the hour",
            summary.within_the_hour,
        )
        % {"within_the_hour": at_most(summary.within_the_hour)},
        ngettext("%(waiting)s open", "%(waiting)s open", summary.total) % {"waiting": at_most(summary.total)},
    )
    return " · ".join(parts)
