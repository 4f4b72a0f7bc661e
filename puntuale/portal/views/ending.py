"""How a customer ends her ticket, takes that back, and says what she thought of the answer."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.guarantee.facts import Phase
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.portal.refusals import CANNOT_BE_TAKEN, MEANWHILE, Box, why
from puntuale.portal.ticket_page import hers, ticket_page
from puntuale.tickets import rating, resolution
from puntuale.tickets.models import Ticket

OPINIONS = {"good": True, "not_good": False}


@admitted
@require_POST
def closure(request: Admitted, number: int) -> HttpResponseBase:
    """Close a ticket for its customer: resolved once it was answered, else withdrawn."""
    return _moved(request, number, resolution.close)


@admitted
@require_POST
def reopening(request: Admitted, number: int) -> HttpResponseBase:
    """Open a resolved ticket again."""
    return _moved(request, number, resolution.reopen)


@admitted
@require_POST
def opinion(request: Admitted, number: int) -> HttpResponseBase:
    """Take what a customer thought of the answer."""
    found = hers(request, number)
    chosen, comment = request.POST.get("opinion", ""), request.POST.get("comment", "")
    if chosen not in OPINIONS:
        box = Box(text=comment, problems=[_("Please say whether the answer was good.")])
        return ticket_page(request, found, status=422, rating=box)
    try:
        rating.rate(found, good=OPINIONS[chosen], comment=comment, by=request.person, at=request.at)
    except CANNOT_BE_TAKEN as problem:
        return ticket_page(request, found, status=422, rating=Box(comment, chosen, [why(problem)]))
    except MEANWHILE as problem:
        return ticket_page(request, found, status=409, problem=why(problem))
    messages.success(request, _("Thank you for telling us."))
    return redirect("ticket", number=number)


def _moved(request: Admitted, number: int, verb: Callable[..., Ticket]) -> HttpResponseBase:
    found = hers(request, number)
    try:
        moved = verb(found, by=request.person, at=request.at)
    except MEANWHILE as problem:
        return ticket_page(request, hers(request, number), status=409, problem=why(problem))
    messages.success(request, _said_of(Phase(moved.phase)))
    return redirect("ticket", number=number)


def _said_of(phase: Phase) -> str:
    if phase is Phase.RESOLVED:
        return _("The ticket is resolved.")
    if phase is Phase.CANCELLED:
        return _("You have withdrawn the ticket.")
    return _("The ticket is open again.")
