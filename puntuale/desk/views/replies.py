"""Saved replies: the list, writing them, and filling one in for a ticket."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.desk.boxes import Again
from puntuale.desk.refusals import told, variables
from puntuale.desk.ticket_page import found, page
from puntuale.guarantee.facts import Phase
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import saved_replies
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import SavedReply
from puntuale.tickets.saved_replies import TitleTaken, UnknownVariable
from puntuale.tickets.texts import TextRefused
from puntuale.wording.languages import LANGUAGES

STAGED = {"waiting": Phase.WAITING, "resolved": Phase.RESOLVED}


@admitted
@require_safe
def replies(request: Admitted) -> HttpResponse:
    """Show the saved replies."""
    return render(request, "desk/replies.html", {"replies": saved_replies.on_offer().select_related("made_by")})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Show the form of a new saved reply, and take it."""
    return _form(request, None)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: Admitted, key: int) -> HttpResponseBase:
    """Show a saved reply in a form, and take what it has become."""
    return _form(request, get_object_or_404(saved_replies.on_offer(), pk=key))


@admitted
@require_POST
def retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Take a saved reply off the list."""
    saved_replies.retire(get_object_or_404(saved_replies.on_offer(), pk=key), by=request.person, at=request.at)
    messages.success(request, _("The reply is off the list."))
    return redirect("desk_replies")


@admitted
@require_safe
def filled(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Give a saved reply as it reads for a ticket, and what is staged along with it."""
    kept = get_object_or_404(saved_replies.on_offer(), pk=key)
    text = saved_replies.filled(kept, found(request, number), by=request.person)
    return JsonResponse({"text": text, "then": kept.then, "takes": kept.takes})


@admitted
@require_POST
def insertion(request: Admitted, number: int) -> HttpResponseBase:
    """Show a ticket with a saved reply in the box, behind what was typed there, for browsers without scripts."""
    ticket, key = found(request, number), request.POST.get("reply", "")
    kept = get_object_or_404(saved_replies.on_offer(), pk=key if is_key(key) else 0)
    typed = request.POST.get("body", "").rstrip()
    text = saved_replies.filled(kept, ticket, by=request.person)
    said = request.POST.dict() | {"body": f"{typed}\n\n{text}" if typed else text}
    if kept.then:
        said["then"] = kept.then
    if kept.takes:
        said["takes"] = "on"
    return page(request, ticket, again=Again("answer", said, [], request.POST.getlist("files")))


def _form(request: Admitted, kept: SavedReply | None) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, kept, _said(kept), [])
    said = request.POST
    try:
        saved_replies.save(
            title=said.get("title", ""),
            body=said.get("body", ""),
            language=said.get("language", "") if said.get("language") in LANGUAGES else "",
            then=STAGED.get(said.get("then", "")),
            takes=bool(said.get("takes")),
            instead_of=kept,
            by=request.person,
            at=request.at,
        )
    except (TextRefused, UnknownVariable, TitleTaken) as problem:
        return _page(request, kept, said.dict(), [told(problem)])
    messages.success(request, _("Saved."))
    return redirect("desk_replies")


def _said(kept: SavedReply | None) -> dict[str, str]:
    if kept is None:
        return {}
    takes = "on" if kept.takes else ""
    return {"title": kept.title, "body": kept.body, "language": kept.language, "then": kept.then, "takes": takes}


def _page(request: Admitted, kept: SavedReply | None, said: dict[str, str], problems: list[str]) -> HttpResponse:
    shown = {"kept": kept, "said": said, "problems": problems, "variables": variables(), "languages": LANGUAGES.items()}
    return render(request, "desk/reply.html", shown, status=422 if problems else 200)
