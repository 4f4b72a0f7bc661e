"""Mail that is too large to be kept: its header is, and that it came, so that somebody asks for it in another way."""

from datetime import datetime

from puntuale.mail.incoming import keeping
from puntuale.mail.incoming.headers import Headers, printable, sender
from puntuale.mail.incoming.limits import MOST_HEADERS
from puntuale.mail.models import Incoming, Outcome
from puntuale.people.email import normalised


def note_too_large(header: bytes, *, size: int, mailbox: str, at: datetime, delivery: keeping.Delivery) -> Incoming:
    """Return the row of a mail that stays where it is, for a person to look at."""
    mail = keeping.keep([header[:MOST_HEADERS]], mailbox=mailbox, at=at, delivery=delivery)
    read = Headers(header[:MOST_HEADERS])
    mail.size, mail.outcome, mail.because, mail.try_at, mail.settled_at = size, Outcome.REVIEW, "too_large", None, at
    mail.sender = normalised(sender(read)[0])[:320]
    mail.subject = printable(read.text("subject"))[:255]
    mail.save()
    return mail
