"""Doing something to a ticket from its page: going back to it afterwards, or telling there why not."""

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from puntuale.desk.boxes import Again
from puntuale.desk.refusals import REFUSALS, status_of, told
from puntuale.desk.ticket_page import found, page
from puntuale.desk.trail import Trail
from puntuale.looks.requests import Admitted
from puntuale.tickets.models import Ticket
from puntuale.tickets.once import KeySpent


def act(
    request: Admitted, number: int, deed: Callable[[Ticket], object], *, form: str = "deeds", done: str = ""
) -> HttpResponseBase:
    """Do something to a ticket, and return the way back to it; or its page, with the reason why it cannot be done.

    `form` names the form of the page that is shown again with what was written in it. `done` is said on success.
    """
    ticket = found(request, number)
    try:
        deed(ticket)
    except REFUSALS as problem:
        return refused(request, number, problem, form=form)
    if done:
        messages.success(request, done)
    return back(request, number)


def refused(
    request: Admitted, number: int, problem: Exception, *, form: str, files: Sequence[str] = ()
) -> HttpResponseBase:
    """Return the page of a ticket, as it is by now, with the reason why something cannot be done to it."""
    again = Again(form, request.POST.dict(), [told(problem)], files, is_spent=isinstance(problem, KeySpent))
    return page(request, found(request, number), status=status_of(problem), again=again)


def back(request: Admitted, number: int) -> HttpResponseRedirect:
    """Return the way to the page of a ticket, in the queue it was opened from."""
    return HttpResponseRedirect(reverse("desk_ticket", args=[number]) + Trail.of(request.GET).asked)
