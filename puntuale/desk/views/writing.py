"""What agents write: answers that customers read, and notes that they never do."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.desk.acting import back, meanwhile, refused
from puntuale.desk.boxes import Again, afterwards, seen
from puntuale.desk.refusals import REFUSALS
from puntuale.desk.ticket_page import found, page
from puntuale.desk.trail import Trail
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import State
from puntuale.looks.admission import admitted
from puntuale.looks.files import SentFiles, sent_files
from puntuale.looks.forms import forget_sent
from puntuale.looks.keys import as_taken, sent_key
from puntuale.looks.requests import Admitted
from puntuale.tickets import conversation, drafts, once, reading
from puntuale.tickets.assignment import assign
from puntuale.tickets.conversation import NewerMessages
from puntuale.tickets.models import Audience, Draft, Message, Ticket

THEN = {"open": Phase.OPEN, "waiting": Phase.WAITING, "resolved": Phase.RESOLVED}


@admitted
@require_POST
def answer(request: Admitted, number: int) -> HttpResponseBase:
    """Take a public answer, tell what it did to the promise, and go on with the same or the next ticket."""
    ticket, files = found(request, number), sent_files(request)
    if files.problems:
        return _again(request, ticket, "answer", files)
    is_over = ticket.phase in {Phase.MERGED, Phase.CANCELLED}
    if not is_over and (news := meanwhile(request, ticket)):
        said = Again("answer", request.POST.dict(), [news], files.keys)
        return page(request, ticket, status=409, again=said)
    owed = _state(ticket, request)
    try:
        message = _answered(request, ticket, files)
    except NewerMessages as problem:
        said = Again("answer", request.POST.dict(), [], files.keys, problem.messages)
        return page(request, found(request, number), status=409, again=said)
    except REFUSALS as problem:
        return refused(request, number, problem, form="answer", files=files.keys)
    if message.key == sent_key(request):
        messages.success(request, _told(ticket, owed, _state(ticket, request)))
    else:
        messages.info(
            request, _("#%(number)s: this answer was already sent. Nothing was sent twice.") % {"number": number}
        )
    return as_taken(request, _onwards(request, ticket) if request.POST.get("onwards") else back(request, number))


@admitted
@require_POST
def note(request: Admitted, number: int) -> HttpResponseBase:
    """Take a note that customers never see."""
    ticket, files = found(request, number), sent_files(request)
    if files.problems:
        return _again(request, ticket, "note", files)
    try:
        _noted(request, ticket, files)
    except REFUSALS as problem:
        return refused(request, number, problem, form="note", files=files.keys)
    messages.success(request, _("The note is saved. Customers do not see it."))
    return as_taken(request, back(request, number))


@admitted
@require_POST
def continuation(request: Admitted, number: int) -> HttpResponseBase:
    """Bring an answer that was being written when its ticket was merged to where that went, and go there."""
    try:
        to = drafts.carry_over(request.person, ticket=found(request, number), at=request.at)
    except REFUSALS as problem:
        return refused(request, number, problem, form="draft")
    return back(request, to.number)


def _answered(request: Admitted, ticket: Ticket, files: SentFiles) -> Message:
    """Return the answer, with what is done along with it in one transaction: state, assignment, the draft dropped.

    None of it is done when the form arrives again: meanwhile others may have gone on, and she may write the next one.
    """
    body = request.POST.get("body", "")
    with transaction.atomic():
        if before := _sent_just_now(request, ticket, body, Audience.PUBLIC, files):
            return before
        message = conversation.answer(
            ticket,
            body=body,
            by=request.person,
            at=request.at,
            then=THEN.get(request.POST.get("then", ""), afterwards(ticket)),
            files=files.keys,
            seen=seen(request),
            key=sent_key(request),
        )
        if message.written_at != request.at:
            return message
        if request.POST.get("takes"):
            assign(ticket, to=request.person, by=request.person, at=request.at)
        forget_sent(request, place=Draft.Place.ANSWER, ticket=ticket)
        return message


def _noted(request: Admitted, ticket: Ticket, files: SentFiles) -> Message:
    """Return the note, with the draft of it dropped likewise."""
    body, key = request.POST.get("body", ""), sent_key(request)
    with transaction.atomic():
        if before := _sent_just_now(request, ticket, body, Audience.INTERNAL, files):
            return before
        message = conversation.note(ticket, body=body, by=request.person, at=request.at, files=files.keys, key=key)
        if message.written_at == request.at:
            forget_sent(request, place=Draft.Place.NOTE, ticket=ticket)
        return message


def _sent_just_now(
    request: Admitted, ticket: Ticket, body: str, audience: Audience, files: SentFiles
) -> Message | None:
    """Return what was sent before and comes again because its sender went back in their browser, or None."""
    return once.sent_just_now(ticket, body=body, by=request.person, audience=audience, files=files.keys, at=request.at)


def _again(request: Admitted, ticket: Ticket, box: str, files: SentFiles) -> HttpResponse:
    said = Again(box, request.POST.dict(), files.problems, files.keys)
    return page(request, ticket, status=422, again=said)


def _onwards(request: Admitted, ticket: Ticket) -> HttpResponseBase:
    trail = Trail.of(request.GET)
    following = trail.after_dealing_with(ticket, request)
    return redirect(trail.address) if following is None else back(request, following.number)


def _state(ticket: Ticket, request: Admitted) -> State:
    return reading.standings([ticket], at=request.at)[0].state


def _told(ticket: Ticket, before: State, after: State) -> str:
    if before not in {State.RUNNING, State.MISSED}:
        return _("#%(number)s: the answer is sent.") % {"number": ticket.number}
    if after is State.MET:
        return _("#%(number)s answered: the promise is kept.") % {"number": ticket.number}
    return _("#%(number)s answered, after it was due.") % {"number": ticket.number}
