"""Further words of a customer on her ticket."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks import throttling
from puntuale.looks.admission import admitted
from puntuale.looks.files import SentFiles, sent_files
from puntuale.looks.forms import forget_sent
from puntuale.looks.keys import as_taken, sent_key
from puntuale.looks.requests import Admitted
from puntuale.portal.refusals import CANNOT_BE_TAKEN, Box, why
from puntuale.portal.ticket_page import hers, ticket_page
from puntuale.tickets import conversation, drafts, once
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Audience, Message, Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.reading import visible_to


@admitted
@require_POST
def follow_up(request: Admitted, number: int) -> HttpResponseBase:
    """Take a further message of the customer, with its files, and lead to the ticket it is on."""
    found = hers(request, number)
    sent = sent_files(request)
    if sent.problems:
        return _again(request, found, sent, sent.problems)
    try:
        message = _sent(request, found, sent)
    except CANNOT_BE_TAKEN as problem:
        if isinstance(problem, TooMany):
            throttling.refuse(request, problem.seconds)
        return _again(request, found, sent, [why(problem)], is_spent=isinstance(problem, KeySpent))
    return as_taken(request, _to_where_it_is(request, found, message))


def _sent(request: Admitted, found: Ticket, sent: SentFiles) -> Message:
    """Return the message, with the draft of it dropped; or the one that this form made before."""
    body, key = request.POST.get("body", ""), sent_key(request)
    again: dict[str, Any] = {"body": body, "by": request.person, "files": sent.keys, "at": request.at}
    with transaction.atomic():
        if before := once.sent_just_now(found, audience=Audience.PUBLIC, **again):
            return before
        message = conversation.follow_up(found, key=key, **again)
        if message.written_at == request.at:
            # What is typed after the first time, and kept, is another message.
            forget_sent(request, place=drafts.Place.MESSAGE, ticket=found)
        return message


def _again(
    request: Admitted, found: Ticket, sent: SentFiles, problems: list[str], *, is_spent: bool = False
) -> HttpResponse:
    key = (None if is_spent else sent_key(request)) or uuid4()
    box = Box(text=request.POST.get("body", ""), problems=problems, files=sent.kept(request), key=key, is_again=True)
    return ticket_page(request, found, status=422, reply=box)


def _to_where_it_is(request: Admitted, found: Ticket, message: Message) -> HttpResponseBase:
    """Lead to the ticket that a message is on, and say so when it is another one than she wrote on."""
    numbers = {"number": message.ticket_id, "old": found.number}
    if message.ticket_id == found.pk:
        messages.success(request, _("Your message is sent."))
    elif message.ticket.came_from.filter(origin=found).exists():
        messages.success(request, _("Ticket #%(old)s is closed, so your message opened ticket #%(number)s.") % numbers)
    else:
        messages.success(request, _("Ticket #%(old)s was merged: your message is on ticket #%(number)s.") % numbers)
    seen = visible_to(request.person).filter(pk=message.ticket_id).exists()
    return redirect("ticket", number=message.ticket_id if seen else found.number)
