"""Who is on call now and next, and changes to it: covers, swaps, time off."""

from datetime import datetime
from typing import TypedDict

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.desk.agents import at_the_desk
from puntuale.desk.oncall import local_time, schedule
from puntuale.desk.oncall.page import act, page
from puntuale.guarantee.reckoning import utc_text
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.oncall import coverage, reading, rotas
from puntuale.oncall.models import Cover, Rota, TimeOff
from puntuale.people.models import Person
from puntuale.tickets.keys import is_key
from puntuale.wording import moments

MOST_GAPS = 5


@admitted
@require_safe
def oncall(request: Admitted) -> HttpResponse:
    """Show who is woken now, who is on call in the next two weeks, and how the reader is reached."""
    return page(request)


@admitted
@require_safe
def now(request: Admitted) -> JsonResponse:
    """Tell programs who is on call now, by each rota. Nobody is null."""
    found = [
        {
            "rota": one.rota.name,
            "on_call": one.person and {"name": one.person.name, "email": one.person.email},
            "until": utc_text(one.until),
            "then": one.following and {"name": one.following.name, "email": one.following.email},
        }
        for one in reading.now_on_call(at=request.at)
    ]
    return JsonResponse({"at": utc_text(request.at), "rotas": found})


@admitted
@require_POST
def covers(request: Admitted, key: int) -> HttpResponseBase:
    """Arrange that somebody is on call for a while, whatever the rota says."""
    rota, person = _rota(key), _person(request)
    return act(
        request,
        f"cover-{key}",
        lambda: rotas.cover(
            rota,
            person=person,
            **_span(request),
        ),
        done=_("The cover is arranged."),
    )


@admitted
@require_POST
def taking_over(request: Admitted, key: int) -> HttpResponseBase:
    """Take over a turn of somebody else's, or one that nobody has."""
    rota = _rota(key)

    def take() -> None:
        turn = schedule.turn_of(rota, request.POST.get("turn", ""), at=request.at)
        rotas.cover(rota, person=request.person, start_at=turn.start, end_at=turn.end, by=request.person, at=request.at)

    return act(request, f"take-{key}", take, done=_("It is your turn now."))


@admitted
@require_POST
def swaps(request: Admitted, key: int) -> HttpResponseBase:
    """Swap two turns."""
    rota = _rota(key)

    def swap() -> None:
        one, other = (schedule.turn_of(rota, request.POST.get(name, ""), at=request.at) for name in ("one", "other"))
        rotas.swap(rota, one, other, by=request.person, at=request.at)

    return act(request, f"swap-{key}", swap, done=_("The turns are swapped."))


@admitted
@require_POST
def withdrawal(request: Admitted, key: int) -> HttpResponseBase:
    """Withdraw a cover, or both of a swap."""
    found = get_object_or_404(Cover, pk=key)
    done = _("Withdrawn: the rota decides again.")
    return act(request, "covers", lambda: rotas.withdraw(found, by=request.person, at=request.at), done=done)


@admitted
@require_POST
def away(request: Admitted) -> HttpResponseBase:
    """Take time off; managers may enter that of others."""
    person = _person(request)
    return act(
        request, "away", lambda: rotas.take_time_off(person, **_span(request)), done=lambda: _who_is_left(request)
    )


@admitted
@require_POST
def coming_back(request: Admitted, key: int) -> HttpResponseBase:
    """Withdraw time off."""
    off = get_object_or_404(TimeOff.objects.select_related("person"), pk=key)
    return act(request, "off", lambda: rotas.come_back(off, by=request.person, at=request.at), done=_("Withdrawn."))


def _who_is_left(request: Admitted) -> str:
    """Tell whether somebody is on call while a person is off, and if not, when nobody is."""
    span = _span(request)
    gaps = coverage.gaps(since=span["start_at"], until=span["end_at"], at=request.at)
    if not gaps:
        return _("Saved. Someone else is on call during that time.")
    when = ", ".join(
        moments.near_span(gap.start, gap.end, language(), request.zone, now=request.at) for gap in gaps[:MOST_GAPS]
    )
    return _("Saved. Nobody is on call %(when)s: arrange cover.") % {"when": when}


class _Span(TypedDict):
    start_at: datetime
    end_at: datetime
    by: Person
    at: datetime


def _span(request: Admitted) -> _Span:
    """Return the span that was filled in, by whom and when. Raises SpanRefused."""
    start_at, end_at = (local_time.read(request.POST.get(name, ""), request.zone) for name in ("from", "until"))
    return _Span(start_at=start_at, end_at=end_at, by=request.person, at=request.at)


def _rota(key: int) -> Rota:
    return get_object_or_404(reading.rotas(), pk=key)


def _person(request: Admitted) -> Person:
    """Return whom a form is about. Nonsense is not found."""
    who = request.POST.get("person", str(request.person.pk))
    found = at_the_desk().filter(pk=who).first() if is_key(who) else None
    if found is None:
        raise Http404
    return found
