"""The demo's history: tickets in every state, at whatever hour it is started, by calling the verbs in the past."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from puntuale.agreements.models import Product
from puntuale.agreements.reading import agreement_in_force
from puntuale.demo import stories
from puntuale.demo.company import Company
from puntuale.guarantee.calendars import Calendar
from puntuale.guarantee.facts import Phase
from puntuale.guarantee.promise import quote
from puntuale.people.models import Person
from puntuale.tickets import conversation
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Ticket
from puntuale.tickets.submission import submit

MINUTE = timedelta(minutes=1)
HOUR = 3600


@dataclass(frozen=True)
class Storyteller:
    """Sends tickets so that they stand as wanted now."""

    company: Company
    now: datetime

    @property
    def office(self) -> Calendar:
        """Return the clock of the business hours."""
        return agreement_in_force(self.now).calendar("business")

    def send(self, by: Person, story: stories.Story, at: datetime, product: Product | None) -> Ticket:
        """Send a ticket as it is told."""
        return submit(
            requester=by,
            subject=story.subject,
            body=story.body,
            environment=story.environment,
            product=product,
            priority=story.priority,
            key=uuid4(),
            at=at,
        )

    def ago(self, minutes: int) -> datetime:
        """Return the instant from which so many minutes of business time have passed until now."""
        return self.office.lead(self.now, minutes * 60)

    def answer(self, ticket: Ticket, story: stories.Story, by: Person, at: datetime) -> None:
        """Answer a ticket as it is told, after taking it."""
        assign(ticket, to=by, by=by, at=at - MINUTE)
        conversation.answer(ticket, body=story.answer, by=by, at=at, then=Phase.RESOLVED)


def tell(company: Company, *, at: datetime) -> None:
    """Fill the desk: what waits now, in every state, and five weeks of what was answered."""
    teller = Storyteller(company, at)
    _past(teller)
    _present(teller)


def _present(teller: Storyteller) -> None:
    """What waits now: missed, about to be, in good time, and without a guarantee."""
    company, now = teller.company, teller.now
    # A three-hour promise, three hours and forty minutes of business time ago: missed by any clock.
    missed = teller.send(company.chiara, stories.PORTING, teller.ago(220), company.numbers)
    assign(missed, to=company.ada, by=company.ada, at=teller.ago(200))
    teller.send(company.liam, stories.CALLS_DROP, now - 41 * MINUTE, company.voice)
    half_done = teller.send(company.sofia, stories.SLOW_DASHBOARD, teller.ago(75), company.voice)
    assign(half_done, to=company.jonas, by=company.mara, at=teller.ago(70))
    conversation.note(half_done, body=stories.ROLL_UP, by=company.jonas, at=teller.ago(60))
    teller.send(company.pietro, stories.RECORDINGS_MISSING, teller.ago(290), company.recording)
    teller.send(company.sofia, stories.SECOND_QUEUE, teller.ago(110), company.voice)
    teller.send(company.pietro, stories.WEBHOOK_IN_STAGING, teller.ago(35), company.voice)
    teller.send(company.tommaso, stories.NO_LOGIN, teller.ago(300), company.voice)
    teller.send(company.liam, stories.WRONG_LANGUAGE, teller.ago(180), company.transcripts)


def _past(teller: Storyteller) -> None:
    """Five weeks of tickets that were answered, nearly all in time."""
    company = teller.company
    customers = (company.liam, company.chiara, company.sofia, company.pietro, company.tommaso)
    agents = (company.ada, company.jonas)
    products = {"voice": company.voice, "recording": company.recording, "numbers": company.numbers}
    for number, story in enumerate(stories.PAST):
        customer, agent = customers[number % len(customers)], agents[number % len(agents)]
        started = teller.ago((len(stories.PAST) - number) * 430 + number * 7 % 60)
        product = products.get(story.product)
        ticket = teller.send(customer, story, started, product)
        teller.answer(ticket, story, agent, _answered_at(teller, ticket, story.share))
        if story.thanks:
            after = _answered_at(teller, ticket, story.share) + 20 * MINUTE
            conversation.follow_up(ticket, body=story.thanks, by=customer, at=after)


def _answered_at(teller: Storyteller, ticket: Ticket, share: float) -> datetime:
    """Return the instant at which that share of the promised time was used up; without a promise, of nine hours."""
    agreement = agreement_in_force(ticket.submitted_at)
    promise = quote(
        agreement,
        plan=ticket.plan,
        priority=ticket.priority,
        environment=ticket.environment,
        stage="released",
        at=ticket.submitted_at,
    )
    if promise.target is None:
        return teller.office.deadline(ticket.submitted_at, int(9 * HOUR * share))
    calendar = agreement.calendar(promise.target.hours)
    return calendar.deadline(ticket.submitted_at, int(promise.target.seconds * share))
