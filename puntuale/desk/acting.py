"""Doing something to a ticket from its page: going back to it afterwards, or telling there why not."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from puntuale.desk.boxes import Again
from puntuale.desk.refusals import REFUSALS, status_of, told
from puntuale.desk.ticket_page import found, page
from puntuale.desk.trail import Trail
from puntuale.looks.happenings import happening
from puntuale.looks.requests import Admitted
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Kind, Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.timeline import entries_of

STATE = (
    Kind.ASSIGNED,
    Kind.RECLASSIFIED,
    Kind.WAITED,
    Kind.RESUMED,
    Kind.RESOLVED,
    Kind.REOPENED,
    Kind.CANCELLED,
    Kind.RESTORED,
    Kind.MERGED,
    Kind.UNMERGED,
)
"""What somebody must have seen before they do something to a ticket themselves."""


def act(
    request: Admitted,
    number: int,
    deed: Callable[[Ticket], object],
    *,
    done: str,
    form: str = "deeds",
    to: int | None = None,
) -> HttpResponseBase:
    """Do something to a ticket, and return the way back to it; or its page, with the reason why it cannot be done.

    `form` names the form of the page that is shown again with what was written in it. `done` is said on success, on the
    page of the ticket with the number `to` if there is one. Nothing is done for somebody who has not seen what others
    did to the ticket meanwhile.
    """
    ticket = found(request, number)
    if news := meanwhile(request, ticket):
        again = Again(form, request.POST.dict(), [news])
        return page(request, ticket, status=HTTPStatus.CONFLICT, again=again)
    try:
        deed(ticket)
    except REFUSALS as problem:
        return refused(request, number, problem, form=form)
    messages.success(request, done)
    return back(request, to or number)


def meanwhile(request: Admitted, ticket: Ticket) -> str:
    """Tell what others did to a ticket since the page was made that a form stood on; empty if nothing that matters."""
    saw = request.POST.get("saw", "")
    if not is_key(saw) or int(saw) >= ticket.last_event:
        return ""
    events = ticket.events.filter(number__gt=int(saw), kind__in=STATE).exclude(by=request.person).select_related("by")
    what = [happening(entry).text for entry in entries_of(list(events.order_by("number")))]
    if not what:
        return ""
    return _("Not done. In the meantime: %(what)s. Check and try again.") % {"what": "; ".join(what)}


def refused(
    request: Admitted, number: int, problem: Exception, *, form: str, files: Sequence[str] = ()
) -> HttpResponseBase:
    """Return the page of a ticket, as it is by now, with the reason why something cannot be done to it."""
    again = Again(form, request.POST.dict(), [told(problem)], files, is_spent=isinstance(problem, KeySpent))
    return page(request, found(request, number), status=status_of(problem), again=again)


def back(request: Admitted, number: int) -> HttpResponseRedirect:
    """Return the way to the page of a ticket, in the queue it was opened from."""
    return HttpResponseRedirect(reverse("desk_ticket", args=[number]) + Trail.of(request.GET).asked)
