"""A ticket that an agent opens for a customer, after a phone call."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puntuale.agreements.reading import NothingInForce
from puntuale.desk.opening import PhoneCall, callers, levels
from puntuale.desk.refusals import told
from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.visible import is_visible
from puntuale.looks.admission import admitted
from puntuale.looks.files import SentFiles, sent_files
from puntuale.looks.forms import forget_sent
from puntuale.looks.keys import as_taken
from puntuale.looks.requests import Admitted
from puntuale.looks.words import why_refused
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets import attachments, conversation, drafts
from puntuale.tickets.attachments import FilesRefused
from puntuale.tickets.models import Draft, Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.submission import SubmittedByAnother, open_for
from puntuale.tickets.texts import TextRefused

LONGEST_QUESTION = 200
PLACE = drafts.Place.PHONE


@admitted
@require_http_methods(["GET", "HEAD"])
def callers_page(request: Admitted) -> HttpResponse:
    """Show whom a ticket can be opened for."""
    asked = request.GET.get("who", "")[:LONGEST_QUESTION]
    shown = {"asked": asked.strip(" \0"), "people": callers(asked), "begun": drafts.of_calls(request.person)}
    return render(request, "desk/callers.html", shown)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: Admitted, key: int) -> HttpResponseBase:
    """Show the form of a ticket for a customer, and take it, with a first answer if there is one."""
    caller = Person.objects.exclude(role__in=VENDOR_ROLES).filter(pk=key, left_at=None).first()
    if caller is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    draft = drafts.kept(request.person, place=PLACE, ticket=None, caller=caller) if sent is None else None
    try:
        form = PhoneCall(request, sent, draft)
    except NothingInForce:
        return render(request, "desk/nothing_in_force.html", {"caller": caller}, status=200 if sent is None else 409)
    if sent is None:
        return _page(request, caller, form, SentFiles([one.key for one in attachments.of_draft(draft)]), draft)
    files = sent_files(request)
    if "refresh" in sent:
        return _page(request, caller, form, files)
    ticket = _opened(request, caller, form, files) if form.is_valid() and not files.problems else None
    if ticket is None:
        return _page(request, caller, form, files, status=422)
    messages.success(request, _("Ticket #%(number)s is in.") % {"number": ticket.number})
    return as_taken(request, redirect("desk_ticket", number=ticket.number))


def _opened(request: Admitted, caller: Person, form: PhoneCall, files: SentFiles) -> Ticket | None:
    """Return the ticket, or None, told in the form, when it cannot be taken."""
    said = form.cleaned_data
    answer = said.pop("answer")
    try:
        with transaction.atomic():
            known = said | {"priority": said["priority"] or None, "files": files.keys}
            ticket = open_for(caller, **known, by=request.person, at=request.at)
            if is_visible(answer) and ticket.answered_at is None:
                _answer(request, ticket, answer)
            forget_sent(request, place=PLACE, ticket=None, caller=caller)
            return ticket
    except TextRefused as problem:
        is_longer = problem.field == "body" and len(said["body"]) < len(answer)
        is_answer = is_longer or problem.rule == "text.says_nothing"
        form.add_error("answer" if is_answer else problem.field, why_refused(problem))
    except FilesRefused as problem:
        files.problems.append(told(problem))
    except (PriorityBarred, UnknownTerm) as problem:
        form.add_error("priority", told(problem))
    except (SubmittedByAnother, KeySpent):
        form.spend_key()
        form.add_error(None, _("This form has expired. Please send it again."))
    return None


def _answer(request: Admitted, ticket: Ticket, answer: str) -> None:
    then = Phase.WAITING if request.POST.get("then") == "waiting" else None
    conversation.answer(ticket, body=answer, by=request.person, at=request.at, then=then)


def _page(
    request: Admitted,
    caller: Person,
    form: PhoneCall,
    files: SentFiles,
    draft: Draft | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": form,
        "caller": caller,
        "levels": levels(request, caller, form),
        "files": files.kept(request),
        "file_problems": files.problems,
        "version": draft.version if draft else "",
        "is_again": request.method == "POST",
    }
    return render(request, "desk/new_ticket.html", shown, status=status)
