"""What a page of reports asks and shows: its period, its grouping, and figures that open the tickets behind them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from puntuale.reports import drawing, naming, periods
from puntuale.reports.arriving import HOURS
from puntuale.reports.attainment import Behind, Line, Reading, Report
from puntuale.reports.counting import DECIDED, Asked, Grouping, Outcome
from puntuale.reports.periods import Period
from puntuale.reports.responding import Bucket, Measure, histogram, spread
from puntuale.wording import moments

USUAL = "this_month"
TONES = {Outcome.KEPT: "calm", Outcome.LATE: "soon", Outcome.MISSED: "late"}
Query = dict[str, str]
_EDGE = re.compile(r"(-?[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks. A period that cannot be read is the usual one, and `unreadable` says so."""

    name: str
    period: Period
    by: Grouping | None
    organisation: int | None
    unreadable: bool = False

    @classmethod
    def read(cls, sent: QueryDict, *, at: datetime, zone: ZoneInfo) -> "Wanted":
        """Return what a request asks."""
        name, by, organisation = (sent.get(field, "")[:40] for field in ("period", "by", "organisation"))
        grouping = Grouping(by) if by in set(Grouping) else None
        of = int(organisation) if organisation.isdecimal() and len(organisation) < 10 else None
        usual = periods.named(USUAL, at=at, zone=zone)
        assert usual is not None
        if name == "days" or _has_typed(sent):
            name = "days"
            found = periods.between(sent.get("since", "")[:10], sent.get("until", "")[:10], zone=zone)
            return cls(name, found or usual, grouping, of, unreadable=found is None)
        found = periods.named(name, at=at, zone=zone)
        return cls(name if found else USUAL, found or usual, grouping, of)

    def of(self, organisation: int | None, *, by: Grouping) -> "Wanted":
        """Return it narrowed to one organisation, whatever was asked, and told apart by something."""
        return replace(self, organisation=organisation, by=by)

    def asked(self, at: datetime) -> Asked:
        """Return it as the report understands it."""
        period = self.period
        return Asked(since=period.since, until=period.until, at=at, zone=period.zone, organisation=self.organisation)

    def told(self, language: str) -> str:
        """Return the days it is about."""
        return moments.period(self.period.first, self.period.last, language)

    @property
    def query(self) -> Query:
        """Return it as an address asks it."""
        days = {"since": self.period.first.isoformat(), "until": self.period.last.isoformat()}
        asked = {"period": self.name} | (days if self.name == "days" else {})
        asked |= {"by": self.by.value} if self.by else {}
        return asked | ({"organisation": str(self.organisation)} if self.organisation else {})


def _has_typed(sent: QueryDict) -> bool:
    """Tell whether somebody typed other days than the form showed her."""
    shown = [sent.get(f"shown_{field}", "") for field in ("since", "until")]
    return all(shown) and shown != [sent.get(field, "") for field in ("since", "until")]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the question that opens the tickets behind it."""

    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with what it is made of."""

    percent: str
    kept: Figure
    decided: Figure


class Nonsense(ValueError):
    """An address that means nothing: no figure leads there."""


def behind(sent: QueryDict, by: Grouping | None) -> Behind:
    """Return which tickets a request asks for. Raises Nonsense."""
    agreed = sent.get("agreed", "")
    is_grouped = by is not None and "key" in sent
    return Behind(
        promised=_outcomes(sent.getlist("promised")),
        final=_outcomes(sent.getlist("final")),
        agreed=agreed == "yes" if agreed in {"yes", "no"} else None,
        grouping=by if is_grouped else None,
        key=sent.get("key", "").replace("\0", "")[:60] if is_grouped else "",
        finally_grouped=sent.get("reading") == Reading.FINAL,
        took=_behind_bucket(sent.get("took", "")[:40]),
    )


