"""A ticket: its page, what has changed on it, who has it open, and the way to the next one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.desk.acting import back
from puntuale.desk.fresh import is_known, unchanged
from puntuale.desk.ticket_page import Live, at_a_glance, doing, found, look_around, page, tag
from puntuale.desk.trail import Trail
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import mentioning, presence


@admitted
@require_safe
def ticket(request: Admitted, number: int) -> HttpResponse:
    """Show a ticket to an agent: promise, sum, story, the boxes to write in, the customer."""
    return page(request, found(request, number))


@admitted
@require_safe
def changes(request: Admitted, number: int) -> HttpResponse:
    """Give what changes on the page of a ticket, or 304 for a browser that has it already. Leaves the boxes alone."""
    seen = at_a_glance(request, number)
    others = look_around(request, seen)
    known = tag(request, seen, others)
    if is_known(request, known):
        return unchanged(known)
    live = Live.of(request, found(request, number), others)
    told = live.told() | doing(request, live) | {"trail": Trail.of(request.GET)}
    response = render(request, "desk/live.html", told)
    response["ETag"] = known
    return response


@admitted
@require_POST
def here(request: Admitted, number: int) -> HttpResponse:
    """Note that an agent has a ticket open and perhaps types. What she was mentioned in she has seen by that."""
    shown = found(request, number)
    presence.here(shown, person=request.person, typing=request.POST.get("typing") == "1", at=request.at)
    mentioning.seen(shown, by=request.person, at=request.at)
    return HttpResponse(status=204)


@admitted
@require_POST
def gone(request: Admitted, number: int) -> HttpResponse:
    """Note that an agent has left a ticket."""
    presence.gone(found(request, number), person=request.person)
    return HttpResponse(status=204)


@admitted
@require_POST
def mentions(request: Admitted, number: int) -> HttpResponseBase:
    """Note that an agent has seen what she was mentioned in."""
    mentioning.seen(found(request, number), by=request.person, at=request.at)
    return back(request, number)


@admitted
@require_safe
def next_ticket(request: Admitted, number: int) -> HttpResponseBase:
    """Send an agent to the ticket that stands behind this one in her queue."""
    trail = Trail.of(request.GET)
    behind = trail.behind(found(request, number), request)
    if behind is None:
        messages.info(request, _("Nothing else stands in this queue."))
        return redirect(trail.address)
    return back(request, behind.number)
