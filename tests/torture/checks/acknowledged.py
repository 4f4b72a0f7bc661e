"""What clients were told is so, and once."""

import hashlib
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from django.conf import settings

from puntuale.oncall.models import Acknowledgement
from puntuale.tickets import attachments
from puntuale.tickets.models import Attachment, Audience, Lowering, Message, Reclassification, Ticket
from tests.torture.seen import instant, page_of

LONG_AFTER = timedelta(days=3)
FOR_EVER = datetime.max.replace(tzinfo=UTC)


def check_i01_what_was_acknowledged_exists(seen):
    """Every ticket, answer, message, change of priority and acknowledgement that a client was told of is there."""
    stored = {ticket.number: ticket for ticket in Ticket.objects.select_related("requester")}
    bodies = set(Message.objects.filter(audience=Audience.PUBLIC).values_list("ticket_id", "body"))
    changes = set(Reclassification.objects.values_list("ticket_id", "text"))
    changes |= set(Lowering.objects.values_list("ticket_id", "text"))
    lost = [
        f"ticket {ack['number']} of {ack['key']} is lost"
        for ack in seen.told("ticket")
        if _told(stored.get(ack["number"])) != (ack["key"], ack["subject"], ack["by"])
    ]
    held = _held()
    lost += [
        f"the acknowledgement by {ack['link']} is lost"
        for ack in seen.told("acknowledgement")
        if not any(
            since <= instant(ack["at"]) and instant(ack["asked"]) <= until
            for since, until in held[page_of(ack["link"])]
        )
    ]
    there = {"answer": bodies, "message": bodies, "reclassification": changes}
    return lost + [
        f"{ack['token']} on ticket {ack['number']} is lost"
        for ack in seen.told(*there)
        if (ack["number"], ack["token"]) not in there[ack["what"]]
    ]


def check_i02_a_submission_key_is_one_ticket(seen):
    """However often a form was sent, it is one ticket with one number, and what it says is there once."""
    numbers = defaultdict(set)
    for ack in seen.told("ticket"):
        numbers[ack["key"]].add(ack["number"])
    found = [f"{key} became tickets {sorted(those)}" for key, those in numbers.items() if len(those) > 1]
    subjects = Counter(Ticket.objects.values_list("subject", flat=True))
    return found + [f"{subject} is there {count} times" for subject, count in subjects.items() if count > 1]


def check_i16_a_number_is_one_ticket(seen):
    """No number was told to two submissions."""
    keys = defaultdict(set)
    for ack in seen.told("ticket"):
        keys[ack["number"]].add(ack["key"])
    return [f"number {number} was told to {sorted(those)}" for number, those in keys.items() if len(those) > 1]


def check_i17_files_and_their_rows_agree(seen):
    """Every row has its file with the content it names, files that were sent are on their tickets, and no file is left over.

    What a killed process leaves behind is left over until the sweep that is due after a day: that is done here first.
    """
    attachments.forget_unsent(at=seen.told_at + LONG_AFTER)
    found, known = [], set()
    for row in Attachment.objects.all():
        file = attachments.path_of(row.digest)
        known.add(file)
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != row.digest:
            found.append(f"{row} has no file, or another one")
    there = set(Attachment.objects.values_list("message__ticket_id", "digest"))
    found += [
        f"the file of ticket {ack['number']} is lost"
        for ack in seen.told("ticket")
        if ack["file"] and (ack["number"], ack["file"]) not in there
    ]
    files = (file for file in settings.FILES.rglob("*") if file.is_file())
    return found + [f"{file.name} belongs to nothing" for file in files if file not in known]


def check_nothing_good_was_refused(seen):
    """No client was told that her form will not do."""
    return [f"{ack['deed']} {ack['key']} was refused with status {ack['status']}" for ack in seen.told("refused")]


def _told(ticket):
    return ticket and (str(ticket.submission_key), ticket.subject, ticket.requester.email)


def _held():
    """From when until when somebody who got a page was on it, by the keys of pages."""
    found = defaultdict(list)
    for held in Acknowledgement.objects.select_related("paging").prefetch_related("paging__pages"):
        for page in held.paging.pages.all():
            if page.person_id == held.person_id:
                found[page.pk].append((held.at, held.lapsed_at or FOR_EVER))
    return found
