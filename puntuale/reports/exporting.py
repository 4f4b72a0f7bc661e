"""A report to take away: as rows for a spreadsheet, and as facts for programs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from puntuale.reports.attainment import Line, Reading, Report, Tally
from puntuale.reports.counting import Asked, Grouping, Outcome
from puntuale.reports.responding import responses

ALL = "all"
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
