"""Saying that one is on it: with one tap on the link of a page, without a login, or at the desk."""

from contextlib import suppress

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from puntuale.desk.oncall.page import act
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.looks.admission import admitted
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, Request, language
from puntuale.oncall import acknowledging, standing
from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.oncall.models import Acknowledgement, Page, Paging
from puntuale.tickets import reading


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request, token: str) -> HttpResponseBase:
    """Show a page to whoever has its link, and take that she is on it.

    Looking changes nothing, because mail programs and chat services look at links on their own. The link itself proves
    who she is, so that it works without cookies, and no other site can send what it does not know.
    """
    try:
        page = acknowledging.page_of(token)
    except NothingToAcknowledge as problem:
        raise Http404 from problem
    if request.method == "POST":
        return _acknowledged(request, page, token)
    return _shown(request, page)


@admitted
@require_POST
def acknowledgement(request: Admitted, key: int) -> HttpResponseBase:
    """Take from an agent at the desk that she is on it, and go to the ticket: it waits for an answer."""
    paging = get_object_or_404(Paging, pk=key)
    via = Acknowledgement.Via.DESK
    return act(
        request,
        "pagings",
        lambda: acknowledging.acknowledge(paging, by=request.person, via=via, at=request.at),
        done=_("You are on it, and nobody is paged any more. The customer still waits for an answer."),
        there=reverse("desk_ticket", args=[paging.ticket_id]),
    )


def _acknowledged(request: Request, page: Page, token: str) -> HttpResponseBase:
    via = Acknowledgement.Via.LINK
    try:
        acknowledging.acknowledge(page.paging, by=page.person, via=via, at=request.at)
    except NothingToAcknowledge:
        return _shown(request, page, status=409)
    return redirect("page_link", token=token)


def _shown(request: Request, page: Page, *, status: int = 200) -> HttpResponse:
    # Where her zone is no more she reads it in the desk's, as everywhere else.
    with suppress(UnknownZone):
        request.zone = zone(page.person.zone_name)
    stands, ticket = standing.of_page(page), page.paging.ticket
    shown = {
        "page": page,
        "stands": stands,
        "ticket": ticket,
        "promise": ShownPromise(reading.standings([ticket], at=request.at)[0], language(), request.zone),
        "is_hers": stands.on_it is not None and stands.on_it.person_id == page.person_id,
    }
    answer = render(request, "desk/page.html", shown, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
