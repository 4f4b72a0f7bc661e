"""The lists: a customer's own tickets, her organisation's, and what she searches for."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people.models import Person, Role
from puntuale.portal import listing
from puntuale.tickets import drafts, queues, searching
from puntuale.tickets.models import Ticket
from puntuale.tickets.queues import View
from puntuale.tickets.reading import her_own, visible_to

ON_A_PAGE = 25


def sees_all(person: Person) -> bool:
    """Tell whether somebody may see all tickets of her organisation."""
    return person.role == Role.ORGANISATION_ADMIN


@admitted
@require_safe
def tickets(request: Admitted) -> HttpResponse:
    """List the tickets a customer sent or follows, latest first, each with its promise."""
    return _list(request, her_own(request.person), "tickets")


@admitted
@require_safe
def organisation_tickets(request: Admitted) -> HttpResponse:
    """List all tickets of an organisation to its administrators."""
    return _list(request, visible_to(request.person), "organisation_tickets")


@admitted
@require_safe
def find(request: Admitted) -> HttpResponse:
    """List what a customer looks for among all the tickets she may see, the most fitting first."""
    asked = request.GET.get("q", "")
    found = searching.find(visible_to(request.person), asked, by=request.person)
    context = {"rows": listing.rows(request, found), "asked": asked[: searching.LONGEST_QUESTION]}
    return render(request, "portal/found.html", context | {"sees_all": sees_all(request.person)})


def _list(request: Admitted, listed: QuerySet[Ticket], name: str) -> HttpResponse:
    chosen = listing.chosen_phase(request)
    if chosen:
        listed = listed.filter(phase=chosen)
    after = request.GET.get("after", "")
    listed = listed.select_related("requester")
    page = queues.page(listed, View.ALL, by=request.person, at=request.at, after=after, size=ON_A_PAGE)
    context = {
        "rows": listing.rows(request, page.tickets),
        "narrowings": listing.narrowings(chosen),
        "chosen": chosen,
        "is_later_page": bool(after),
        "next_page": listing.next_page(page.following, chosen),
        "list_name": name,
        "sees_all": sees_all(request.person),
        "draft": drafts.kept(request.person, place=drafts.Place.NEW_TICKET, ticket=None),
    }
    return render(request, "portal/tickets.html", context)
