"""Five weeks of tickets that were answered, nearly all in time."""

from collections.abc import Iterable
from datetime import datetime

from puntuale.demo.stories.past import PAST
from puntuale.demo.telling import MINUTE, Story, Storyteller, Telling
from puntuale.guarantee.facts import Phase
from puntuale.people.models import Person
from puntuale.tickets import conversation, rating, resolution
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Ticket

APART = 540
"""Minutes of business time between two of them."""


def tellings(teller: Storyteller) -> Iterable[Telling]:
    """Return the stories, oldest first."""
    agents = (teller.company.ada, teller.company.jonas)
    for number, story in enumerate(PAST):
        minutes = (len(PAST) - number) * APART + number * 7 % 60
        yield _answered(teller, story, agents[number % len(agents)], minutes)


def _answered(teller: Storyteller, story: Story, agent: Person, minutes: int) -> Telling:
    customer = teller.customer(story)
    at = yield teller.ago(minutes)
    ticket = teller.send(story, at)
    answered_at = teller.within(ticket, story.share)
    at = yield answered_at - MINUTE
    assign(ticket, to=agent, by=agent, at=at)
    at = yield answered_at
    conversation.answer(ticket, body=story.answer, by=agent, at=at, then=Phase.RESOLVED)
    if story.thanks:
        at = yield at + 20 * MINUTE
        conversation.follow_up(ticket, body=story.thanks, by=customer, at=at)
        at = yield at + 5 * MINUTE
        _ended(ticket, story, agent, customer, at)
    if story.rated is not None:
        at = yield at + 10 * MINUTE
        rating.rate(ticket, good=story.rated, comment="", by=customer, at=at)


def _ended(ticket: Ticket, story: Story, agent: Person, customer: Person, at: datetime) -> None:
    """Let whoever is content enough to say so close the ticket herself."""
    if story.rated:
        resolution.close(ticket, by=customer, at=at)
    else:
        resolution.resolve(ticket, by=agent, at=at)
