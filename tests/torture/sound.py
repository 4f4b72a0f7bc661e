"""A sound desk for the checks to hold on, and what clients saw of it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from puntuale.oncall import acknowledging, chains, paging
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.models import Acknowledgement, Contact, Page
from puntuale.sending.models import Intent
from puntuale.tickets import attachments, classification, conversation
from puntuale.tickets.models import Grounds, Ticket
from puntuale.watch import ringing
from puntuale.watch.models import Alarm
from tests.company import LONG_AGO
from tests.guarantee.test_story import on
from tests.torture.seen import Seen

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)
TOKENS = {"answer": "answer 1", "message": "message 2", "reclassification": "reclassification 3"}
HOOK = "http://127.0.0.1:1/1"
ACKNOWLEDGED, LAPSED, IN_VAIN, ANSWERED = 3, 18, 22, 40
"""In which minutes somebody was on it, was on it no more, everybody had been paged in vain, and the answer came."""


@dataclass
class Desk:
    """A sound desk of three tickets: one that was answered after pages and alarms, one raised, one without a guarantee."""

    seen: Seen
    answered: Ticket
    raised: Ticket
    free: Ticket

    def ack(self, what, number=None):
        """What a client was told of a ticket, or of the only deed of a kind."""
        return next(ack for ack in self.seen.told(what) if number is None or ack["number"] == number)

    @property
    def alarm(self):
        """An alarm of the answered ticket."""
        return Alarm.objects.filter(ticket=self.answered).order_by("pk").first()

    @property
    def letter(self):
        """The letter about it, as it came."""
        key = Intent.objects.filter(kind="alarm", about=self.alarm.pk, channel="email").first().key
        return self.seen.copies[str(key)][0]

    @property
    def paging(self):
        """The paging over the answered ticket."""
        return self.answered.pagings.get()

    @property
    def page(self):
        """The first page over it."""
        return self.paging.pages.first()

    @property
    def page_letter(self):
        """The first page, as it came by the webhook."""
        key = Intent.objects.filter(kind="page", about=self.page.pk, channel="webhook").first().key
        return self.seen.copies[str(key)][0]


def sound_desk(company):
    """Let a desk live for an hour."""
    Contact.objects.create(person=company.ada, channel="webhook", address=HOOK, added_at=AT, verified_at=AT)
    steps = [DrawnStep(60, people=(company.ada.pk,)), DrawnStep(60, people=(company.grace.pk, company.mara.pk))]
    chains.shape(None, name="Day and night", steps=steps, by=company.mara, at=LONG_AGO, rounds=2)
    file = attachments.take_in("log.txt", [b"line"], by=company.anna, at=AT)
    answered = company.ticket(company.anna, "1", AT, subject="one", files=[file.key])
    raised = company.ticket(company.anna, "3", AT, subject="two")
    free = company.ticket(company.bruno, "1", AT, subject="three")
    for minute in range(ANSWERED):
        if minute == ACKNOWLEDGED:
            _acknowledge(answered, company.ada, AT + minute * MINUTE)
        paging.go_round(at=AT + minute * MINUTE)
    ringing.go_round(at=AT + 30 * MINUTE)
    conversation.answer(answered, body=TOKENS["answer"], by=company.ada, at=AT + ANSWERED * MINUTE)
    conversation.follow_up(free, body=TOKENS["message"], by=company.bruno, at=AT + MINUTE)
    because, telling = Grounds.IMPACT_GREW, TOKENS["reclassification"]
    classification.reclassify(raised, to="2", because=because, telling=telling, by=company.ada, at=AT + MINUTE)
    for intent in Intent.objects.exclude(sent_at__isnull=False):
        intent.try_at, intent.sent_at, intent.cancelled_at, intent.cancelled_because = None, intent.made_at, None, ""
        intent.fence = intent.attempts = 1
        intent.save()
    return Desk(told_of(answered, raised, free), answered, raised, free)


def _acknowledge(ticket, person, at):
    acknowledging.acknowledge(ticket.pagings.get(), by=person, via=Acknowledgement.Via.LINK, at=at)


def told_of(answered, raised, free):
    """What clients, mail server and webhook receiver saw of it."""
    seconds = AT.timestamp()
    tickets = [
        {
            "what": "ticket", "at": seconds + 1, "key": str(ticket.submission_key), "number": ticket.number,
            "subject": ticket.subject, "by": ticket.requester.email, "promised": ticket != free,
            "file": hashlib.sha256(b"line").hexdigest() if ticket == answered else None,
        }
        for ticket in (answered, raised, free)
    ]  # fmt: skip
    deeds = [
        {"what": what, "number": ticket.number, "token": TOKENS[what], "at": seconds + at, "by": "answer"}
        for what, ticket, at in (("answer", answered, 2401), ("message", free, 61), ("reclassification", raised, 61))
    ]
    link = f"/en/page/{acknowledging.token_of(Page.objects.first())}/"
    held = seconds + ACKNOWLEDGED * 60
    deeds.append({"what": "acknowledgement", "link": link, "asked": held, "at": held + 1, "by": "answer"})
    letters = [
        {
            "what": "letter", "key": str(intent.key), "to": intent.address, "way": "well", "channel": intent.channel,
            "began": intent.made_at.timestamp(), "at": intent.made_at.timestamp() + 1,
        }
        for intent in Intent.objects.exclude(channel="desk")
    ]  # fmt: skip
    return Seen([*tickets, *deeds], letters, [{"what": "all is told", "at": seconds + 2700}])
