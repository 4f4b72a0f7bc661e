"""The due time of a promise as an entry for the reader's calendar."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from puntuale.looks.promises import ShownPromise
from puntuale.sending.letters import Enclosure
from puntuale.tickets.models import Ticket

LEAST = timedelta(minutes=15)
"""How long an entry lasts, so that calendars draw it: it ends when the answer is due."""


def due_event(ticket: Ticket, promise: ShownPromise, *, link: str, at: datetime) -> tuple[Enclosure, ...]:
    """Return an iCalendar file (RFC 5545) with the quarter of an hour before the answer is due; none without a promise.

    The entry has one name for the ticket's whole life, so that a later due time takes the place of an earlier one.
    """
    if promise.due_at is None or not promise.is_running:
        return ()
    entry = Event()
    entry.add("uid", f"ticket.{ticket.pk}@{settings.MAIL_DOMAIN}")
    entry.add("sequence", promise.standing.latest.number)
    told = {"number": ticket.number, "subject": ticket.subject}
    entry.add("summary", _("Answer to #%(number)s due: %(subject)s") % told)
    entry.add("dtstart", promise.due_at - LEAST)
    entry.add("dtend", promise.due_at)
    entry.add("dtstamp", at.replace(microsecond=0))
    entry.add("url", link)
    entry.add("transp", "TRANSPARENT")
    calendar = Calendar()
    calendar.add("prodid", "-//Puntuale//Promises//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return (Enclosure("due.ics", "text/calendar; method=PUBLISH", calendar.to_ical()),)
