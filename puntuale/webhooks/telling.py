"""Meaning to tell the endpoints, in the transaction of what they are told."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from puntuale.tickets.models import Event, PromiseMade, Ticket
from puntuale.webhooks import catalogue
from puntuale.webhooks.models import Delivery, Endpoint


def tell(ticket: Ticket, event: Event) -> None:  # noqa: ARG001 -- every listener is told both
    """Mean to tell every endpoint that asks for this kind of event."""
    found = catalogue.type_of(event.kind)
    _mean(Delivery(endpoint=one, type=found, event=event, made_at=event.at) for one in _served() if _wants(one, found))


def tell_of_alarms(rung: Sequence[tuple[PromiseMade, str]], at: datetime) -> None:
    """Mean to tell every endpoint that asks for it which alarms rang: at the due time, that a promise was missed."""
    served = _served()
    _mean(
        Delivery(endpoint=one, type=found, promise=promise, level=level, made_at=at)
        for promise, level in rung
        for found in [catalogue.type_of_alarm(level)]
        for one in served
        if _wants(one, found)
    )


def _served() -> list[Endpoint]:
    return list(Endpoint.objects.filter(disabled_at=None, retired_at=None).only("pk", "types"))


def _wants(endpoint: Endpoint, wanted: str) -> bool:
    return not endpoint.types or wanted in endpoint.types


def _mean(deliveries: Iterable[Delivery]) -> None:
    rows = list(deliveries)
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
