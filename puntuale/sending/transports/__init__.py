"""How a letter gets to an address. A transport is one function; what it cannot do, it says."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from puntuale.sending.letters import Letter

ON_THE_DESK = "desk"
Transport = Callable[[str, Letter, UUID], None]


class NotDelivered(Exception):
    """It could not be delivered now, and may be later."""


class Undeliverable(Exception):
    """It cannot be delivered at all: trying again would not help."""


def available() -> dict[str, Transport]:
    """Return the transports that are set up here, by the names of their channels."""
    from puntuale.sending.transports import email  # noqa: PLC0415 -- they import what stands above

    return {"email": email.send} if settings.EMAIL_IS_SET else {}
