"""The body of a delivery. It is made of rows that never change, so every try sends the same bytes.

It holds numbers, keys and instants (UTC), and nothing that anybody wrote: whoever needs the words asks the API.
"""

import json
from datetime import datetime

from puntuale.guarantee.reckoning import utc_text
from puntuale.tickets.models import Event, PromiseEnding, PromiseMade
from puntuale.webhooks.models import Delivery


def body_of(delivery: Delivery) -> str:
    """Return the body as Standard Webhooks wants it: `type`, `timestamp`, `data`, as JSON without spaces."""
    told = {"type": delivery.type, "timestamp": utc_text(_at(delivery)), "data": _data(delivery)}
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def _at(delivery: Delivery) -> datetime:
    return delivery.event.at if delivery.event else delivery.made_at


def _data(delivery: Delivery) -> dict[str, object]:
    if delivery.event is not None:
        return _event(delivery.event)
    if delivery.promise is not None:
        ticket = {"number": delivery.promise.ticket_id, "organisation": delivery.promise.ticket.organisation_id}
        return {"ticket": ticket, "level": delivery.level, "promise": _promise(delivery.promise)}
    return {}


def _event(event: Event) -> dict[str, object]:
    by = {"person": event.by.pk, "works_for_vendor": event.by.works_for_vendor} if event.by else None
    made = PromiseMade.objects.filter(made_by=event).order_by("pk")
    ended = PromiseEnding.objects.filter(ended_by=event).select_related("promise").order_by("pk")
    return {
        "ticket": {"number": event.ticket_id, "organisation": event.ticket.organisation_id},
        "number": event.number,
        "at": utc_text(event.at),
        "by": by,
        "facts": event.facts,
        "promises_made": [_promise(one) for one in made],
        "promises_ended": [
            {**_promise(one.promise), "verdict": one.verdict, "ended_at": utc_text(one.at)} for one in ended
        ],
    }


def _promise(promise: PromiseMade) -> dict[str, object]:
    return {
        "metric": promise.metric,
        "number": promise.number,
        "plan": promise.plan,
        "priority": promise.priority,
        "target": promise.target or None,
        "start_at": utc_text(promise.start_at),
        "due_at": utc_text(promise.due_at) if promise.due_at else None,
        "no_guarantee": promise.no_guarantee or None,
        "agreement_version": promise.publication_id,
    }
