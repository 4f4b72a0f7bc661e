"""Letters by text message and chat, through whatever service Apprise knows: an address is one of its URLs.

Apprise's addresses can do more than name a service: open files, follow redirects, ask other servers. So an address may
have the parameters that say who is told, as whom and how urgently, and no others.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from puntuale.people import egress
from puntuale.sending.letters import Letter
from puntuale.sending.transports import AddressRefused, NotDelivered, Undeliverable

if TYPE_CHECKING:
    from apprise import NotifyBase

SMS: Mapping[str, str] = {
    "46elks": "to from", "bulksms": "to from route unicode", "bulkvs": "to from",
    "burstsms": "to from key secret country validity", "clickatell": "to from apikey", "clicksend": "to key",
    "d7sms": "to from source unicode", "exotel": "to from sid token apikey key region priority",
    "httpsms": "to from key", "infobip": "to from key", "kavenegar": "to from", "msg91": "to", "msgbird": "to from",
    "nexmo": "to from key secret ttl", "octopush": "to login key purpose type", "plivo": "to from token id",
    "sfr": "to from sender lang voice", "seven": "to from source flash label", "signal": "to from status",
    "signals": "to from status", "sinch": "to from spi region token", "smseagle": "to token priority flash",
    "smseagles": "to token priority flash", "smsmanager": "to from sender key gateway",
    "smsmgr": "to from sender key gateway", "sns": "to token access key secret region",
    "telnyx": "to from key profile", "threema": "to from gwid secret", "twilio": "to from sid token apikey method",
    "voipms": "to from", "vonage": "to from key secret ttl", "whatsapp": "to from token template lang",
}  # fmt: skip
CHAT: Mapping[str, str] = {
    "discord": "thread tts", "gchat": "workspace key token thread", "goalert": "to token", "goalerts": "to token",
    "gotify": "priority", "gotifys": "priority", "guilded": "thread tts", "lark": "",
    "matrix": "to token mode version msgtype discovery", "matrixs": "to token mode version msgtype discovery",
    "mmost": "to channel channels team botname", "mmosts": "to channel channels team botname",
    "ntfy": "to token auth mode priority xtags", "ntfys": "to token auth mode priority xtags",
    "opsgenie": "to region priority entity alias tags", "pagerduty": "group class region severity",
    "pover": "to priority sound interval expire", "rocket": "to mode webhook", "rockets": "to mode webhook",
    "ryver": "mode", "signal": SMS["signal"], "signals": SMS["signals"], "slack": "to token", "spike": "",
    "splunk": "apikey routing_key route entity_id", "squadcast": "key region priority",
    "synology": "token", "synologys": "token", "tgram": "to topic thread silent preview", "twist": "to",
    "victorops": "apikey routing_key route entity_id", "webex": "to token mode", "wxteams": "to token mode",
    "workflow": "id sig ver api-version pa powerautomate route routeid",
    "workflows": "id sig ver api-version pa powerautomate route routeid", "zulip": "to token",
}  # fmt: skip
"""The services that may be asked, of the many that Apprise knows, each with the parameters its address may have."""

LONGEST_SUBJECT = 160
REFUSED = "the service did not take it"
_STATUS = re.compile(r"\berror=([1-5][0-9]{2})\b")


def send(address: str, letter: Letter, key: UUID) -> None:  # noqa: ARG001 -- services keep no key
    """Hand a letter to a service. Raises NotDelivered, Undeliverable for an unusable address, both in fixed words.

    The number of the ticket and the link, the same in every try, tell that it is one page.
    """
    from apprise import LogCapture  # noqa: PLC0415 -- slow to load, and needed by few desks

    try:
        service = _service(address, SMS if _scheme(address) in SMS else CHAT)
    except AddressRefused as problem:
        raise Undeliverable(problem.rule) from problem
    body = "\n".join(part for part in (letter.subject[:LONGEST_SUBJECT], letter.link) if part)
    with LogCapture(level=30, fmt="%(message)s") as log, egress.guarded() as guard:  # type: ignore[no-untyped-call]
        try:
            is_done = service.notify(body=body)
        except Exception as problem:
            raise NotDelivered(REFUSED) from problem
        status = _STATUS.search(log.getvalue())
    if guard.was_private and not is_done:
        raise Undeliverable("address.private")
    if not is_done:
        raise NotDelivered(f"{REFUSED} ({status[1]})" if status else REFUSED)


def check_sms(address: str) -> None:
    """Raise AddressRefused for what is no address of a service for text messages."""
    _check(address, SMS)


def check_chat(address: str) -> None:
    """Raise AddressRefused for what is no address of a chat or paging service."""
    _check(address, CHAT)


def _check(address: str, services: Mapping[str, str]) -> None:
    service = _service(address, services)
    # Of the other services, what Apprise calls the host is part of a secret.
    if "host" in service.template_tokens and service.host:
        try:
            egress.check_host(str(service.host))
        except egress.PrivateTarget as problem:
            raise AddressRefused("address.private") from problem


def _service(address: str, services: Mapping[str, str]) -> "NotifyBase":
    """Return the service an address belongs to. Raises AddressRefused.

    What is judged is what Apprise itself reads of the address, and what is judged is what is used.
    """
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415
    from apprise.plugins import url_to_dict  # noqa: PLC0415

    if _scheme(address) not in services or not address.isprintable():
        raise AddressRefused("address.service")
    parts = url_to_dict(address)  # type: ignore[no-untyped-call]
    if not parts or parts.get("schema") not in services:
        raise AddressRefused("address.service_parts")
    if set(parts.get("qsd", ())) - set(services[parts["schema"]].split()):
        raise AddressRefused("address.parameter")
    asset = AppriseAsset(http_redirects=False, app_id="Puntuale", app_desc="Puntuale", app_url=settings.BASE_URL)
    found = Apprise.instantiate(parts, asset=asset, suppress_exceptions=True)
    if not found or isinstance(found, str):
        raise AddressRefused("address.service_parts")
    return found


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()
