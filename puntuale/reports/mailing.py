"""Reports by mail after each week or month.

Managers get one about everything, an organisation's administrators one about theirs.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from puntuale.agreements import desk
from puntuale.people.models import MANAGING_ROLES, Person, Role
from puntuale.reports import naming
from puntuale.reports.attainment import Reading, attainment
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.models import Every, MailedReport, Subscription
from puntuale.reports.periods import Period, months
from puntuale.reports.responding import Measure, responses, spread
from puntuale.reports.sheets import sheets
from puntuale.reports.workbook import XLSX, workbook
from puntuale.sending.intents import LEAST_URGENT, intend, to_person
from puntuale.sending.kinds import Kind
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Enclosure, Letter
from puntuale.sending.models import Intent
from puntuale.wording import moments
from puntuale.wording.languages import words

REPORT, EMAIL = "report", "email"


class NoReport(PermissionError):
    """Reports are for managers and for the administrators of organisations."""


class NoSuchTime(ValueError):
    """Reports come after each week or month."""


def register() -> None:
    """Let reports be told by mail."""
    register_kind(Kind(REPORT, unwanted=unwanted, write=write))


def subscribe(person: Person, every: Every | None, *, at: datetime) -> None:
    """Send a person her report after each week or month from now on, or for None not any more. Raises NoReport."""
    if every is None:
        Subscription.objects.filter(person=person).delete()
        return
    if not may_have(person):
        raise NoReport(person.pk)
    Subscription.objects.update_or_create(person=person, defaults={"every": every, "since": at})


def chosen(every: str) -> Every | None:
    """Return how often somebody wants reports, or None for never. Raises NoSuchTime."""
    if not every:
        return None
    if every not in Every.values:
        raise NoSuchTime(every[:40])
    return Every(every)


def subscription_of(person: Person) -> str:
    """Return how often a person gets reports, empty for never."""
    return Subscription.objects.filter(person=person).values_list("every", flat=True).first() or ""


def may_have(person: Person) -> bool:
    """Tell whether there are reports for a person."""
    return person.is_active and person.role in {*MANAGING_ROLES, Role.ORGANISATION_ADMIN}


def send_due(*, at: datetime, zone: ZoneInfo) -> int:
    """Mean to send each subscriber the report on the week or month that is over. Return how many are new."""
    count = 0
    for subscription in Subscription.objects.select_related("person").order_by("pk"):
        first, last = _over(Every(subscription.every), at.astimezone(zone).date())
        if Period(first, last, zone).until <= subscription.since or not may_have(subscription.person):
            continue
        with transaction.atomic():
            report, is_new = MailedReport.objects.get_or_create(
                person=subscription.person, first=first, last=last, defaults={"made_at": at}
            )
            if is_new:
                told = to_person(subscription.person, kind=REPORT, about=report.pk, rank=LEAST_URGENT, at=at)
                intend(intent for intent in told if intent.channel == EMAIL)
                count += 1
    return count


def unwanted(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some reports need not be sent any more: she has left, may not have them, or wants none."""
    people = Person.objects.in_bulk([intent.person_id for intent in intents if intent.person_id])
    wanting = set(Subscription.objects.filter(person__in=people).values_list("person_id", flat=True))
    return {
        intent.pk: "not_wanted"
        for intent in intents
        if intent.person_id not in wanting or not may_have(people[intent.person_id])
    }


def write(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return the letter with the reports, as figures stand now, and each as a workbook."""
    person, zone = intents[0].person, desk.zone_at(at)
    assert person is not None
    found = MailedReport.objects.filter(pk__in=[intent.about for intent in intents]).order_by("first")
    told = [_told(person, Period(one.first, one.last, zone), at) for one in found]
    return Letter(
        subject=told[-1].subject,
        text="\n\n".join(one.text for one in told) + "\n",
        link=told[-1].link,
        enclosures=tuple(file for one in told for file in one.enclosures),
    )


def _told(person: Person, period: Period, at: datetime) -> Letter:
    language, own = person.language, person.organisation
    asked = Asked(since=period.since, until=period.until, at=at, zone=period.zone, organisation=own.pk if own else None)
    report, taken = attainment(asked, by=Grouping.PRIORITY), responses(asked)
    said = words(language)
    days = moments.period(period.first, period.last, language)
    subject = said.gettext("How promises were kept: %(days)s") % {"days": days}
    lines = [f"{own.name if own else ''} {days}".strip(), ""]
    for reading in Reading:
        tally = report.total[reading]
        rate = naming.percent(tally.rate, language)
        lines.append(f"{naming.called(naming.READINGS[reading], language)}: {rate} ({tally.kept} / {tally.decided})")
    lines.append("")
    for measure in Measure:
        half, ninety, _ = spread(taken[measure], measure).within
        figures = {"half": naming.duration(half), "ninety": naming.duration(ninety)}
        name = naming.called(naming.MEASURES[measure], language)
        lines.append(f"{name}: " + said.gettext("half %(half)s, 90 %% %(ninety)s (hours and minutes)") % figures)
    with override(language):
        page = reverse("organisation_report" if own else "office_reports")
    link = f"{settings.BASE_URL}{page}?period=days&since={period.first}&until={period.last}&by=priority"
    names = naming.keys(Grouping.PRIORITY, [line.key for line in report.lines], language, at=at)
    file = workbook(sheets(asked, report, names, language=language))
    enclosure = Enclosure(f"report-{period.first}-{period.last}.xlsx", XLSX, file)
    return Letter(subject, "\n".join([*lines, "", link]), link, enclosures=(enclosure,))


def _over(every: Every, today: date) -> tuple[date, date]:
    """Return the first and the last day of the week or month that is over."""
    if every is Every.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    return months(today, back=1)
