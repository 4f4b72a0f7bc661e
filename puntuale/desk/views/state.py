"""How a ticket goes on and ends: waiting, resolved, cancelled, merged, split, and back."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.desk.acting import act, back, refused
from puntuale.desk.boxes import Again
from puntuale.desk.refusals import REFUSALS
from puntuale.desk.ticket_page import found, named, page
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import merging, resolution, splitting
from puntuale.tickets import waiting as waits
from puntuale.tickets.models import Cancellation

Because = Cancellation.Because


@admitted
@require_POST
def waiting(request: Admitted, number: int) -> HttpResponseBase:
    """Wait for the customer."""
    done = _("Waiting for the customer.")
    return act(request, number, lambda ticket: waits.wait(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def continuation(request: Admitted, number: int) -> HttpResponseBase:
    """Go on with a ticket without waiting any longer."""
    done = _("Open again.")
    return act(request, number, lambda ticket: waits.go_on(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def resolved(request: Admitted, number: int) -> HttpResponseBase:
    """Resolve a ticket."""
    done = _("Resolved.")
    return act(request, number, lambda ticket: resolution.resolve(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def reopening(request: Admitted, number: int) -> HttpResponseBase:
    """Open a resolved ticket again."""
    done = _("Reopened.")
    return act(request, number, lambda ticket: resolution.reopen(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def cancellation(request: Admitted, number: int) -> HttpResponseBase:
    """Cancel a ticket for a reason, and tell the customer."""
    because = request.POST.get("because", "")
    if because not in set(Because):
        raise Http404
    return act(
        request,
        number,
        lambda ticket: resolution.cancel(
            ticket,
            because=Because(because),
            telling=request.POST.get("text", ""),
            of=named(request, request.POST.get("of", "")),
            by=request.person,
            at=request.at,
        ),
        form="cancellation",
        done=_("The ticket is cancelled."),
    )


@admitted
@require_POST
def restoration(request: Admitted, number: int) -> HttpResponseBase:
    """Bring a cancelled ticket back, with the promise it had."""
    done = _("Restored, with its original promise.")
    return act(request, number, lambda ticket: resolution.restore(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def merge(request: Admitted, number: int) -> HttpResponseBase:
    """Merge a ticket into another one, and go there."""
    ticket, into = found(request, number), named(request, request.POST.get("into", ""))
    if into is None:
        problem = _("There is no ticket with this number.")
        return page(request, ticket, status=422, again=Again("merge", request.POST.dict(), [problem]))
    return act(
        request,
        number,
        lambda ticket: merging.merge(ticket, into=into, by=request.person, at=request.at),
        form="merge",
        done=_("Ticket #%(number)s is merged into this one.") % {"number": number},
        to=into.number,
    )


@admitted
@require_POST
def separation(request: Admitted, number: int) -> HttpResponseBase:
    """Make a merged ticket one of its own again."""
    done = _("The merge is undone.")
    return act(request, number, lambda ticket: merging.unmerge(ticket, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def split(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Make a message of the customer a ticket of its own, and go there."""
    message = found(request, number).messages.filter(pk=key).first()
    if message is None:
        raise Http404
    subject = request.POST.get("subject", "")
    try:
        new = splitting.split(message, subject=subject, by=request.person, at=request.at)
    except REFUSALS as problem:
        return refused(request, number, problem, form=f"split-{key}")
    messages.success(request, _("This is the new ticket, split from #%(number)s.") % {"number": number})
    return back(request, new.number)
