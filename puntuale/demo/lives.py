"""Tickets that went their ways: asked back, reopened, split, opened on the phone, withdrawn, spam."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from puntuale.demo.stories import lives as said
from puntuale.demo.telling import MINUTE, Story, Storyteller, Telling
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import conversation, rating, resolution, splitting
from puntuale.tickets.assignment import assign
from puntuale.tickets.submission import open_for


def tellings(teller: Storyteller) -> Iterable[Telling]:
    """Return the stories, oldest first."""
    company = teller.company
    yield _reopened(teller)
    yield _reopened_and_open(teller)
    yield _asked_back(teller, said.FAX_PAGES, said.FAX_PAGES_ASKED, company.ada, minutes=1300)
    yield _split(teller)
    yield _withdrawn(teller)
    yield _spam(teller)
    yield _asked_back(teller, said.TWO_PHONES, said.TWO_PHONES_ASKED, company.jonas, minutes=330)
    yield _phoned_in(teller)


def _asked_back(teller: Storyteller, story: Story, question: str, agent: Person, *, minutes: int) -> Telling:
    at = yield teller.ago(minutes)
    ticket = teller.send(story, at)
    assign(ticket, to=agent, by=agent, at=at)
    at = yield teller.ago(minutes - 120)
    conversation.answer(ticket, body=question, by=agent, at=at, then=Phase.WAITING)


def _reopened(teller: Storyteller) -> Telling:
    """Tell of an answer that helped only the second time."""
    company = teller.company
    at = yield teller.ago(3600)
    ticket = teller.send(said.DIRECTORY, at)
    assign(ticket, to=company.ada, by=company.ada, at=at)
    at = yield teller.ago(3500)
    conversation.answer(ticket, body=said.DIRECTORY_ANSWER, by=company.ada, at=at, then=Phase.RESOLVED)
    at = yield teller.ago(3400)
    conversation.follow_up(ticket, body=said.DIRECTORY_AGAIN, by=company.sofia, at=at)
    at = yield teller.ago(3300)
    conversation.answer(ticket, body=said.DIRECTORY_SECOND, by=company.ada, at=at, then=Phase.RESOLVED)
    at = yield teller.ago(3280)
    rating.rate(ticket, good=True, comment=said.DIRECTORY_COMMENT, by=company.sofia, at=at)


def _reopened_and_open(teller: Storyteller) -> Telling:
    company = teller.company
    at = yield teller.ago(1700)
    ticket = teller.send(said.INVOICE_DAY, at)
    at = yield teller.ago(1500)
    conversation.answer(ticket, body=said.INVOICE_DAY_ANSWER, by=company.ada, at=at)
    resolution.resolve(ticket, by=company.ada, at=at)
    at = yield teller.ago(140)
    resolution.reopen(ticket, by=company.tommaso, at=at)
    conversation.follow_up(ticket, body=said.INVOICE_DAY_AGAIN, by=company.tommaso, at=at)
    at = yield teller.ago(138)
    rating.rate(ticket, good=False, comment=said.INVOICE_DAY_COMMENT, by=company.tommaso, at=at)


def _split(teller: Storyteller) -> Telling:
    """Tell of a customer who asks something else in the same ticket: it becomes one of its own."""
    company = teller.company
    at = yield teller.ago(700)
    ticket = teller.send(said.NEW_OFFICE, at)
    at = yield teller.ago(520)
    conversation.answer(ticket, body=said.NEW_OFFICE_ANSWER, by=company.jonas, at=at, then=Phase.RESOLVED)
    at = yield teller.ago(130)
    message = conversation.follow_up(ticket, body=said.NEW_OFFICE_AND, by=company.katrin, at=at)
    at = yield teller.ago(120)
    new = splitting.split(message, subject=said.NEW_OFFICE_SPLIT, by=company.jonas, at=at)
    assign(new, to=company.mara, by=company.jonas, at=at)
    resolution.resolve(ticket, by=company.jonas, at=at)


def _withdrawn(teller: Storyteller) -> Telling:
    """Tell of a line that was only unplugged, as the customer found out herself."""
    at = yield teller.ago(620)
    ticket = teller.send(said.UNPLUGGED, at)
    at = yield at + timedelta(minutes=9)
    resolution.close(ticket, by=teller.company.lucia, at=at)


def _spam(teller: Storyteller) -> Telling:
    at = yield teller.ago(480)
    ticket = teller.send(said.OUT_OF_OFFICE, at)
    at = yield at + 12 * MINUTE
    resolution.cancel(ticket, because=resolution.Because.SPAM, telling="", by=teller.company.ada, at=at)


def _phoned_in(teller: Storyteller) -> Telling:
    company, story = teller.company, said.PHONED_IN
    at = yield teller.ago(240)
    ticket = open_for(
        company.tommaso,
        subject=story.subject,
        body=story.body,
        environment=story.environment,
        product=company.voice,
        priority=story.priority,
        key=uuid4(),
        by=company.ada,
        at=at,
    )
    at = yield at + 6 * MINUTE
    conversation.answer(ticket, body=said.PHONED_IN_ANSWER, by=company.ada, at=at, then=Phase.RESOLVED)
