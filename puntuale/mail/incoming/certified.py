"""Certified mail of Italy (PEC, RFC 6109): the mail inside the carrier's envelope, and whether the carrier proves it.

A carrier lets nobody write from an address that is not theirs, wraps the mail as it is, and sends the envelope from an
address of its own, "on behalf of" its writer. So the writer is who the carrier says, if it was the carrier who said so.
"""

import re
from collections.abc import Collection
from pathlib import Path

from puntuale.mail.incoming import authentication
from puntuale.mail.incoming.headers import Headers, sender
from puntuale.mail.incoming.opening import open_mail
from puntuale.mail.incoming.parts import TakenApart

CERTIFIED, ANOMALOUS = "posta-certificata", "errore"
CARRIER = "posta-certificata"
INSIDE = "postacert.eml"
ON_BEHALF_OF = re.compile(r"^per conto di:\s*(\S+)$", re.IGNORECASE)


def opened(
    apart: TakenApart, folder: Path, *, host: str, carriers: Collection[str]
) -> tuple[TakenApart, str, str, str]:
    """Return the mail to be read, its sender's address and name, and what the trusted host says about them.

    Of an envelope that is not proven the carrier stays the sender, so that a person looks into it.
    """
    headers = apart.headers
    address, name = sender(headers)
    vouched = authentication.verdict(headers, sender=address, host=host)
    inner = _inside(apart, folder)
    if inner is None:
        return apart, address, name, vouched
    inner.defects |= apart.defects
    if _is_proven(headers, address, inner, carriers) and (vouched == authentication.PASSED or not host):
        return inner, *sender(inner.headers), vouched
    return inner, address, _stated(headers) or name, vouched


def _inside(apart: TakenApart, folder: Path) -> TakenApart | None:
    """Return the mail in an envelope; None for a receipt, and for any other mail."""
    headers = apart.headers
    if headers.token("x-trasporto") not in {CERTIFIED, ANOMALOUS} or "x-ricevuta" in headers:
        return None
    mails = [file for file in apart.files if file.kind == "message/rfc822" and file.path]
    named = [file for file in mails if file.name.lower() == INSIDE]
    chosen = (named or mails)[:1]
    return open_mail(chosen[0], folder) if chosen else None


def _is_proven(headers: Headers, address: str, inner: TakenApart, carriers: Collection[str]) -> bool:
    """Tell whether an accredited carrier certifies the sender of the mail inside: not that of an anomalous one."""
    local, _, domain = address.lower().rpartition("@")
    if headers.token("x-trasporto") != CERTIFIED or local != CARRIER or domain not in carriers:
        return False
    stated = ON_BEHALF_OF.match(_stated(headers))
    writer, _ = sender(inner.headers)
    return bool(stated and writer) and stated is not None and stated[1].lower() == writer.lower()


def _stated(headers: Headers) -> str:
    """Return the name beside the carrier's address, which says on whose behalf it writes."""
    said = headers.text("from")
    return said.rpartition(" ")[0].strip(' "')
