"""Priorities that were checked: lowered fairly, disagreed with, put right, and raised when the impact grew."""

from collections.abc import Iterable

from puntuale.demo.stories import disputes as said
from puntuale.demo.telling import MINUTE, Storyteller, Telling
from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, resolution
from puntuale.tickets.assignment import assign
from puntuale.tickets.models import Disagreement, Grounds, Ticket


def tellings(teller: Storyteller) -> Iterable[Telling]:
    """Return the stories, each of one priority."""
    yield _overruled(teller)
    yield _upheld(teller)
    yield _raised(teller)
    yield _taken_well(teller)
    yield _report_waits(teller)
    yield _disagreement_waits(teller)


def _disagreement(ticket: Ticket) -> Disagreement:
    return Disagreement.objects.get(ticket=ticket)


def _overruled(teller: Storyteller) -> Telling:
    company = teller.company
    at = yield teller.ago(2400)
    ticket = teller.send(said.RING_TONE, at)
    at = yield teller.ago(2380)
    because, telling = Grounds.HOW_TO, said.RING_TONE_LOWERED
    classification.reclassify(ticket, to="3", because=because, telling=telling, by=company.ada, at=at)
    change = ticket.reclassifications.get()
    at = yield teller.ago(2360)
    classification.disagree(change, text=said.RING_TONE_DISAGREED, by=company.pietro, at=at)
    at = yield teller.ago(2330)
    classification.overrule(_disagreement(ticket), telling=said.RING_TONE_OVERRULED, by=company.mara, at=at)
    at = yield teller.ago(2200)
    conversation.answer(ticket, body=said.RING_TONE_ANSWER, by=company.ada, at=at, then=Phase.RESOLVED)


def _upheld(teller: Storyteller) -> Telling:
    """Tell of an hour, day and night, in which a lowering was taken back: the time first promised came back."""
    company = teller.company
    started = teller.ago(1500)
    at = yield started
    ticket = teller.send(said.NO_INCOMING, at)
    at = yield started + 8 * MINUTE
    because, telling = Grounds.WORKAROUND, said.NO_INCOMING_LOWERED
    classification.reclassify(ticket, to="2", because=because, telling=telling, by=company.jonas, at=at)
    change = ticket.reclassifications.get()
    at = yield started + 14 * MINUTE
    classification.disagree(change, text=said.NO_INCOMING_DISAGREED, by=company.katrin, at=at)
    at = yield started + 25 * MINUTE
    classification.uphold(_disagreement(ticket), telling=said.NO_INCOMING_UPHELD, by=company.mara, at=at)
    assign(ticket, to=company.mara, by=company.mara, at=at)
    at = yield started + 48 * MINUTE
    conversation.answer(ticket, body=said.NO_INCOMING_ANSWER, by=company.mara, at=at, then=Phase.RESOLVED)


def _raised(teller: Storyteller) -> Telling:
    company = teller.company
    started = teller.ago(900)
    at = yield started
    ticket = teller.send(said.MOBILE_CALLS, at)
    assign(ticket, to=company.jonas, by=company.jonas, at=at)
    at = yield started + 30 * MINUTE
    classification.report_impact(ticket, to="1", text=said.MOBILE_CALLS_GREW, by=company.liam, at=at)
    at = yield started + 62 * MINUTE
    conversation.answer(ticket, body=said.MOBILE_CALLS_ANSWER, by=company.jonas, at=at, then=Phase.WAITING)
    at = yield started + 80 * MINUTE
    conversation.follow_up(ticket, body=said.MOBILE_CALLS_THANKS, by=company.liam, at=at)
    at = yield started + 90 * MINUTE
    resolution.resolve(ticket, by=company.jonas, at=at)


def _taken_well(teller: Storyteller) -> Telling:
    """Tell of a first priority that was about a test system; the customer has been asked something since."""
    jonas = teller.company.jonas
    at = yield teller.ago(400)
    ticket = teller.send(said.TEST_BENCH, at)
    assign(ticket, to=jonas, by=jonas, at=at)
    at = yield teller.ago(380)
    classification.reclassify(
        ticket,
        to="3",
        because=Grounds.NOT_PRODUCTION,
        telling=said.TEST_BENCH_LOWERED,
        environment="staging",
        by=jonas,
        at=at,
    )
    at = yield teller.ago(150)
    conversation.answer(ticket, body=said.TEST_BENCH_ASKED, by=jonas, at=at, then=Phase.WAITING)


def _report_waits(teller: Storyteller) -> Telling:
    """Tell of a customer whose ticket was lowered and who says that it has become worse since."""
    company = teller.company
    at = yield teller.ago(200)
    ticket = teller.send(said.CALLER_NAMES, at)
    assign(ticket, to=company.ada, by=company.ada, at=at)
    at = yield teller.ago(170)
    because, telling = Grounds.WORKAROUND, said.CALLER_NAMES_LOWERED
    classification.reclassify(ticket, to="3", because=because, telling=telling, by=company.ada, at=at)
    at = yield teller.ago(20)
    classification.report_impact(ticket, to="2", text=said.CALLER_NAMES_GREW, by=company.chiara, at=at)


def _disagreement_waits(teller: Storyteller) -> Telling:
    company = teller.company
    at = yield teller.ago(60)
    ticket = teller.send(said.VOICEMAIL_MAILS, at)
    at = yield teller.ago(40)
    because, telling = Grounds.WORKAROUND, said.VOICEMAIL_LOWERED
    classification.reclassify(ticket, to="2", because=because, telling=telling, by=company.ada, at=at)
    change = ticket.reclassifications.get()
    at = yield teller.ago(25)
    classification.disagree(change, text=said.VOICEMAIL_DISAGREED, by=company.elodie, at=at)
