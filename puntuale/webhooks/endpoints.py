"""Setting up where programs are told, with which secret, and sending again what did not arrive."""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from puntuale.guarantee.visible import one_line
from puntuale.people import audit, sealing
from puntuale.people.models import Person
from puntuale.sending.transports import AddressRefused, check_address
from puntuale.webhooks import catalogue
from puntuale.webhooks.models import Delivery, Endpoint

LONGEST_NAME, LONGEST_URL = 100, 500
BOTH_SIGN_FOR = timedelta(hours=24)
LOGGED_FOR = timedelta(days=30)
BY_HAND, MAKER_LEFT = "by_hand", "maker_left"


class EndpointRefused(ValueError):
    """An endpoint that cannot be, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def add(
    *,
    name: str,
    url: str,
    types: Collection[str],
    by: Person,
    at: datetime,
    channel: str = Endpoint.Channel.WEB,
    address: str = "",
) -> Endpoint:
    """Return a new endpoint with a secret of its own, which `secret_of` tells. Raises EndpointRefused."""
    endpoint = Endpoint(made_by=by, made_at=at, channel=channel, sealed_secret=sealing.seal(_new_secret()))
    _fill(endpoint, name, url, types)
    with transaction.atomic():
        endpoint.save()
        _note("webhook_added", endpoint, by, at, address)
    return endpoint


def change(
    endpoint: Endpoint, *, name: str, url: str, types: Collection[str], by: Person, at: datetime, address: str = ""
) -> None:
    """Give an endpoint another name, address or choice of types. Raises EndpointRefused.

    The address of a chat is shown to nobody, so none means the one it has. Whoever changes it answers for it.
    """
    _fill(endpoint, name, url, types)
    endpoint.made_by = by
    with transaction.atomic():
        endpoint.save(update_fields=["name", "url", "types", "sealed_secret", "made_by"])
        _note("webhook_changed", endpoint, by, at, address)


def secret_of(endpoint: Endpoint) -> str:
    """Return the secret that signs: `whsec_...`. Raises SealBroken."""
    return sealing.unseal(endpoint.sealed_secret)


def rotate(endpoint: Endpoint, *, by: Person, at: datetime, address: str = "") -> str:
    """Return a new secret. For a day the former one signs too, so that receivers can change over in their own time."""
    new = _new_secret()
    with transaction.atomic():
        endpoint.sealed_former_secret, endpoint.sealed_secret = endpoint.sealed_secret, sealing.seal(new)
        endpoint.former_until = at + BOTH_SIGN_FOR
        endpoint.save(update_fields=["sealed_former_secret", "sealed_secret", "former_until"])
        _note("webhook_secret_changed", endpoint, by, at, address)
    return new


def switch_off(endpoint: Endpoint, *, by: Person, at: datetime, address: str = "") -> None:
    """Send nothing more until it is switched on. What happens meanwhile is not told later."""
    with transaction.atomic():
        if Endpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(disabled_at=at, disabled_because=BY_HAND):
            _note("webhook_switched_off", endpoint, by, at, address)


def switch_off_of(person: Person, at: datetime) -> None:
    """Send nothing more to where somebody let the desk tell what happens, who does not manage it any more.

    It may be a place of their own, and they know the secret that signs. Whoever manages switches it on again.
    """
    if person.manages and person.is_active:
        return
    for endpoint in Endpoint.objects.filter(made_by=person, disabled_at=None, retired_at=None):
        Endpoint.objects.filter(pk=endpoint.pk).update(disabled_at=at, disabled_because=MAKER_LEFT)
        audit.record("webhook_switched_off", by=None, at=at, about=f"webhook {endpoint.pk}", because=MAKER_LEFT)


def waiting_for_review() -> QuerySet[Endpoint]:
    """Return the endpoints that are off because whoever set them up does not manage the desk any more."""
    return Endpoint.objects.filter(disabled_because=MAKER_LEFT, disabled_at__isnull=False, retired_at=None)


def switch_on(endpoint: Endpoint, *, by: Person, at: datetime, address: str = "") -> None:
    """Send again, beginning with what still waits. Whoever does so answers for where it leads."""
    fresh: dict[str, Any] = {
        "disabled_at": None,
        "disabled_because": "",
        "tried": 0,
        "try_at": None,
        "failing_since": None,
    }
    fresh |= {"made_by": by} if endpoint.disabled_because == MAKER_LEFT else {}
    with transaction.atomic():
        if Endpoint.objects.filter(pk=endpoint.pk, disabled_at__isnull=False).update(**fresh):
            _note("webhook_switched_on", endpoint, by, at, address)


def retire(endpoint: Endpoint, *, by: Person, at: datetime, address: str = "") -> None:
    """Send nothing more, ever. Its secret is forgotten."""
    gone = {"retired_at": at, "sealed_secret": "", "sealed_former_secret": ""}
    with transaction.atomic():
        if Endpoint.objects.filter(pk=endpoint.pk, retired_at=None).update(**gone):
            _note("webhook_retired", endpoint, by, at, address)


def ping(endpoint: Endpoint, *, at: datetime) -> Delivery:
    """Return a delivery that tells nothing but that we are here. It goes its way like any other, at once."""
    Endpoint.objects.filter(pk=endpoint.pk).update(try_at=None)
    return Delivery.objects.create(endpoint=endpoint, type=catalogue.PING, made_at=at)


def replay(endpoint: Endpoint, *, delivery: int | None = None) -> int:
    """Send again one delivery, or all that were given up, and return how many. Each keeps its `webhook-id`."""
    over = endpoint.deliveries.filter(given_up_at__isnull=False)
    if delivery is not None:
        over = endpoint.deliveries.filter(Q(sent_at__isnull=False) | Q(given_up_at__isnull=False), pk=delivery)
    with transaction.atomic():
        count = over.update(sent_at=None, given_up_at=None, attempts=0)
        if count:
            Endpoint.objects.filter(pk=endpoint.pk).update(try_at=None)
    return count


def forget_old(*, at: datetime) -> int:
    """Drop the log of what was taken or given up more than thirty days ago, and return of how much."""
    over = Q(sent_at__lt=at - LOGGED_FOR) | Q(given_up_at__lt=at - LOGGED_FOR)
    count, _ = Delivery.objects.filter(over).delete()
    return count


def _fill(endpoint: Endpoint, name: str, url: str, types: Collection[str]) -> None:
    endpoint.name = one_line(name)
    endpoint.types = [one for one in catalogue.TYPES if one in types]
    if not endpoint.name or len(endpoint.name) > LONGEST_NAME:
        raise EndpointRefused("name.length")
    if len(endpoint.types) != len(set(types)):
        raise EndpointRefused("types.unknown")
    _lead(endpoint, url.strip())


def _lead(endpoint: Endpoint, url: str) -> None:
    """Set where an endpoint leads. Raises EndpointRefused."""
    is_chat = endpoint.channel == Endpoint.Channel.CHAT
    if is_chat and endpoint.pk and not url:
        return
    if len(url) > LONGEST_URL:
        raise EndpointRefused("address.web")
    try:
        check_address("chat" if is_chat else "webhook", url)
    except AddressRefused as problem:
        raise EndpointRefused(problem.rule) from problem
    if is_chat:
        endpoint.url, endpoint.sealed_secret = f"{url.partition('://')[0]}://", sealing.seal(url)
    else:
        endpoint.url = url


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _note(action: str, endpoint: Endpoint, by: Person, at: datetime, address: str) -> None:
    audit.record(action, by=by, at=at, about=f"webhook {endpoint.pk}", address=address)
