"""While somebody writes: what her text will look like, and a draft of it that outlives the page."""

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.forms import written_in
from puntuale.looks.markdown import rendered
from puntuale.looks.requests import Admitted
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets import attachments, drafts
from puntuale.tickets.keys import is_key
from puntuale.tickets.models import Draft, Ticket
from puntuale.tickets.reading import visible_to
from puntuale.tickets.texts import LONGEST_BODY


@admitted
@require_POST
def preview(request: Admitted) -> HttpResponse:
    """Show a text as readers will see it."""
    return HttpResponse(rendered(request.POST.get("body", "")[:LONGEST_BODY], _("Quoted text")))


@admitted
@require_POST
def draft(request: Admitted) -> HttpResponseBase:
    """Keep what somebody has typed so far in one form, or forget it when the form is empty.

    Answers with the version that is kept; with 409 and the other text where that was changed elsewhere meanwhile; and
    says so when the form was sent already.
    """
    place = request.POST.get("place", "")
    if place not in Draft.Place.values:
        raise Http404
    try:
        kept = drafts.save(
            request.person,
            written_in(request),
            place=Draft.Place(place),
            ticket=_ticket(request),
            caller=_caller(request, place),
            known=request.POST.get("version"),
            at=request.at,
        )
    except drafts.ChangedMeanwhile as problem:
        return JsonResponse(_shown(problem.draft), status=409)
    except drafts.SentAlready as problem:
        return JsonResponse({"kept": False, "sent": True, "same": problem.says_the_same})
    return JsonResponse({"kept": kept is not None, "version": kept.version if kept else ""})


def _ticket(request: Admitted) -> Ticket | None:
    """Return the ticket that a draft is on, or None for none. Raises Http404."""
    number = request.POST.get("ticket", "")
    ticket = visible_to(request.person).filter(pk=number).first() if is_key(number) else None
    if number and ticket is None:
        raise Http404
    return ticket


def _caller(request: Admitted, place: str) -> Person | None:
    """Return the customer whom an agent talks to on the phone, or None on other forms. Raises Http404."""
    if place != Draft.Place.PHONE:
        return None
    key = request.POST.get("caller", "")
    customers = Person.objects.exclude(role__in=VENDOR_ROLES)
    caller = customers.filter(pk=key).first() if is_key(key) and request.person.works_for_vendor else None
    if caller is None:
        raise Http404
    return caller


def _shown(draft: Draft) -> dict[str, object]:
    files = [{"key": one.key, "name": one.name} for one in attachments.of_draft(draft)]
    fields = {"body": draft.body, "subject": draft.subject, "fields": draft.fields or {}}
    return fields | {"files": files, "version": draft.version}
