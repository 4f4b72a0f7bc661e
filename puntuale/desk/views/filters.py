"""Queues with a filter that somebody keeps under a name."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.desk.refusals import told
from puntuale.desk.trail import Trail
from puntuale.desk.views.queue import framed_with_problem
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import saved_filters
from puntuale.tickets.saved_filters import TooManyFilters
from puntuale.tickets.texts import TextRefused


@admitted
@require_POST
def save(request: Admitted) -> HttpResponseBase:
    """Keep a queue and its filter under a name, for whoever asks."""
    trail = Trail.of(request.POST)
    name = request.POST.get("name", "")
    try:
        saved_filters.save(name=name, view=trail.view, narrowed=trail.narrowed, by=request.person, at=request.at)
    except (TextRefused, TooManyFilters) as problem:
        return framed_with_problem(request, trail, name, told(problem))
    messages.success(request, _("Saved."))
    return redirect(trail.address)


@admitted
@require_safe
def saved(request: Admitted, key: int) -> HttpResponse:
    """Send an agent to the queue that one of her filters asks for."""
    kept = get_object_or_404(saved_filters.of(request.person), pk=key)
    return redirect(Trail(*saved_filters.opened(kept)).address)


@admitted
@require_POST
def removal(request: Admitted, key: int) -> HttpResponseBase:
    """Drop one of an agent's filters."""
    saved_filters.forget(get_object_or_404(saved_filters.of(request.person), pk=key), by=request.person)
    messages.success(request, _("The filter is deleted."))
    return redirect(Trail.of(request.POST).address)
