"""The pages of the agents' door. They translate between the web and the verbs, and decide nothing."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.guarantee.promise import State
from puntuale.looks.admission import agents
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.looks.words import Words
from puntuale.tickets import conversation, queues, reading
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Message, Ticket
from puntuale.tickets.queues import View
from puntuale.tickets.texts import TextRefused

Verb = Callable[..., Message]


@agents
@require_safe
def queue(request: Admitted) -> HttpResponse:
    """Show what waits for an answer, in the order in which promises fall due."""
    return _list(request, View.DUE, "desk/queue.html")


@agents
@require_safe
def answered(request: Admitted) -> HttpResponse:
    """Show what has been answered, latest first."""
    return _list(request, View.RESOLVED, "desk/answered.html")


@agents
@require_safe
def ticket(request: Admitted, number: int) -> HttpResponse:
    """Show a ticket to an agent: promise, sum, conversation, answer."""
    return _page(request, _visible(request, number), Words())


@agents
@require_POST
def answer(request: Admitted, number: int) -> HttpResponseBase:
    """Take a public answer, and tell what it did to the promise."""
    found = _visible(request, number)
    before = _state(found, request.at)
    response = _say(request, found, conversation.answer)
    if before in {State.RUNNING, State.MISSED} and response.status_code == 302:
        kept = _state(_visible(request, number), request.at) is State.MET
        messages.success(request, _("Answered: the promise is kept.") if kept else _("Answered, after it was due."))
    return response


@agents
@require_POST
def note(request: Admitted, number: int) -> HttpResponseBase:
    """Take a note that customers never see."""
    return _say(request, _visible(request, number), conversation.note)


@agents
@require_POST
def assignment(request: Admitted, number: int) -> HttpResponseBase:
    """Put a ticket into the hands of whoever asks, or of nobody."""
    mine = request.POST.get("to") == "me"
    assign(_visible(request, number), to=request.person if mine else None, by=request.person, at=request.at)
    return redirect("desk_ticket", number=number)


def _say(request: Admitted, found: Ticket, verb: Verb) -> HttpResponseBase:
    form = Words(request.POST)
    if form.is_valid():
        try:
            verb(found, body=form.cleaned_data["body"], by=request.person, at=request.at)
        except TextRefused as problem:
            form.refuse(problem)
        else:
            return redirect("desk_ticket", number=found.number)
    return _page(request, found, form, status=422)


def _list(request: Admitted, view: View, template: str) -> HttpResponse:
    tickets = reading.visible_to(request.person)
    found = queues.page(tickets, view, by=request.person, at=request.at, after=request.GET.get("after", ""))
    shown = [ShownPromise(one, language(), request.zone) for one in reading.standings(found.tickets, at=request.at)]
    context = {
        "promises": shown,
        "counts": queues.counts(tickets, by=request.person, at=request.at),
        "following": found.following,
    }
    return render(request, template, context)


def _page(request: Admitted, found: Ticket, form: Words, status: int = 200) -> HttpResponse:
    shown = ShownPromise(reading.standings([found], at=request.at)[0], language(), request.zone)
    context = {
        "ticket": found,
        "promise": shown,
        "conversation": reading.messages_for(request.person, found),
        "form": form,
        "is_mine": found.assignee_id == request.person.pk,
    }
    return render(request, "desk/ticket.html", context, status=status)


def _visible(request: Admitted, number: int) -> Ticket:
    related = ("organisation", "product", "requester", "assignee")
    found = reading.visible_to(request.person).select_related(*related).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _state(found: Ticket, at: datetime) -> State:
    return reading.standings([found], at=at)[0].state

