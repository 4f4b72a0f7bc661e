"""A report to take away: as rows for a spreadsheet, and as facts for programs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from itertools import islice

from puntuale.reports.arriving import arrivals
from puntuale.reports.attainment import Line, Reading, Report, Tally
from puntuale.reports.counting import Asked, Grouping, Outcome
from puntuale.reports.naming import MEASURES, OUTCOMES, READINGS, called, gettext_noop
from puntuale.reports.responding import Measure, histogram, responses
from puntuale.wording import moments

ALL = "all"
gettext_noop("Arrivals by hour")
gettext_noop("Decided")
gettext_noop("Group")
gettext_noop("Reading")
COLUMNS = ("key", "name", "reading", *(outcome.value for outcome in Outcome), "decided", "rate", "left_out")


def as_rows(report: Report, names: Mapping[str, str]) -> Iterator[Sequence[object]]:
    """Yield a row for each reading of everything (its key is `all`), then of each group; `names` are the groups'."""
    yield COLUMNS
    for line, key in ((report.total, ALL), *((line, line.key) for line in report.lines)):
        for reading in Reading:
            tally = line[reading]
            counts = [tally.counts[outcome] for outcome in Outcome]
            out = line.left_out if reading is Reading.EXCLUDING else 0
            yield (
                key,
                "" if line is report.total else names[line.key],
                reading.value,
                *counts,
                tally.decided,
                tally.rate,
                out,
            )


def as_sheets(
    asked: Asked, report: Report, names: Mapping[str, str], *, language: str
) -> dict[str, Iterator[Sequence[object]]]:
    """Return the sheets of a workbook in a language: the attainment, how long answers took, when tickets arrived."""
    return {
        called("Attainment", language): _attainment_rows(report, names, language),
        called("Response times", language): _response_rows(responses(asked), language),
        called("Arrivals by hour", language): _arrival_rows(arrivals(asked), language),
    }


def _attainment_rows(report: Report, names: Mapping[str, str], language: str) -> Iterator[Sequence[object]]:
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


def _response_rows(found: Mapping[Measure, Counter[int]], language: str) -> Iterator[Sequence[object]]:
    """Yield how many answers took how many minutes, by each measure."""
    heads = (gettext_noop("Measure"), gettext_noop("Minutes from"), gettext_noop("to before"), gettext_noop("Answers"))
    yield [called(head, language) for head in heads]
    for measure, answers in found.items():
        for bucket in histogram(answers, measure):
            yield called(MEASURES[measure], language), bucket.since, bucket.until, bucket.count


def _arrival_rows(found: Sequence[Sequence[int]], language: str) -> Iterator[Sequence[object]]:
    """Yield how many tickets arrived in each hour of the week."""
    yield [called(head, language) for head in (gettext_noop("Day"), gettext_noop("Hour"), gettext_noop("Tickets"))]
    for day, hours in enumerate(found):
        for hour, count in enumerate(hours):
            yield moments.weekday(day, language), hour, count


def as_facts(report: Report, asked: Asked, by: Grouping | None, names: Mapping[str, str]) -> dict[str, object]:
    """Return the report as JSON can tell it. Instants are UTC, rates are numbers or null."""
    return {
        "since": asked.since.astimezone(UTC).isoformat(),
        "until": asked.until.astimezone(UTC).isoformat(),
        "at": asked.at.astimezone(UTC).isoformat(),
        "zone": str(asked.zone),
        "organisation": asked.organisation,
        "by": by.value if by else None,
        "total": _told(report.total),
        "moved": [
            {"promised": first.value, "final": last.value, "tickets": count}
            for (first, last), count in report.moved.most_common()
        ],
        "minutes": {measure.value: dict(sorted(answers.items())) for measure, answers in responses(asked).items()},
        "groups": [{"key": line.key, "name": names[line.key], **_told(line)} for line in report.lines],
    }


def _told(line: Line) -> dict[str, object]:
    told: dict[str, object] = {reading.value: _counts(line[reading]) for reading in Reading}
    return told | {"left_out": line.left_out}


def _counts(tally: Tally) -> dict[str, object]:
    counts: dict[str, object] = {outcome.value: tally.counts[outcome] for outcome in Outcome}
    return counts | {"decided": tally.decided, "rate": None if tally.rate is None else float(tally.rate)}
