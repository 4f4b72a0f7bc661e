"""The queues: pages of them, what has changed, and giving several tickets to somebody at once."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from puntuale.desk import agents as desk_agents
from puntuale.desk import queue_page
from puntuale.desk.fresh import is_known, unchanged
from puntuale.desk.queue_page import framed, glance, told
from puntuale.desk.trail import Trail
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets.assignment import assign_all
from puntuale.tickets.keys import is_key
from puntuale.tickets.queues import Filter, View
from puntuale.tickets.reading import visible_to

MOST_AT_ONCE = 100


@admitted
@require_safe
def queue(request: Admitted, view: str = View.DUE.value) -> HttpResponse:
    """Show a queue: by default what is open, in the order in which promises fall due."""
    seen = glance(request, _trail(request, view))
    response = render(request, "desk/queue.html", framed(request, seen))
    response["ETag"] = seen.tag
    return response


@admitted
@require_safe
def rows(request: Admitted, view: str) -> HttpResponse:
    """Give the changing part of a queue, or 304 for a browser that has it already."""
    trail = _trail(request, view)
    seen = glance(request, trail, whole=False)
    if is_known(request, seen.tag):
        return unchanged(seen.tag)
    seen = glance(request, trail)
    response = render(request, "desk/queue_rows.html", told(request, seen))
    response["ETag"] = seen.tag
    return response


@admitted
@require_safe
def narrowing(request: Admitted, view: str) -> HttpResponse:
    """Give what a queue can be narrowed to, once somebody wants to."""
    return render(request, "desk/filter_bar.html", queue_page.narrowing(request, _trail(request, view)))


@admitted
@require_POST
def assignments(request: Admitted) -> HttpResponseBase:
    """Give all tickets that were chosen to an agent, or to nobody."""
    to = desk_agents.chosen(request)
    keys = [key for key in request.POST.getlist("tickets") if is_key(key)][:MOST_AT_ONCE]
    tickets = visible_to(request.person).filter(pk__in=keys)
    count = assign_all(tickets, to=to, by=request.person, at=request.at)
    if to is None:
        said = ngettext("%(count)d ticket is nobody's now.", "%(count)d tickets are nobody's now.", count)
    else:
        said = ngettext("%(count)d ticket given to %(name)s.", "%(count)d tickets given to %(name)s.", count)
    messages.success(request, said % {"count": count, "name": to.name if to else ""} if keys else _("Nothing chosen."))
    return redirect(_where_from(request))


def framed_with_problem(request: Admitted, trail: Trail, name: str, problem: str) -> HttpResponse:
    """Return a queue with the form of a filter that cannot be saved, and why."""
    shown = framed(request, glance(request, trail)) | {"name": name, "problem": problem}
    return render(request, "desk/queue.html", shown, status=422)


def _trail(request: Admitted, view: str) -> Trail:
    if view not in set(View):
        raise Http404
    return Trail(View(view), Filter.of(request.GET))


def _where_from(request: Admitted) -> str:
    """Return the page of this desk that the form was on, or the first queue."""
    there = request.POST.get("back", "")
    is_ours = there.startswith("/") and url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if is_ours else reverse("queue")
