"""What the parts of a report are called, in a language."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import Locale
from babel.numbers import format_percent
from django.utils.translation import gettext_noop

from puntuale.agreements.models import Product
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.people.models import Organisation, Person
from puntuale.reports.attainment import Reading
from puntuale.reports.counting import Grouping, Outcome
from puntuale.reports.fairness import NONE, Party, Sort
from puntuale.reports.responding import Measure
from puntuale.reports.workload import State
from puntuale.wording import moments
from puntuale.wording.languages import spoken, words

OUTCOMES = {
    Outcome.KEPT: gettext_noop("kept"),
    Outcome.LATE: gettext_noop("answered late"),
    Outcome.MISSED: gettext_noop("missed"),
    Outcome.RUNNING: gettext_noop("still running"),
    Outcome.NO_GUARANTEE: gettext_noop("no guarantee"),
    Outcome.CANCELLED: gettext_noop("cancelled or merged"),
}
READINGS = {
    Reading.PROMISED: gettext_noop("As promised"),
    Reading.FINAL: gettext_noop("As finally classified"),
    Reading.EXCLUDING: gettext_noop("Excluding agreed misclassification"),
}
DEFINITIONS = {
    Reading.PROMISED: gettext_noop(
        "Kept when a human answered by the earliest time ever promised on the ticket, whatever priority it had later."
    ),
    Reading.FINAL: gettext_noop(
        "Kept when a human answered by the promise that counted in the end. What was missed before stays missed."
    ),
    Reading.EXCLUDING: gettext_noop(
        "As promised, without tickets that were lowered in time because they were not in production, a question on how"
        " to do something, or had a workaround, and whose customer did not disagree."
    ),
}
GROUPINGS = {
    Grouping.DAY: gettext_noop("day"),
    Grouping.WEEK: gettext_noop("week"),
    Grouping.MONTH: gettext_noop("month"),
    Grouping.PLAN: gettext_noop("plan"),
    Grouping.PRIORITY: gettext_noop("priority"),
    Grouping.ORGANISATION: gettext_noop("customer organisation"),
    Grouping.PRODUCT: gettext_noop("product"),
    Grouping.AGENT: gettext_noop("agent"),
    Grouping.HOUR: gettext_noop("hour of the week"),
}
MEASURES = {
    Measure.CLOCK: gettext_noop("Wall-clock time"),
    Measure.BUSINESS: gettext_noop("Business time, for what was guaranteed"),
    Measure.MARGIN: gettext_noop("Margin to the promise"),
}
STATES = {
    State.UNANSWERED: gettext_noop("not answered yet"),
    State.ANSWERED: gettext_noop("answered, our turn"),
    State.WAITING: gettext_noop("waiting for the customer"),
}
SORTS = {
    Sort.LOWERED: gettext_noop("lowered"),
    Sort.RAISED: gettext_noop("raised"),
    Sort.DISAGREED: gettext_noop("customer disagreed"),
    Sort.UPHELD: gettext_noop("customer was right"),
}
PERIODS = {
    "this_month": gettext_noop("this month"),
    "last_month": gettext_noop("last month"),
    "this_quarter": gettext_noop("this quarter"),
    "last_quarter": gettext_noop("last quarter"),
    "this_year": gettext_noop("this year"),
    "last_year": gettext_noop("last year"),
}


def called(said: str, language: str) -> str:
    """Return one of the words above in a language."""
    return words(language).gettext(said)


def percent(rate: Decimal | None, language: str) -> str:
    """Return a rate as people write it, or a dash where there is none."""
    if rate is None:
        return "\N{EN DASH}"
    locale = Locale.parse(spoken(language))
    return format_percent(rate, format=str(locale.percent_formats[None].pattern).replace("##0", "##0.0"), locale=locale)


def duration(minutes: int | None) -> str:
    """Return minutes as hours and minutes, with a minus before what is negative; a dash for none."""
    if minutes is None:
        return "\N{EN DASH}"
    hours, rest = divmod(abs(minutes), 60)
    return f"{chr(0x2212) if minutes < 0 else ''}{hours}:{rest:02}"


def span(since: int | None, until: int | None, language: str) -> str:
    """Return from how many minutes to before how many, at least one of which is there."""
    edges = {"since": duration(since), "until": duration(until)}
    if since is None:
        return called(gettext_noop("under %(until)s"), language) % edges
    if until is None:
        return called(gettext_noop("%(since)s and more"), language) % edges
    return called(gettext_noop("%(since)s to %(until)s"), language) % edges


def keys(grouping: Grouping, found: Iterable[str], language: str, *, at: datetime) -> dict[str, str]:
    """Return what the keys of a grouping are called; an empty key is what has none of it."""
    wanted = [key for key in found if key]
    named = _NAMED[grouping](wanted, language, at)
    return {key: named.get(key, key) for key in wanted} | {"": words(language).gettext("none")}


def parties(party: Party, found: Iterable[str], language: str, *, at: datetime) -> dict[str, str]:
    """Return what the keys of parties are called, all together and whoever is none of them included."""
    named = keys(Grouping(party.value), [key for key in found if key != NONE], language, at=at)
    nobody = called(gettext_noop("customers themselves"), language) if party is Party.AGENT else named[""]
    return named | {"": called(gettext_noop("all together"), language), NONE: nobody}


def _days(found: list[str], language: str, _at: datetime) -> dict[str, str]:
    return {key: moments.plain_day(date.fromisoformat(key), language) for key in found}


def _weeks(found: list[str], language: str, _at: datetime) -> dict[str, str]:
    return {
        key: moments.period(date.fromisoformat(key), date.fromisoformat(key) + timedelta(days=6), language)
        for key in found
    }


def _months(found: list[str], language: str, _at: datetime) -> dict[str, str]:
    return {key: moments.month(date.fromisoformat(key), language) for key in found}


def _hours(found: list[str], language: str, _at: datetime) -> dict[str, str]:
    return {key: f"{moments.weekday(int(key) // 24, language)} {int(key) % 24:02}:00" for key in found}


def _organisations(found: list[str], _language: str, _at: datetime) -> dict[str, str]:
    return {str(key): name for key, name in Organisation.objects.filter(pk__in=found).values_list("pk", "name")}


def _products(found: list[str], _language: str, _at: datetime) -> dict[str, str]:
    return {str(key): name for key, name in Product.objects.filter(pk__in=found).values_list("pk", "name")}


def _people(found: list[str], _language: str, _at: datetime) -> dict[str, str]:
    return {str(key): name for key, name in Person.objects.filter(pk__in=found).values_list("pk", "name")}


def _plans(_found: list[str], language: str, at: datetime) -> dict[str, str]:
    try:
        return {plan.key: plan.name.in_language(language) for plan in agreement_in_force(at).plans}
    except NothingInForce:
        return {}


def _priorities(_found: list[str], language: str, at: datetime) -> dict[str, str]:
    try:
        named = agreement_in_force(at).priorities
    except NothingInForce:
        return {}
    return {one.key: f"{one.key} \N{MIDDLE DOT} {one.name.in_language(language)}" for one in named}


_NAMED = {
    Grouping.DAY: _days,
    Grouping.WEEK: _weeks,
    Grouping.MONTH: _months,
    Grouping.PLAN: _plans,
    Grouping.PRIORITY: _priorities,
    Grouping.ORGANISATION: _organisations,
    Grouping.PRODUCT: _products,
    Grouping.AGENT: _people,
    Grouping.HOUR: _hours,
}
