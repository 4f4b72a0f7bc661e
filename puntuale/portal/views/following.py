"""A customer's tickets: the list, one of them, and further words on it."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import customers
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.looks.words import Words
from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import messages_for, standings, visible_to
from puntuale.tickets.texts import TextRefused

MOST_LISTED = 100


@customers
@require_safe
def tickets(request: Admitted) -> HttpResponse:
    """List a customer's tickets, latest first, each with its promise."""
    found = list(visible_to(request.person).select_related("requester").order_by("-pk")[:MOST_LISTED])
    shown = [ShownPromise(one, language(), request.zone) for one in standings(found, at=request.at)]
    return render(request, "portal/tickets.html", {"promises": shown})


@customers
@require_safe
def ticket(request: Admitted, number: int) -> HttpResponse:
    """Show a ticket to its customer: promise, sum, conversation."""
    return _page(request, _visible(request, number), Words())


@customers
@require_POST
def follow_up(request: Admitted, number: int) -> HttpResponseBase:
    """Take a further message of the customer."""
    found = _visible(request, number)
    form = Words(request.POST)
    if form.is_valid():
        try:
            conversation.follow_up(found, body=form.cleaned_data["body"], by=request.person, at=request.at)
        except TextRefused as problem:
            form.refuse(problem)
        else:
            return redirect("ticket", number=number)
    return _page(request, found, form, status=422)


def _page(request: Admitted, found: Ticket, form: Words, status: int = 200) -> HttpResponse:
    shown = ShownPromise(standings([found], at=request.at)[0], language(), request.zone)
    context = {
        "ticket": found,
        "promise": shown,
        "conversation": messages_for(request.person, found),
        "form": form,
    }
    return render(request, "portal/ticket.html", context, status=status)


def _visible(request: Admitted, number: int) -> Ticket:
    found = visible_to(request.person).select_related("organisation", "product", "requester").filter(pk=number).first()
    if found is None:
        raise Http404
    return found
