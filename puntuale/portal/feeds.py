"""What calendar programs read: when we are open, and by when each ticket will be answered."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import Calendar, Event

from puntuale.guarantee.hours import HoursTable
from puntuale.looks.published import Page
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import visible_to

AHEAD = timedelta(days=90)
MOST_TICKETS = 500
SHOWN_FOR = timedelta(minutes=15)


def promises_of(person: Person, *, at: datetime) -> bytes:
    """Return by when each ticket that is still owed an answer will have it, as an iCalendar file (RFC 5545).

    A customer's own, and those she follows; for an agent what she has in hand.
    """
    seen = visible_to(person).filter(due_at__isnull=False)
    owed = seen.filter(assignee=person) if person.works_for_vendor else seen
    name = "desk_ticket" if person.works_for_vendor else "ticket"
    with override(person.language):
        calendar = _calendar(_("Answers due"))
        for ticket in owed.order_by("due_at", "pk")[:MOST_TICKETS]:
            calendar.add_component(_due(ticket, settings.BASE_URL + reverse(name, args=[ticket.number]), at))
    written: bytes = calendar.to_ical()
    return written


def hours_of(page: Page) -> bytes:
    """Return when we are open in the next ninety days, and the closed days of the next twelve months."""
    calendar = _calendar(_("Business hours"))
    for table in page.agreement.hours.values():
        if not table.is_always_open:
            _add_hours(calendar, table, page)
    written: bytes = calendar.to_ical()
    return written


def _add_hours(calendar: Calendar, table: HoursTable, page: Page) -> None:
    for day, name in page.days_off(table):
        event = _event(f"closed-{table.key}-{day}", page.at)
        event.add("summary", _("Closed: %(name)s") % {"name": name.in_language(page.language)})
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        calendar.add_component(event)
    for span in page.agreement.calendar(table.key).intervals(page.at, page.at + AHEAD):
        event = _event(f"open-{table.key}-{int(span.end.timestamp())}", page.at)
        event.add("summary", table.name.in_language(page.language))
        event.add("dtstart", span.start)
        event.add("dtend", span.end)
        calendar.add_component(event)


def _due(ticket: Ticket, link: str, at: datetime) -> Event:
    assert ticket.due_at is not None
    event = _event(f"ticket.{ticket.pk}", at)
    told = {"number": ticket.number, "subject": ticket.subject}
    event.add("summary", _("Answer to #%(number)s due: %(subject)s") % told)
    event.add("dtstart", ticket.due_at - SHOWN_FOR)
    event.add("dtend", ticket.due_at)
    event.add("url", link)
    return event


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Puntuale//Calendars//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    return calendar


def _event(name: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{name}@{settings.MAIL_DOMAIN}")
    event.add("dtstamp", at.replace(microsecond=0))
    event.add("transp", "TRANSPARENT")
    return event
