"""What waits now: missed, about to be, in good time, and without a guarantee."""

from collections.abc import Iterable
from datetime import datetime

from puntuale.demo import picture
from puntuale.demo.stories import present as said
from puntuale.demo.telling import MINUTE, Story, Storyteller, Telling
from puntuale.tickets import classification, conversation, following, merging, resolution
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Grounds


def tellings(teller: Storyteller) -> Iterable[Telling]:
    """Return the stories of what is open."""
    yield _missed(teller)
    yield _outage(teller)
    yield _half_done(teller)
    yield _recordings(teller)
    yield _late_lowering(teller)
    yield _sent(teller, said.SECOND_QUEUE, teller.ago(110))
    yield _sent(teller, said.WEBHOOK_IN_STAGING, teller.ago(35))
    yield _sent(teller, said.NO_LOGIN, teller.ago(300))
    yield _sent(teller, said.WRONG_LANGUAGE, teller.ago(180))
    yield _sent(teller, said.PARKED_CALLS, teller.ago(95))


def _sent(teller: Storyteller, story: Story, at: datetime) -> Telling:
    at = yield at
    teller.send(story, at)


def _missed(teller: Storyteller) -> Telling:
    """Tell of a three-hour promise, three hours and forty minutes of business time ago: missed by any clock."""
    ada = teller.company.ada
    at = yield teller.ago(220)
    ticket = teller.send(said.PORTING, at)
    at = yield teller.ago(200)
    assign(ticket, to=ada, by=ada, at=at)
    at = yield teller.ago(90)
    conversation.note(ticket, body=said.PORTING_NOTE, by=ada, at=at)


def _outage(teller: Storyteller) -> Telling:
    """Tell of the ticket that falls due next, and of another about the same."""
    company = teller.company
    at = yield teller.now - 41 * MINUTE
    ticket = teller.send(said.CALLS_DROP, at, files={"sip-trace.log": said.TRACE.encode()})
    at = yield teller.now - 33 * MINUTE
    too = teller.send(said.CALLS_DROP_TOO, at)
    at = yield teller.now - 29 * MINUTE
    told = said.SAME_AS.format(number=ticket.number)
    because = resolution.Because.DUPLICATE
    resolution.cancel(too, because=because, telling=told, of=ticket, by=company.jonas, at=at)
    following.follow(ticket, person=company.sofia, by=company.jonas, at=at)


def _half_done(teller: Storyteller) -> Telling:
    company = teller.company
    at = yield teller.ago(75)
    chart = picture.bars(said.LOADING_TIMES, slow=10)
    ticket = teller.send(said.SLOW_DASHBOARD, at, files={"dashboard-loading-times.png": chart})
    following.follow(ticket, person=company.liam, by=company.sofia, at=at)
    at = yield teller.ago(70)
    assign(ticket, to=company.jonas, by=company.mara, at=at)
    at = yield teller.ago(60)
    conversation.note(ticket, body=said.ROLL_UP, by=company.jonas, at=at)


def _recordings(teller: Storyteller) -> Telling:
    """Tell of two colleagues who report the same: their tickets become one."""
    at = yield teller.ago(290)
    ticket = teller.send(said.RECORDINGS_MISSING, at)
    at = yield teller.ago(270)
    too = teller.send(said.RECORDINGS_TOO, at)
    at = yield teller.ago(255)
    merging.merge(too, into=ticket, by=teller.company.ada, at=at)


def _late_lowering(teller: Storyteller) -> Telling:
    """Tell of a lowering with eight minutes left, which waits for a manager."""
    jonas = teller.company.jonas
    at = yield teller.now - 52 * MINUTE
    ticket = teller.send(said.HOLIDAY_GREETING, at)
    at = yield teller.now - 4 * MINUTE
    because, telling = Grounds.HOW_TO, said.GREETING_LOWERED
    classification.reclassify(ticket, to="3", because=because, telling=telling, by=jonas, at=at)
