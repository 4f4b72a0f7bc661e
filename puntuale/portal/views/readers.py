"""Who of the customer's organisation reads along."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.portal import colleagues
from puntuale.portal.refusals import Box
from puntuale.portal.ticket_page import hers, ticket_page
from puntuale.tickets import following
from puntuale.tickets.reading import visible_to


@admitted
@require_POST
def followers(request: Admitted, number: int) -> HttpResponseBase:
    """Let colleagues read along, whom the customer names by their addresses."""
    found = hers(request, number)
    written = request.POST.get("colleagues", "")
    try:
        named = colleagues.named(request.person, written)
    except colleagues.UnknownColleagues as problem:
        return ticket_page(request, found, status=422, followers=Box(written, problems=[problem.text]))
    if not named:
        box = Box(written, problems=[_("Please give the address of a colleague.")])
        return ticket_page(request, found, status=422, followers=box)
    for person in named:
        following.follow(found, person=person, by=request.person, at=request.at)
    messages.success(request, _("%(names)s can now read along.") % {"names": ", ".join(one.name for one in named)})
    return redirect("ticket", number=number)


@admitted
@require_POST
def removal(request: Admitted, number: int, person: int) -> HttpResponseBase:
    """Let somebody of the organisation read along no more."""
    found = hers(request, number)
    reader = found.followers.filter(person=person, person__organisation=found.organisation_id).first()
    if reader is None:
        raise Http404
    following.unfollow(found, person=reader.person, by=request.person, at=request.at)
    messages.success(request, _("%(name)s no longer reads along.") % {"name": reader.person.name})
    still_hers = visible_to(request.person).filter(pk=number).exists()
    return redirect("ticket", number=number) if still_hers else redirect("tickets")
