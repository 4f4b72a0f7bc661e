"""How much one person, and one organisation, may send within an hour. Who works for the vendor has no limits.

What a real customer sends is far below. The most urgent priority is counted apart: however much else was sent, the
first of an outage always go through, and where there were too many the same can be sent as less urgent. A ticket
counts as what it was sent as, whatever became of it; one that its customer made most urgent counts as that, too.

What nothing proves to come from the customer it names has an allowance of its own, as large: anybody can write such
mail, and must not use up what the customer may send. Of files it takes half at most.
"""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum

from puntuale.people.models import Person
from puntuale.tickets.models import Attachment, Event, ImpactReport, Kind, Message, Ticket

WITHIN = timedelta(hours=1)
TIMES_FOR_ALL = 5
"""How many times as much an organisation may send as one of its people."""
UNPROVEN = "unproven"
"""The fact of a submission that nothing proves who sent it."""
MESSAGES_A_TICKET = 3
"""How many messages there may be within an hour for each ticket that may be sent in it."""
MOST_BYTES = 2 * 1024**3


class TooMany(ValueError):
    """More than anybody needs: of what, how many there may be, and when to come back.

    `what` is one of `tickets`, `urgent`, `messages` and `files`; `is_of_all` tells that the whole organisation sent it.
    """

    def __init__(self, what: str, limit: int, seconds: int, *, is_of_all: bool = False) -> None:
        super().__init__(what, limit, seconds)
        self.what = what
        self.limit = limit
        self.seconds = seconds
        self.is_of_all = is_of_all


def refuse_too_many_tickets(
    requester: Person, *, is_urgent: bool, most_urgent: str, at: datetime, is_unproven: bool = False
) -> None:
    """Raise TooMany when somebody, or their organisation, has sent enough tickets within the hour.

    Urgent are those that were sent as most urgent, and those that their customer made most urgent later. Those that
    nothing proves to be theirs are counted by themselves.
    """
    what, limit = ("urgent", settings.URGENT_TICKETS_AN_HOUR) if is_urgent else ("tickets", settings.TICKETS_AN_HOUR)
    if limit is None:
        return
    sent_lately = _sent(requester, limit, is_urgent=is_urgent, most_urgent=most_urgent, is_unproven=is_unproven, at=at)
    for sent, most, is_of_all in sent_lately:
        if len(sent) >= most:
            raise TooMany(what, most, _wait(sent[most - 1], at), is_of_all=is_of_all)


def _sent(
    requester: Person, limit: int, *, is_urgent: bool, most_urgent: str, is_unproven: bool, at: datetime
) -> list[tuple[list[datetime], int, bool]]:
    """Return when a person sent tickets within the hour, latest first, with how many they may; then their organisation.

    Both are read at once, since every submission asks.
    """
    ours, most = requester.organisation, limit * TIMES_FOR_ALL
    # Only the latest are looked at, along the index of whoever sent them: more hardly come in an hour.
    looked_at = most + 2 * TIMES_FOR_ALL * (
        (settings.URGENT_TICKETS_AN_HOUR or limit) + (settings.TICKETS_AN_HOUR or limit)
    )
    latest = Ticket.objects.filter(organisation=ours).order_by("-pk").values("pk")[:looked_at]
    since = at - WITHIN
    first = Event.objects.filter(ticket__in=latest, ticket__submitted_at__gt=since, kind=Kind.SUBMITTED, at__lte=at)
    first = first.filter(facts__has_key=UNPROVEN) if is_unproven else first.exclude(facts__has_key=UNPROVEN)
    if is_urgent and is_unproven:
        found = first.filter(facts__priority=most_urgent).values_list("at", "ticket__requester")
    elif is_urgent:
        raised = ImpactReport.objects.filter(by__organisation=ours, to=most_urgent, at__gt=since, at__lte=at)
        found = first.filter(facts__priority=most_urgent).values_list("at", "ticket__requester")
        found = found.union(raised.values_list("at", "by"), all=True)
    else:
        found = first.exclude(facts__priority=most_urgent).values_list("at", "ticket__requester")
    rows = list(found.order_by("-at")[:most])
    own = [when for when, who in rows if who == requester.pk]
    return [(own, limit, False), ([when for when, _who in rows], most, True)]


def refuse_too_many_messages(by: Person, *, at: datetime) -> None:
    """Raise TooMany when a customer, or their organisation, has written enough messages within the hour."""
    if settings.TICKETS_AN_HOUR is None:
        return
    # Tickets on which something happened within the hour are found by an index, and are few.
    lately = Message.objects.filter(ticket__last_event_at__gt=at - WITHIN)
    for of, times in (({"author": by}, 1), ({"author__organisation": by.organisation}, TIMES_FOR_ALL)):
        limit = settings.TICKETS_AN_HOUR * MESSAGES_A_TICKET * times
        _refuse(lately.filter(**of), "written_at", "messages", limit, at, is_of_all=times > 1)


def refuse_too_many_files(person: Person, *, at: datetime, share: int = 1) -> None:
    """Raise TooMany when somebody, or their organisation, has uploaded enough files within the hour."""
    if person.works_for_vendor or settings.FILES_AN_HOUR is None:
        return
    for of, times in (
        ({"uploaded_by": person}, 1),
        ({"uploaded_by__organisation": person.organisation}, TIMES_FOR_ALL),
    ):
        found = Attachment.objects.filter(**of, uploaded_at__gt=at - WITHIN)
        limit = max(settings.FILES_AN_HOUR // share, 1) * times
        _refuse(found, "uploaded_at", "files", limit, at, is_of_all=times > 1)
        if (found.aggregate(size=Sum("size"))["size"] or 0) >= MOST_BYTES // share * times:
            raise TooMany("files", limit, ceil(WITHIN.total_seconds()), is_of_all=times > 1)


def _refuse(found: QuerySet[Any], when: str, what: str, limit: int, at: datetime, *, is_of_all: bool) -> None:
    """Raise TooMany when the one that fills the limit was sent within the hour."""
    within = found.filter(**{f"{when}__gt": at - WITHIN, f"{when}__lte": at}).order_by(f"-{when}")
    for sent_at in within.values_list(when, flat=True)[limit - 1 : limit]:
        raise TooMany(what, limit, _wait(sent_at, at), is_of_all=is_of_all)


def _wait(sent_at: datetime, at: datetime) -> int:
    """Return the seconds until what was sent at an instant counts no more."""
    return max(ceil((sent_at + WITHIN - at).total_seconds()), 1)
