"""While somebody writes: what her text will look like, and a draft of it that outlives the page."""

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.markdown import rendered
from puntuale.looks.requests import Admitted
from puntuale.tickets import drafts
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Draft
from puntuale.tickets.reading import visible_to
from puntuale.tickets.texts import LONGEST_BODY


@admitted
@require_POST
def preview(request: Admitted) -> HttpResponse:
    """Show a text as readers will see it."""
    return HttpResponse(rendered(request.POST.get("body", "")[:LONGEST_BODY], _("Quoted text")))


@admitted
@require_POST
def draft(request: Admitted) -> HttpResponseBase:
    """Keep what somebody has typed so far in one box, or forget it when the box is empty."""
    place = request.POST.get("place", "")
    if place not in Draft.Place.values:
        raise Http404
    number = request.POST.get("ticket", "")
    ticket = None
    if number:
        if not is_key(number):
            raise Http404
        ticket = visible_to(request.person).filter(pk=number).first()
        if ticket is None:
            raise Http404
    kept = drafts.keep(
        request.person,
        place=Draft.Place(place),
        ticket=ticket,
        subject=request.POST.get("subject", ""),
        body=request.POST.get("body", ""),
        at=request.at,
    )
    return JsonResponse({"kept": kept is not None})
