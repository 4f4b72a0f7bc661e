"""Who is on call."""

from datetime import timedelta

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.api import pages
from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.pages import Page, PageAsked
from puntuale.api.problems import of_field
from puntuale.api.told.duty import DutiesNow, DutyNow, RotaTold, Turns, TurnTold
from puntuale.api.told.people import PersonNamed
from puntuale.api.values import Asked, Instant, Number
from puntuale.oncall import reading
from puntuale.people.models import Person

router = Router(tags=["On call"])
LONGEST = timedelta(days=92)


class SpanAsked(Asked):
    """From when to when."""

    since: Instant | None = Field(None, description="Now without it.")
    until: Instant | None = Field(None, description="A week later without it; at most 92 days.")


@reads(router, "/on-call", gives=DutiesNow)
def read_on_call(request: Call) -> DutiesNow:
    """Tell who is on call by each rota now, until when, and who is next."""
    return DutiesNow(items=[DutyNow.of(duty) for duty in reading.now_on_call(at=request.at)])


@reads(router, "/rotas", gives=Page[RotaTold])
def list_rotas(request: Call, asked: Query[PageAsked]) -> Page[RotaTold]:
    """List the rotas in use."""
    rows, following = pages.of_rows(request, reading.rotas(), asked)
    return Page(items=[RotaTold.of(one) for one in rows], next=following)


@reads(router, "/rotas/{key}/turns", gives=Turns)
def list_turns(request: Call, key: Number, asked: Query[SpanAsked]) -> Turns:
    """List who is on call by a rota in a span, turn by turn, with the gaps."""
    rota = reading.rotas().filter(pk=key).first()
    if rota is None:
        raise Http404
    since = asked.since or request.at
    if abs(since - request.at) > reading.LOOKED_BACK:
        raise of_field("query.since", "instant.range", _("This is too far away to be reckoned."))
    until = asked.until or since + timedelta(days=7)
    if not since < until <= since + LONGEST:
        raise of_field("query.until", "span.length", _("A span ends after it begins, and lasts 92 days at most."))
    turns = reading.joined(reading.turns_of(rota, since=since, until=until, at=request.at))
    people = Person.objects.in_bulk({turn.who for turn in turns if turn.who is not None})
    return Turns(
        items=[
            TurnTold(
                start_at=turn.start,
                end_at=turn.end,
                person=PersonNamed.of(people[turn.who]) if turn.who in people else None,
            )
            for turn in turns
        ]
    )
