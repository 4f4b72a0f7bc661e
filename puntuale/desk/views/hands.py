"""In whose hands a ticket is, and who reads along."""

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.desk.acting import act
from puntuale.desk.agents import chosen
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people.models import Person
from puntuale.tickets.assignment import assign
from puntuale.tickets.following import follow, unfollow
from puntuale.tickets.keys import is_key


@admitted
@require_POST
def assignment(request: Admitted, number: int) -> HttpResponseBase:
    """Put a ticket into the hands of whoever asks, of a colleague, or of nobody."""
    to = chosen(request)
    if to is None:
        done = _("Ticket unassigned.")
    elif to == request.person:
        done = _("Assigned to you.")
    else:
        done = _("Assigned to %(name)s.") % {"name": to.name}
    return act(request, number, lambda ticket: assign(ticket, to=to, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def followers(request: Admitted, number: int) -> HttpResponseBase:
    """Let somebody read along: whoever asks, or a colleague of the customer."""
    person = _person(request, request.POST.get("person", ""))
    return act(
        request,
        number,
        lambda ticket: follow(ticket, person=person, by=request.person, at=request.at),
        form="followers",
        done=_("%(name)s follows this ticket now.") % {"name": person.name},
    )


@admitted
@require_POST
def removal(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Let somebody read along no more."""
    person = _person(request, str(key))
    done = _("%(name)s no longer follows this ticket.") % {"name": person.name}
    return act(
        request, number, lambda ticket: unfollow(ticket, person=person, by=request.person, at=request.at), done=done
    )


def _person(request: Admitted, written: str) -> Person:
    if written == "me":
        return request.person
    found = Person.objects.filter(pk=written).first() if is_key(written) else None
    if found is None:
        raise Http404
    return found
