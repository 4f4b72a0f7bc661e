"""To which ticket a mail belongs: what we write into our letters so that answers find back.

Two things lead back. The address to answer to names the ticket and whoever got the letter, and carries a seal that
only we can make, and that ends with the other links of that person. The Message-ID is the random key of the letter, of
which nobody else knows. Both only tell where a mail wants to go: whether its sender may write there is for the intake
to decide.
"""

import re
from base64 import b32encode
from dataclasses import dataclass
from email.utils import parseaddr
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

from puntuale.people.models import Person

_SEALED = re.compile(r"(\d{1,18})-(\d{1,18})-([a-z2-7]{16})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Thread:
    """What an address to answer to names: a ticket, and the person to whom the letter went, by their keys."""

    ticket: int
    person: int


def reply_address(thread: Thread) -> str:
    """Return where an answer to a letter goes: `support+4711-23-<seal>@example.com`; nothing where no mail comes in.

    In small letters and digits, which every server on the way leaves as they are, and within 64 characters.
    """
    local, _, domain = parseaddr(settings.MAIL_TO)[1].rpartition("@")
    return f"{local}+{thread.ticket}-{thread.person}-{_seal(thread)}@{domain}" if local else ""


def thread_of(address: str) -> Thread | None:
    """Return what an address to answer to names, or None for one that we did not seal."""
    local, _, domain = address.strip().rpartition("@")
    ours, _, our_domain = parseaddr(settings.MAIL_TO)[1].rpartition("@")
    name, _, tag = local.lower().partition("+")
    found = _SEALED.fullmatch(tag)
    if not ours or found is None or (name, domain.lower()) != (ours.lower(), our_domain.lower()):
        return None
    thread = Thread(ticket=int(found[1]), person=int(found[2]))
    return thread if compare_digest(_seal(thread), found[3]) else None


def own_addresses() -> set[str]:
    """Return the addresses of the desk itself, in small letters: where mail comes in, and what its letters are from."""
    said = (settings.MAIL_TO, settings.DEFAULT_FROM_EMAIL)
    return {address.lower() for address in (parseaddr(one)[1] for one in said) if address}


def _seal(thread: Thread) -> str:
    person = Person.objects.filter(pk=thread.person).only("credentials_from").first()
    version = person.credentials_version if person else ""
    named = f"{thread.ticket}-{thread.person}{version}"
    sealed = salted_hmac("puntuale.mail.threads", named, algorithm="sha256").digest()
    return b32encode(sealed)[:16].decode().lower()
