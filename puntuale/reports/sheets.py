"""The sheets of a report's workbook, in the reader's language."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.utils.translation import gettext_noop

from puntuale.agreements.reading import priorities_at
from puntuale.reports import fairness, workload
from puntuale.reports.arriving import arrivals
from puntuale.reports.attainment import Reading, Report
from puntuale.reports.counting import Asked, Grouping, Outcome
from puntuale.reports.exporting import ALL, as_rows
from puntuale.reports.fairness import Party, Sort
from puntuale.reports.naming import GROUPINGS, MEASURES, OUTCOMES, READINGS, SORTS, STATES, called, keys, parties
from puntuale.reports.responding import Measure, histogram, responses
from puntuale.reports.workload import State
from puntuale.wording import moments

Rows = Iterator[Sequence[object]]


def sheets(asked: Asked, report: Report, names: Mapping[str, str], *, language: str) -> dict[str, Rows]:
    """Return the sheets by name: attainment, response times, arrivals, workload, changed priorities, opinions."""
    told = {
        gettext_noop("Attainment"): _attainment(report, names, language),
        gettext_noop("Response times"): _response_times(responses(asked), language),
        gettext_noop("Arrivals by hour"): _arrivals(arrivals(asked), language),
        gettext_noop("Open now"): _open_now(asked, language),
        gettext_noop("Falling due"): _falling_due(asked, language),
        gettext_noop("Changed priorities"): _changes(asked, language),
        gettext_noop("Opinions"): _opinions(asked, language),
    }
    return {called(name, language): rows for name, rows in told.items()}


def _attainment(report: Report, names: Mapping[str, str], language: str) -> Rows:
    """Yield a row for each reading of everything, then of each group, as people read it."""
    outcomes = [called(OUTCOMES[outcome], language) for outcome in Outcome]
    yield (
        called("Group", language),
        called("Reading", language),
        *outcomes,
        called("Decided", language),
        called("Rate", language),
        called("left out", language),
    )
    for key, name, reading, *figures in islice(as_rows(report, names), 1, None):
        shown = called("all together", language) if key == ALL else name
        yield shown, called(READINGS[Reading(str(reading))], language), *figures


def _response_times(found: Mapping[Measure, Counter[int]], language: str) -> Rows:
    """Yield how many answers took how many minutes, by each measure."""
    heads = (gettext_noop("Measure"), gettext_noop("Minutes from"), gettext_noop("to before"), gettext_noop("Answers"))
    yield [called(head, language) for head in heads]
    for measure, answers in found.items():
        for bucket in histogram(answers, measure):
            yield called(MEASURES[measure], language), bucket.since, bucket.until, bucket.count


def _arrivals(found: Sequence[Sequence[int]], language: str) -> Rows:
    """Yield how many tickets arrived in each hour of the week."""
    yield [called(head, language) for head in (gettext_noop("Day"), gettext_noop("Hour"), gettext_noop("Tickets"))]
    for day, hours in enumerate(found):
        for hour, count in enumerate(hours):
            yield moments.weekday(day, language), hour, count


def _open_now(asked: Asked, language: str) -> Rows:
    """Yield how many tickets are open now, by priority and how they stand."""
    found = workload.backlog(asked)
    priorities = sorted({priority for priority, _ in found})
    names = keys(Grouping.PRIORITY, priorities, language, at=asked.at)
    yield called("Priority", language), *(called(STATES[state], language) for state in State)
    for priority in priorities:
        yield names[priority], *(found.get((priority, state), 0) for state in State)


def _falling_due(asked: Asked, language: str) -> Rows:
    """Yield what falls due ahead, day by day."""
    yield [called(head, language) for head in ("Day", "First responses", "Goals")]
    for due in workload.due_ahead(asked):
        day = called("due before now", language) if due.day is None else moments.plain_day(due.day, language)
        yield day, due.promises, due.goals


def _changes(asked: Asked, language: str) -> Rows:
    """Yield how priorities were changed, by organisation and by agent."""
    yield called("Told apart by", language), "", *(called(SORTS[sort], language) for sort in Sort)
    for party in Party:
        found = fairness.changes(asked, party, priorities_at(asked.at))
        names = parties(party, [one.key for one in found], language, at=asked.at)
        for one in found:
            yield _party(party, language), names[one.key], *(one.counts[sort] for sort in Sort)


def _opinions(asked: Asked, language: str) -> Rows:
    """Yield what customers think of the answers, by organisation and by agent."""
    yield [called("Told apart by", language), "", called("Good", language), called("Bad", language)]
    for party in Party:
        found = fairness.opinions(asked, party)
        names = parties(party, [one.key for one in found], language, at=asked.at)
        for one in found:
            yield _party(party, language), names[one.key], one.good, one.bad


def _party(party: Party, language: str) -> str:
    return called(GROUPINGS[Grouping(party.value)], language)
