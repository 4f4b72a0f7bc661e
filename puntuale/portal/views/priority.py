"""What a customer can say about the priority of her ticket: that the impact grew, and that she disagrees."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks import throttling
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.portal.refusals import CANNOT_BE_TAKEN, MEANWHILE, Box, why
from puntuale.portal.ticket_page import hers, ticket_page
from puntuale.tickets import classification
from puntuale.tickets.limits import TooMany


@admitted
@require_POST
def impact(request: Admitted, number: int) -> HttpResponseBase:
    """Take a customer's report that the impact grew."""
    found = hers(request, number)
    to, text = request.POST.get("priority", ""), request.POST.get("text", "")
    try:
        report = classification.report_impact(found, to=to, text=text, by=request.person, at=request.at)
    except CANNOT_BE_TAKEN as problem:
        if isinstance(problem, TooMany):
            throttling.refuse(request, problem.seconds)
        return ticket_page(request, found, status=422, impact=Box(text, to, [why(problem)]))
    except MEANWHILE as problem:
        return _overtaken(request, number, problem, text)
    if report.decided_at is None:
        said = _("Your report is in. We had lowered this ticket before, so a person looks at it first.")
        messages.success(request, said)
    else:
        messages.success(request, _("The ticket is now priority %(priority)s.") % {"priority": report.to})
    return redirect("ticket", number=number)


@admitted
@require_POST
def disagreement(request: Admitted, number: int, change: int) -> HttpResponseBase:
    """Take a customer's disagreement with a change of her ticket's priority."""
    found = hers(request, number)
    changed = found.reclassifications.filter(pk=change).first()
    if changed is None:
        raise Http404
    text = request.POST.get("text", "")
    try:
        classification.disagree(changed, text=text, by=request.person, at=request.at)
    except CANNOT_BE_TAKEN as problem:
        box = Box(text, str(change), [why(problem)])
        return ticket_page(request, found, status=422, disagreement=box)
    except MEANWHILE as problem:
        return _overtaken(request, number, problem, text)
    messages.success(request, _("A manager looks at it, and you get an answer here."))
    return redirect("ticket", number=number)


def _overtaken(request: Admitted, number: int, problem: Exception, text: str) -> HttpResponseBase:
    """Show the ticket as it has become, with what she wrote in the box for messages, where it can still be sent."""
    boxes = {"reply": Box(text)} if text.strip() else {}
    return ticket_page(request, hers(request, number), status=409, problem=why(problem), **boxes)
