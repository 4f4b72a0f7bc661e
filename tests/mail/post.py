"""A small post office for tests: mails made of headers, and taken as `puntuale receive` takes them."""

from uuid import uuid4

from puntuale.mail.incoming import handling, keeping
from puntuale.mail.models import Incoming
from puntuale.mail.telling import TICKET
from puntuale.sending.models import Intent

HOST = "mx.vendor.example"
PASSED = f"{HOST}; dmarc=pass header.from=northwind.test"
FAILED = f"{HOST}; dmarc=fail header.from=northwind.test"


def mail(sender="Anna Conti <anna@northwind.test>", body="It is broken again.", **headers):
    """Return a mail. Headers are given with underscores; one that is None is left out."""
    said = {
        "From": sender,
        "To": "support@vendor.example",
        "Subject": "Calls drop",
        "Message-ID": f"<{uuid4()}@northwind.test>",
    }
    said |= {name.replace("_", "-"): text for name, text in headers.items()}
    lines = [f"{name}: {text}" for name, text in said.items() if text is not None]
    return "\r\n".join([*lines, "", *body.split("\n"), ""]).encode()


def letter(event, person, sent_at):
    """Return a letter that told a person of an event: the one that is on its way, or one of its own."""
    one, _ = Intent.objects.update_or_create(
        kind=TICKET, about=event.pk, channel="email", address=person.email,
        defaults={"person": person, "rank": 5, "made_at": sent_at, "sent_at": sent_at, "try_at": None},
    )  # fmt: skip
    return one


def kept(raw, at, mailbox="pipe"):
    return keeping.keep([raw], mailbox=mailbox, at=at)


def taken(raw, at, reader, mailbox="pipe"):
    """Return what became of a mail."""
    one = kept(raw, at, mailbox)
    handling.handle(one.pk, reader, at=at)
    return Incoming.objects.get(pk=one.pk)
