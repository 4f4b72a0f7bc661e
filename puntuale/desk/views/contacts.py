"""How an agent is reached when she is paged, and her turns in her own calendar."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.desk.oncall.page import act
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, Request
from puntuale.oncall import contacts as verbs
from puntuale.oncall import feeds
from puntuale.oncall.models import Contact


@admitted
@require_POST
def contacts(request: Admitted) -> HttpResponseBase:
    """Add a way to be reached, and send the code that proves it."""
    said = request.POST
    return act(
        request,
        "contact",
        lambda: verbs.add(
            request.person, channel=said.get("channel", ""), address=said.get("address", ""), at=request.at
        ),
        done=_("A code is on its way there. Enter it here within fifteen minutes."),
    )


@admitted
@require_POST
def proof(request: Admitted, key: int) -> HttpResponseBase:
    """Take the code that was sent."""
    contact = _mine(request, key)
    code = request.POST.get("code", "")
    return act(
        request,
        f"proof-{key}",
        lambda: verbs.verify(contact, code=code, by=request.person, at=request.at),
        done=_("Proved. Pages go there from now on."),
    )


@admitted
@require_POST
def another_code(request: Admitted, key: int) -> HttpResponseBase:
    """Send another code."""
    contact = _mine(request, key)
    done = _("Another code is on its way.")
    again = f"proof-{key}"
    return act(request, again, lambda: verbs.send_again(contact, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def removal(request: Admitted, key: int) -> HttpResponseBase:
    """Use a way no more."""
    contact = _mine(request, key)
    done = _("Removed. Nothing goes there any more.")
    return act(request, "contact", lambda: verbs.remove(contact, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def new_address(request: Admitted) -> HttpResponseBase:
    """Give the calendar another secret address."""
    done = _("The calendar has a new address. The old one leads nowhere from now on.")
    return act(request, "calendar", lambda: feeds.renew(request.person), done=done)


@require_safe
def calendar(request: Request, token: str) -> HttpResponse:
    """Return somebody's turns as a calendar, to whoever has its secret address."""
    try:
        person = feeds.person_of(token)
    except feeds.NoSuchFeed as problem:
        raise Http404 from problem
    written = feeds.calendar_of(person, at=request.at)
    return HttpResponse(written, content_type="text/calendar; charset=utf-8")


def _mine(request: Admitted, key: int) -> Contact:
    return get_object_or_404(verbs.contacts_of(request.person), pk=key)
