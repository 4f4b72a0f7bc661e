"""Endpoints and deliveries in words."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puntuale.looks.promises import Chip
from puntuale.webhooks import catalogue, delivering, endpoints
from puntuale.webhooks.endpoints import EndpointRefused
from puntuale.webhooks.models import Delivery, Endpoint


@dataclass(frozen=True, slots=True)
class Group:
    """Types that belong together, each with whether it is chosen."""

    name: str
    types: list[tuple[str, bool]]


def groups(chosen: Collection[str]) -> list[Group]:
    """Return the catalogue in groups, for a form."""
    return [
        Group(_("Promises"), [(one, one in chosen) for one in (catalogue.ALARM, catalogue.MISSED)]),
        Group(_("Tickets"), [(one, one in chosen) for one in catalogue.ON_TICKETS]),
    ]


def standing(endpoint: Endpoint) -> Chip:
    """Return how an endpoint is doing, for a glance."""
    if endpoint.disabled_at is not None:
        return _why_off(endpoint)
    if endpoint.failing_since is not None:
        return Chip("soon", "triangle-alert", _("fails; it is tried again"))
    if endpoint.lame_since is not None:
        return Chip("soon", "triangle-alert", _("slow"))
    return Chip("calm", "circle-check", _("works")) if endpoint.served_at else Chip("none", "clock", _("not used yet"))


def _why_off(endpoint: Endpoint) -> Chip:
    reasons = {
        delivering.GONE: _("off: the receiver says that it is gone"),
        delivering.FAILING: _("off: it failed for days"),
        endpoints.MAKER_LEFT: _("off: whoever set it up no longer manages the desk"),
    }
    if endpoint.disabled_because in reasons:
        return Chip("late", "circle-x", reasons[endpoint.disabled_because])
    return Chip("none", "minus", _("off"))


def outcome(delivery: Delivery) -> Chip:
    """Return what became of a delivery, for a glance."""
    if delivery.sent_at is not None:
        return Chip("calm", "circle-check", _("taken"))
    if delivery.given_up_at is not None:
        return Chip("late", "circle-x", _("given up"))
    return Chip("soon", "clock", _("tried again")) if delivery.attempts else Chip("none", "clock", _("on its way"))


def why_refused(problem: EndpointRefused) -> str:
    """Return why an endpoint cannot be."""
    told = {
        "name.length": _("A webhook needs a name of at most 100 characters."),
        "address.web": _("This is no address on the web. It looks like https://example.com/hook."),
        "address.service": _("This is no address of a chat that we know. It looks like slack://…"),
        "address.service_parts": _("Something is missing in this address, or is not as the service wants it."),
        "address.private": _("This address leads to a private network. Use one that can be reached from the internet."),
        "address.parameter": _("This address has settings that aren't supported here. Remove them after the “?”."),
        "types.none": _("Please choose what it is told."),
        "types.unknown": _("This type of event does not exist."),
    }
    return told[problem.rule]
