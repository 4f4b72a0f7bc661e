"""What was meant to be told reached somebody, recognisable, and not in vain."""

from collections import defaultdict
from itertools import pairwise
from math import inf
from operator import itemgetter

from django.db.models import F, Q

from puntuale.oncall.models import Page, Paging
from puntuale.oncall.paging import IN_VAIN, PAGE
from puntuale.sending.models import Intent
from puntuale.sending.transports import ON_THE_DESK
from puntuale.tickets.models import Kind, Message, PromiseEnding
from puntuale.watch.models import Alarm
from puntuale.watch.watching import ALARM
from tests.torture.seen import page_of

ON_THE_WIRE = 3.0
"""How many seconds after an answer a letter may still be begun: that between the last look and the connection."""
APART = 4.5
"""Copies of one letter are at least a retry or a lease apart, unless two workers had it in hand at once."""
A_MOMENT = 0.5
WELL = "well"
FOR_EVER = inf
REASONS = {"no_longer_owed", "acknowledged", "answered", "cancelled"}


def check_i07_everything_that_was_meant_has_ended(seen):
    """Every intent was sent or cancelled for a reason. None was given up, and none is still waiting."""
    found = []
    for intent in Intent.objects.all():
        if intent.given_up_at:
            found.append(f"{intent} was given up: {intent.problem}")
        elif intent.try_at and intent.made_at < seen.told_at:
            found.append(f"{intent}, meant at {intent.made_at}, is still waiting: {intent.problem}")
        elif intent.cancelled_at and intent.cancelled_because not in REASONS:
            found.append(f"{intent} was cancelled because {intent.cancelled_because}")
    return found


def check_i08_what_was_sent_arrived_and_is_known_by_its_key(seen):
    """Every letter that counts as sent arrived, at whom it was for, and all its copies carry one key, which is ours."""
    found, known = [], {}
    for intent in carried():
        key = str(intent.digest or intent.key)
        known[key] = intent.address
        if intent.sent_at and key not in seen.copies:
            found.append(f"{intent} was sent as {key}, and never arrived")
        if str(intent.key) != key and str(intent.key) in seen.copies:
            found.append(f"{intent} arrived as {intent.key} and as {key}")
            known[str(intent.key)] = intent.address
    for key, copies in seen.copies.items():
        if {letter["to"] for letter in copies} != {known.get(key)}:
            found.append(f"{key} came to {copies[0]['to']}, meant for {known.get(key)}")
    return found


def check_letters_come_again_only_for_a_reason(seen):
    """A letter came again only where it could not be written down that it had gone.

    The connection broke, or a worker or the database was killed or away until half a second after it was taken. One
    kill may find several letters on the wire: as many as workers have hands.
    """
    ends = seen.done("worker killed", "worker stopped", "database killed", "ended by itself")
    away = [(end["since"], end.get("until", end["since"])) for end in ends]
    return [
        f"{letter['key']} came again, and nothing had happened to it"
        for copies in seen.copies.values()
        for letter in sorted(copies, key=itemgetter("began"))[:-1]
        if letter["way"] == WELL
        and not any(since <= letter["at"] + A_MOMENT and letter["began"] <= until for since, until in away)
    ]


def check_i09_nothing_is_begun_about_what_is_over(seen):
    """No letter was begun after a client had been told that the ticket is answered or that somebody is on it.

    That is, but for what was on the wire; and a worker that was stopped between its last look and the connection goes
    on where it was.
    """
    about, answered, acknowledged = _about(), _answered_at(seen), _acknowledged(seen)
    stopped, found = seen.done("worker stopped"), []
    for intent in carried().filter(Q(digest=None) | Q(digest=F("key"))):
        promise, paging = about.get((intent.kind, intent.about), (None, None))
        ends = [told for asked, told in acknowledged[paging] if intent.made_at.timestamp() <= asked]
        at = min([*ends, answered.get(promise, FOR_EVER)])
        for letter in seen.copies.get(str(intent.key), ()):
            was_stopped = any(stop["since"] <= at + ON_THE_WIRE for stop in stopped if _was_on_the_wire(letter, stop))
            if letter["began"] > at + ON_THE_WIRE and not was_stopped:
                found.append(f"{intent} was begun {letter['began'] - at:.1f} s after it was over")
    return found


def check_i19_one_letter_is_in_one_hand(seen):
    """No two copies of a letter were begun so soon after one another that two workers must have had it in hand at once.

    That is, but for what a worker that was stopped had on the wire.
    """
    stopped, found = seen.done("worker stopped"), []
    for key, copies in seen.copies.items():
        for one, other in pairwise(sorted(copies, key=itemgetter("began"))):
            apart = other["began"] - one["began"]
            goes_on = any(_was_on_the_wire(letter, stop) for letter in (one, other) for stop in stopped)
            if apart < APART and not goes_on:
                found.append(f"copies of {key} were begun {apart:.1f} s apart")
    return found


def _was_on_the_wire(letter, stop):
    """Tell whether a letter may be of a worker that was stopped on its way and went on where it was."""
    return (
        stop["since"] <= letter["began"] and stop["until"] - A_MOMENT <= letter["began"] <= stop["until"] + ON_THE_WIRE
    )


def carried():
    """The intents that somebody has to carry."""
    return Intent.objects.exclude(channel=ON_THE_DESK)


def _about():
    """The promise and the paging, if there is one, that letters are about, by kind and key of what they tell."""
    found = {(ALARM, alarm.pk): (alarm.promise_id, None) for alarm in Alarm.objects.all()}
    for paging in Paging.objects.prefetch_related("pages", "in_vain"):
        those = (paging.promise_id, paging.pk)
        found |= {(PAGE, page.pk): those for page in paging.pages.all()}
        found |= {(IN_VAIN, time.pk): those for time in paging.in_vain.all()}
    return found


def _acknowledged(seen):
    """When clients said that somebody is on it, and when they were told that it is so, by paging."""
    paging_of, found = dict(Page.objects.values_list("pk", "paging_id")), defaultdict(list)
    for ack in seen.told("acknowledgement"):
        found[paging_of.get(page_of(ack["link"]))].append((ack["asked"], ack["at"]))
    return found


def _answered_at(seen):
    """When clients were told of the answers that ended promises, by promise."""
    told = {ack["token"]: ack["at"] for ack in seen.told("answer")}
    endings = PromiseEnding.objects.filter(ended_by__kind=Kind.ANSWERED).select_related("ended_by")
    bodies = dict(Message.objects.values_list("pk", "body"))
    found = {}
    for ending in endings:
        at = told.get(bodies[ending.ended_by.facts["message"]])
        if at is not None:
            found[ending.promise_id] = at
    return found
