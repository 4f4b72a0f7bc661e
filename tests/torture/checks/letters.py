"""What was meant to be told reached the mail server, recognisable, and not in vain."""

from itertools import pairwise

from puntuale.sending.models import Intent
from puntuale.tickets.models import Kind, Message, PromiseEnding
from puntuale.watch.models import Alarm
from puntuale.watch.watching import ALARM

ON_THE_WIRE = 3.0
"""How many seconds after an answer a letter may still be begun: that between the last look and the connection."""
APART = 4.5
"""Copies of one letter are at least a retry or a lease apart, unless two workers had it in hand at once."""
CANCELLED = {"no_longer_owed"}


def check_i07_everything_that_was_meant_has_ended(seen):
    """Every intent was sent or cancelled for a reason. None was given up, and none is still waiting."""
    found = []
    for intent in Intent.objects.all():
        if intent.given_up_at:
            found.append(f"{intent} was given up: {intent.problem}")
        elif intent.try_at and intent.made_at < seen.told_at:
            found.append(f"{intent}, meant at {intent.made_at}, is still waiting: {intent.problem}")
        elif intent.cancelled_at and intent.cancelled_because not in CANCELLED:
            found.append(f"{intent} was cancelled because {intent.cancelled_because}")
    return found


def check_i08_what_was_sent_arrived_and_is_known_by_its_key(seen):
    """Every letter that counts as sent arrived, at whom it was for, and all its copies carry one key, which is ours."""
    found, known = [], {}
    for intent in Intent.objects.filter(channel="email"):
        key = str(intent.digest or intent.key)
        known[key] = intent.address
        if intent.sent_at and key not in seen.copies:
            found.append(f"{intent} was sent as {key}, and never arrived")
        if intent.digest and str(intent.key) in seen.copies:
            found.append(f"{intent} arrived as {intent.key} and as {key}")
            known[str(intent.key)] = intent.address
    for key, copies in seen.copies.items():
        if {letter["to"] for letter in copies} != {known.get(key)}:
            found.append(f"{key} came to {copies[0]['to']}, meant for {known.get(key)}")
    return found


def check_letters_come_again_only_for_a_reason(seen):
    """No more letters came again than workers and databases were killed or stopped, and connections broken."""
    if seen.duplicates > seen.excuses:
        return [f"{seen.duplicates} letters came again, with {seen.excuses} reasons"]
    return []


def check_i09_nothing_is_begun_about_what_is_answered(seen):
    """No letter was begun after the client had been told that the ticket is answered, but for what was on the wire.

    A worker that was stopped between its last look and the connection goes on where it was.
    """
    answered, stopped, found = _answered_at(seen), seen.done("worker stopped"), []
    about = {alarm.pk: alarm.promise_id for alarm in Alarm.objects.all()}
    for intent in Intent.objects.filter(kind=ALARM, channel="email", digest=None):
        at = answered.get(about.get(intent.about))
        for letter in seen.copies.get(str(intent.key), ()) if at else ():
            was_stopped = any(
                stop["since"] <= at + ON_THE_WIRE and stop["since"] <= letter["began"] <= stop["until"] + ON_THE_WIRE
                for stop in stopped
            )
            if letter["began"] > at + ON_THE_WIRE and not was_stopped:
                found.append(f"{intent} was begun {letter['began'] - at:.1f} s after the answer")
    return found


def check_i19_one_letter_is_in_one_hand(seen):
    """No two copies of a letter were begun so soon after one another that two workers must have had it in hand."""
    found = []
    for key, copies in seen.copies.items():
        begun = sorted(letter["began"] for letter in copies)
        for one, other in pairwise(begun):
            if other - one < APART:
                found.append(f"copies of {key} were begun {other - one:.1f} s apart")
    return found


def _answered_at(seen):
    """When clients were told of the answers that ended promises, by promise."""
    told = {ack["token"]: ack["at"] for ack in seen.told("answer")}
    endings = PromiseEnding.objects.filter(ended_by__kind=Kind.ANSWERED).select_related("ended_by")
    bodies = _bodies(ending.ended_by.facts["message"] for ending in endings)
    found = {}
    for ending in endings:
        at = told.get(bodies[ending.ended_by.facts["message"]])
        if at is not None:
            found[ending.promise_id] = at
    return found


def _bodies(keys):
    return dict(Message.objects.filter(pk__in=list(keys)).values_list("pk", "body"))
