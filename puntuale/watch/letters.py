"""Alarms in words, for one person in her language and zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop

from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import zones
from puntuale.guarantee.agreement import Metric
from puntuale.people.models import Person
from puntuale.sending.kinds import Kind
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.tickets.models import PromiseMade
from puntuale.tickets.reading import told_of
from puntuale.watch.models import Alarm
from puntuale.watch.watching import ALARM
from puntuale.wording import durations, moments
from puntuale.wording.languages import words

LATE_AFTER = timedelta(seconds=60)
"""How much later than its level an alarm says so."""
OWED = {
    Metric.FIRST_RESPONSE: gettext_noop("first response"),
    Metric.NEXT_RESPONSE: gettext_noop("next response"),
    Metric.PERIODIC_UPDATE: gettext_noop("next update"),
    Metric.RESOLUTION: gettext_noop("resolution"),
}


def register() -> None:
    """Let alarms be told."""
    register_kind(Kind(ALARM, unwanted=no_longer_owed, write=write))


def no_longer_owed(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some alarms need not be told any more: what they warn of has ended."""
    about = {intent.about for intent in intents}
    ended = set(Alarm.objects.filter(pk__in=about, promise__ending__isnull=False).values_list("pk", flat=True))
    return {intent.pk: "no_longer_owed" for intent in intents if intent.about in ended}


def write(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return one letter for the alarms of one person, in her language and zone: one alarm, or many as a list."""
    person = intents[0].person
    assert person is not None
    related = ("promise", "ticket__organisation", "ticket__assignee")
    found = Alarm.objects.filter(pk__in=[intent.about for intent in intents]).select_related(*related)
    alarms = list(found.order_by("rank", "promise__due_at", "pk"))
    return _one(alarms[0], person, at) if len(alarms) == 1 else _many(alarms, person, at)


def owed(promise: PromiseMade, language: str) -> str:
    """Return what is owed: `first response`."""
    return words(language).gettext(OWED[Metric(promise.metric)])


def standing(promise: PromiseMade, language: str, zone: ZoneInfo, at: datetime) -> str:
    """Return how a promise stands: `0:15 left, due today 17:00 CET`, or since when it is missed."""
    said, due_at = words(language), promise.due_at
    assert due_at is not None
    due = moments.near(due_at, language, zone, now=at)
    if at > due_at:
        ago = durations.rough(at - due_at, language)
        return said.gettext("missed %(ago)s ago, was due %(due)s") % {"ago": ago, "due": due}
    calendar = agreement_of(promise.publication_id).calendar(promise.hours)
    left = durations.countdown(calendar.elapsed(at, due_at))
    return said.gettext("%(left)s left, due %(due)s") % {"left": left, "due": due}


def lateness(alarm: Alarm, language: str) -> str:
    """Return how late an alarm rang, or nothing when it rang in time."""
    late = alarm.rung_at - alarm.ring_at
    if late <= LATE_AFTER:
        return ""
    told = {"time": durations.rough(late, language)}
    return words(language).gettext("This alarm is %(time)s late: the watch had stood still.") % told


def level(alarm: Alarm, language: str) -> str:
    """Return what a level is called: `75 % of the time has passed`."""
    said, name = words(language), alarm.level
    if name == "due":
        return said.gettext("due now")
    if name.endswith("%"):
        return said.gettext("%(share)s %% of the time has passed") % {"share": name[:-1]}
    seconds = int(name[1:-1])
    told = {"time": durations.clock(seconds)}
    return said.gettext("%(time)s before due") % told if name[0] == "-" else said.gettext("%(time)s after due") % told


def _one(alarm: Alarm, person: Person, at: datetime) -> Letter:
    said, ticket, promise = words(person.language), alarm.ticket, alarm.promise
    stands = _stands(promise, person, at)
    hands = ticket.assignee.name if ticket.assignee else said.gettext("nobody has taken it")
    lines = [
        said.gettext("Ticket #%(number)s: %(subject)s") % {"number": ticket.number, "subject": ticket.subject},
        f"{ticket.organisation.name} \N{MIDDLE DOT} P{ticket.priority} \N{MIDDLE DOT} {hands}",
        "",
        said.gettext("%(owed)s: %(stands)s (%(level)s)")
        % {"owed": owed(promise, person.language), "stands": stands, "level": level(alarm, person.language)},
        lateness(alarm, person.language),
        "",
        _link(ticket.number, person),
    ]
    return Letter(_headline(alarm, person, at), "\n".join(_without_double_gaps(lines)) + "\n")


def _many(alarms: Sequence[Alarm], person: Person, at: datetime) -> Letter:
    said = words(person.language)
    subject = said.ngettext("%(count)d promise needs an answer", "%(count)d promises need an answer", len(alarms))
    lines = [subject % {"count": len(alarms)}, ""]
    lines += [_headline(alarm, person, at) for alarm in alarms]
    late = max(alarms, key=lambda alarm: alarm.rung_at - alarm.ring_at)
    return Letter(
        lines[0], "\n".join(_without_double_gaps([*lines, "", lateness(late, person.language), _desk(person)])) + "\n"
    )


def _headline(alarm: Alarm, person: Person, at: datetime) -> str:
    ticket = alarm.ticket
    return words(person.language).gettext("#%(number)s P%(priority)s %(stands)s: %(subject)s") % {
        "number": ticket.number,
        "priority": ticket.priority,
        "stands": _stands(alarm.promise, person, at),
        "subject": ticket.subject,
    }


def _stands(promise: PromiseMade, person: Person, at: datetime) -> str:
    return standing(told_of(promise), person.language, zones.zone(person.zone_name), at)


def _link(number: int, person: Person) -> str:
    return f"{_desk(person)}{number}/"


def _desk(person: Person) -> str:
    return f"{settings.BASE_URL}/{person.language}/desk/"


def _without_double_gaps(lines: Sequence[str]) -> list[str]:
    """Return lines with every run of empty ones as a single one."""
    return [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
