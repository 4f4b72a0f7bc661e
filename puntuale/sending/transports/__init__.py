"""How a letter gets to an address. A transport is one function; what it cannot do, it says."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from puntuale.sending.letters import Letter

ON_THE_DESK = "desk"
TO_ANYBODY = frozenset({"webhook", "sms", "chat"})
"""The channels of which each address may lead to another server, set up by whoever chose it."""
Transport = Callable[[str, Letter, UUID], None]


class NotDelivered(Exception):
    """It could not be delivered now, as far as we know, and may be later. It may have arrived all the same."""


class NeverLeft(NotDelivered):
    """It surely did not arrive: there was nobody to take it, or whoever is there refused to."""


class Undeliverable(Exception):
    """It cannot be delivered at all: trying again would not help."""


class AddressRefused(ValueError):
    """An address that a channel cannot deliver to, with the rule it breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def available() -> dict[str, Transport]:
    """Return the transports that are set up here, by the names of their channels."""
    from puntuale.sending.transports import email, messengers, webhook  # noqa: PLC0415 -- they import what stands above

    mail = {"email": email.send} if settings.EMAIL_IS_SET else {}
    return {**mail, "webhook": webhook.send, "sms": messengers.send, "chat": messengers.send}


def check_address(channel: str, address: str) -> None:
    """Raise AddressRefused for an address that a channel cannot deliver to, as far as its form tells."""
    from puntuale.sending.transports import email, messengers, webhook  # noqa: PLC0415

    checks = {
        "email": email.check,
        "webhook": webhook.check,
        "sms": messengers.check_sms,
        "chat": messengers.check_chat,
    }
    checks[channel](address)