def described(meant: Behind, reading: str, language: str, *, at: datetime) -> str:
    """Return which figure it is whose tickets are meant, in a line; empty for all tickets of the period."""
    is_final = reading == Reading.FINAL
    outcomes = meant.final if is_final else meant.promised
    parts = [naming.called(naming.READINGS[Reading(reading)], language)] if reading in set(Reading) else []
    if outcomes:
        parts.append(", ".join(naming.called(naming.OUTCOMES[one], language) for one in outcomes))
    if meant.grouping:
        parts.append(naming.keys(meant.grouping, [meant.key], language, at=at)[meant.key])
    if meant.took:
        measure, since, until = meant.took
        parts += [naming.called(naming.MEASURES[measure], language), naming.span(since, until, language)]
    return " \N{MIDDLE DOT} ".join(parts)


def figure(
    wanted: Wanted, count: int, *, line: Line | None, reading: Reading, outcomes: Iterable[Outcome] = ()
) -> Figure:
    """Return the number of tickets that one reading of a line gives some outcomes."""
    chosen = [outcome.value for outcome in outcomes]
    query: dict[str, str | list[str]] = {**wanted.query, "reading": reading.value}
    query |= {"final" if reading is Reading.FINAL else "promised": chosen} if chosen else {}
    query |= {"agreed": "no"} if reading is Reading.EXCLUDING else {}
    query |= {"key": line.key} if line is not None else {}
    return Figure(count, urlencode(query, doseq=True))


def rate(wanted: Wanted, line: Line, reading: Reading, language: str, *, apart: bool = False) -> Rate:
    """Return the rate of one reading of a line."""
    tally, of = line[reading], line if apart else None
    return Rate(
        naming.percent(tally.rate, language),
        figure(wanted, tally.kept, line=of, reading=reading, outcomes=[Outcome.KEPT]),
        figure(wanted, tally.decided, line=of, reading=reading, outcomes=DECIDED),
    )


def summary(wanted: Wanted, report: Report, language: str) -> list[dict[str, object]]:
    """Return the three readings of everything, with what they mean."""
    return [
        {
            "name": naming.called(naming.READINGS[reading], language),
            "meaning": naming.called(naming.DEFINITIONS[reading], language),
            "rate": rate(wanted, report.total, reading, language),
        }
        for reading in Reading
    ]


def outcomes(wanted: Wanted, report: Report, language: str) -> list[tuple[str, list[Figure]]]:
    """Return each outcome with its number in each reading."""
    total = report.total
    return [
        (
            naming.called(naming.OUTCOMES[outcome], language),
            [
                figure(wanted, total[reading].counts[outcome], line=None, reading=reading, outcomes=[outcome])
                for reading in Reading
            ],
        )
        for outcome in Outcome
    ]


def moves(wanted: Wanted, report: Report, language: str) -> list[tuple[str, str, Figure]]:
    """Return what tickets are as promised, what they are as finally classified, and how many; most first."""
    found = []
    for (first, last), count in report.moved.most_common():
        query = urlencode({**wanted.query, "promised": first.value, "final": last.value})
        was, became = (naming.called(naming.OUTCOMES[outcome], language) for outcome in (first, last))
        found.append((was, became, Figure(count, query)))
    return found


def left_out(wanted: Wanted, report: Report) -> Figure:
    """Return how many tickets the third reading leaves out."""
    return Figure(report.total.left_out, urlencode({**wanted.query, "agreed": "yes"}))


def groups(wanted: Wanted, report: Report, language: str, *, at: datetime) -> list[dict[str, object]]:
    """Return each group with its rates, and what became of its tickets as they were promised."""
    if wanted.by is None:
        return []
    named = naming.keys(wanted.by, [line.key for line in report.lines], language, at=at)
    return [
        {
            "name": named[line.key],
            "rates": [rate(wanted, line, reading, language, apart=True) for reading in Reading],
            "figures": [
                figure(
                    wanted,
                    line[Reading.PROMISED].counts[outcome],
                    line=line,
                    reading=Reading.PROMISED,
                    outcomes=[outcome],
                )
                for outcome in Outcome
            ],
        }
        for line in report.lines
    ]


