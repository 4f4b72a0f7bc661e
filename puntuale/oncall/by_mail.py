"""Acknowledging a page by answering its letter. Only the headers are read: whatever she writes means that she is on it.

The letter's Message-ID is a random key that only its reader knows, and the answer must come from where it went. Mail
that no person wrote acknowledges nothing: an absence must wake the next one.
"""

from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from uuid import UUID

from django.db.models import Q

from puntuale.oncall import acknowledging
from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.oncall.models import Acknowledgement, Page
from puntuale.oncall.paging import PAGE
from puntuale.people.email import normalised
from puntuale.sending.models import Intent
from puntuale.sending.references import keys_in

MOST_HEADERS = 100_000
BY_MACHINES = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id")
IN_BULK = {"bulk", "junk", "list", "auto_reply"}


class WrittenByNobody(ValueError):
    """An automatic answer: an absence, a list, a bounce."""


def acknowledge(raw: bytes, *, at: datetime) -> list[Acknowledgement]:
    """Return what an answer acknowledges: the pages of the letter that it answers. A digest may hold several.

    Raises WrittenByNobody, and NothingToAcknowledge when it answers no page, comes from elsewhere, or comes too late.
    """
    headers = BytesHeaderParser().parsebytes(raw[:MOST_HEADERS])
    if _is_by_machine(headers):
        raise WrittenByNobody
    found = [page for page in _pages(headers) if page.person.is_active and not acknowledging.is_void(page)]
    done = []
    for page in found:
        try:
            via = Acknowledgement.Via.MAIL
            done.append(acknowledging.acknowledge(page.paging, by=page.person, via=via, at=at))
        except NothingToAcknowledge:
            continue
    if not done:
        raise NothingToAcknowledge("no page")
    return done


def _pages(headers: Message) -> list[Page]:
    keys, senders = _keys(headers), _senders(headers)
    letters = Intent.objects.filter(
        Q(key__in=keys) | Q(digest__in=keys), kind=PAGE, channel="email", sent_at__isnull=False
    )
    about = [letter.about for letter in letters if normalised(letter.address) in senders]
    return list(Page.objects.filter(pk__in=about).select_related("person", "paging").order_by("pk"))


def _keys(headers: Message) -> list[UUID]:
    """Return the keys of our letters that a mail says it answers."""
    return keys_in(" ".join(_header(headers, name) for name in ("In-Reply-To", "References")))


def _senders(headers: Message) -> set[str]:
    try:
        found = getaddresses([_header(headers, "From")])
    except RecursionError:
        # Comments within comments, as nobody writes who means us well.
        return set()
    return {normalised(address) for _, address in found if "@" in address}


def _is_by_machine(headers: Message) -> bool:
    automatic = _header(headers, "Auto-Submitted").strip().lower().partition(";")[0].strip()
    in_bulk = _header(headers, "Precedence").strip().lower() in IN_BULK
    bounced = _header(headers, "Return-Path").strip() == "<>"
    return automatic not in {"", "no"} or in_bulk or bounced or any(name in headers for name in BY_MACHINES)


def _header(headers: Message, name: str) -> str:
    """Return a header as text, or nothing for one that cannot be read."""
    try:
        return str(make_header(decode_header(str(headers.get(name, "")))))
    except (ValueError, LookupError):
        return ""
