"""Letters by text message and chat, through whatever service Apprise knows: an address is one of its URLs."""

import ipaddress
import socket
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from puntuale.sending.letters import Letter
from puntuale.sending.transports import AddressRefused, NotDelivered, Undeliverable

if TYPE_CHECKING:
    from apprise import NotifyBase

SMS = frozenset([
    "46elks", "bulksms", "bulkvs", "burstsms", "clickatell", "clicksend", "d7sms", "exotel", "httpsms",
    "infobip", "kavenegar", "msg91", "msgbird", "nexmo", "octopush", "plivo", "sfr", "seven", "signal",
    "signals", "sinch", "smseagle", "smseagles", "smsmanager", "smsmgr", "sns", "telnyx", "threema", "twilio",
    "voipms", "vonage", "whatsapp",
])  # fmt: skip
CHAT = frozenset([
    "discord", "gchat", "goalert", "goalerts", "gotify", "gotifys", "guilded", "lark", "matrix", "matrixs",
    "mmost", "mmosts", "ntfy", "ntfys", "opsgenie", "pagerduty", "pover", "rocket", "rockets", "ryver",
    "signal", "signals", "slack", "spike", "splunk", "squadcast", "synology", "synologys", "tgram", "twist",
    "victorops", "webex", "wxteams", "workflow", "workflows", "zulip",
])  # fmt: skip
"""What may be asked of Apprise, which also knows ways to write files and to talk to this machine."""

LONGEST_SUBJECT = 160


def send(address: str, letter: Letter, key: UUID) -> None:  # noqa: ARG001 -- services keep no key
    """Hand a letter to a service. Raises NotDelivered with what it said, Undeliverable for an unusable address.

    The number of the ticket and the link, the same in every try, tell that it is one page.
    """
    from apprise import LogCapture  # noqa: PLC0415 -- slow to load, and needed by few desks

    service = _service(address)
    if service is None:
        raise Undeliverable("address.service")
    _refuse_private(service)
    with LogCapture(level=30, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
        done = service.notify(body="\n".join(part for part in (letter.subject[:LONGEST_SUBJECT], letter.link) if part))
        told = " ".join(said.getvalue().split())
    if not done:
        raise NotDelivered(told or "the service refused")


def check_sms(address: str) -> None:
    """Raise AddressRefused for what is no address of a service for text messages."""
    _check(address, SMS)


def check_chat(address: str) -> None:
    """Raise AddressRefused for what is no address of a chat or paging service."""
    _check(address, CHAT)


def _check(address: str, schemes: frozenset[str]) -> None:
    if address.partition("://")[0].lower() not in schemes or not address.isprintable():
        raise AddressRefused("address.service")
    if _service(address) is None:
        raise AddressRefused("address.service_parts")


def _service(address: str) -> "NotifyBase | None":
    """Return the service an address belongs to, or None for an address that none understands."""
    from apprise import Apprise  # noqa: PLC0415

    if address.partition("://")[0].lower() not in SMS | CHAT:
        return None
    found = Apprise.instantiate(address, suppress_exceptions=True)
    return found if found and not isinstance(found, str) else None


def _refuse_private(service: "NotifyBase") -> None:
    """Raise Undeliverable for a server of one's own in a private network, unless these are allowed.

    Most services have a fixed address; the host of the others is looked up here, a moment before the service does.
    """
    host = getattr(service, "host", None)
    if settings.PRIVATE_TARGETS or not host:
        return
    try:
        found = {info[4][0] for info in socket.getaddrinfo(str(host), None)}
    except OSError:
        return  # Not a host, or one that cannot be found: the service will say so itself.
    if any(not ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found):
        raise Undeliverable("address.private")