def chart(report: Report, language: str) -> str:
    """Return the three readings as bars."""
    drawn = [
        drawing.Bar(
            naming.called(naming.READINGS[reading], language),
            _("%(rate)s, %(kept)s of %(decided)s")
            % {
                "rate": naming.percent(report.total[reading].rate, language),
                "kept": report.total[reading].kept,
                "decided": report.total[reading].decided,
            },
            [(TONES[outcome], report.total[reading].counts[outcome]) for outcome in DECIDED],
        )
        for reading in Reading
    ]
    told = "; ".join(f"{bar.name}, {bar.said}" for bar in drawn)
    return drawing.bars(drawn, key="attainment", title=_("Promises kept, in three readings"), description=told)


def heat(wanted: Wanted, counts: list[list[int]], language: str) -> dict[str, object]:
    """Return when tickets arrived: drawn, and as figures by day and hour that open the tickets behind them."""
    names = [moments.weekday(day, language) for day in range(len(counts))]
    query = {**wanted.query, "by": Grouping.HOUR.value}
    days = [
        (name, [Figure(count, urlencode({**query, "key": day * HOURS + hour})) for hour, count in enumerate(hours)])
        for day, (name, hours) in enumerate(zip(names, counts, strict=True))
    ]
    told = ", ".join(f"{name} {sum(hours)}" for name, hours in zip(names, counts, strict=True))
    title = _("Arrivals by hour of the week")
    return {"chart": drawing.week(counts, names, key="arrivals", title=title, description=told), "days": days}


def durations(found: Mapping[Measure, Counter[int]], language: str) -> list[tuple[str, int, list[str]]]:
    """Return the spreads of the answers by name: their number, and what half, 90 % and 99 % of them lie within."""
    spreads = [(measure, spread(found[measure], measure)) for measure in Measure]
    return [
        (
            naming.called(naming.MEASURES[measure], language),
            one.count,
            [naming.duration(minutes) for minutes in one.within],
        )
        for measure, one in spreads
    ]


def histograms(wanted: Wanted, found: Mapping[Measure, Counter[int]], language: str) -> list[dict[str, object]]:
    """Return how the answers lie by each measure: drawn, and as figures that open the tickets behind them."""
    return [_histogram(wanted, found[measure], measure, language) for measure in Measure]


def _histogram(wanted: Wanted, found: Counter[int], measure: Measure, language: str) -> dict[str, object]:
    name = naming.called(naming.MEASURES[measure], language)
    buckets = histogram(found, measure)
    spans = [naming.span(bucket.since, bucket.until, language) for bucket in buckets]
    drawn = [
        drawing.Column(_tone(bucket), bucket.count, naming.duration(bucket.since) if bucket.since is not None else "")
        for bucket in buckets
    ]
    told = "; ".join(f"{span}: {bucket.count}" for span, bucket in zip(spans, buckets, strict=True) if bucket.count)
    return {
        "name": name,
        "chart": drawing.columns(drawn, key=f"took-{measure.value}", title=name, description=told),
        "rows": [(span, _took(wanted, bucket, measure)) for span, bucket in zip(spans, buckets, strict=True)],
    }


def _tone(bucket: Bucket) -> str:
    """Return how a bucket looks: of margins, those that are negative are late."""
    return "late" if bucket.until is not None and bucket.until <= 0 else "plain"


def _took(wanted: Wanted, bucket: Bucket, measure: Measure) -> Figure:
    edges = ("" if edge is None else edge for edge in (bucket.since, bucket.until))
    since, until = edges
    return Figure(bucket.count, urlencode({**wanted.query, "took": f"{measure.value}:{since}:{until}"}))


def _behind_bucket(said: str) -> tuple[Measure, int | None, int | None] | None:
    """Return the bucket an address means, or None when it names none. Raises Nonsense."""
    if not said:
        return None
    measure, _, edges = said.partition(":")
    since, _, until = edges.partition(":")
    if measure not in set(Measure) or not all(_EDGE.fullmatch(edge) for edge in (since, until)):
        raise Nonsense(said)
    return Measure(measure), int(since) if since else None, int(until) if until else None


def _outcomes(said: list[str]) -> tuple[Outcome, ...]:
    try:
        return tuple(Outcome(one) for one in said)
    except ValueError as problem:
        raise Nonsense(said) from problem
