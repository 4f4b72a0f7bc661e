"""A report: attainment in its three readings, and how long answers took."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from puntuale.api.values import Instant, Told
from puntuale.reports.attainment import Line, Reading, Report, Tally
from puntuale.reports.counting import Asked, Grouping, Outcome
from puntuale.reports.responding import Measure, Spread


class GroupingNamed(StrEnum):
    """By what a report can be told apart."""

    DAY = Grouping.DAY.value
    WEEK = Grouping.WEEK.value
    MONTH = Grouping.MONTH.value
    PLAN = Grouping.PLAN.value
    PRIORITY = Grouping.PRIORITY.value
    ORGANISATION = Grouping.ORGANISATION.value
    PRODUCT = Grouping.PRODUCT.value
    AGENT = Grouping.AGENT.value
    HOUR = Grouping.HOUR.value


class CountsTold(Told):
    """How many tickets had which outcome."""

    kept: int
    late: int
    missed: int
    running: int
    no_guarantee: int
    cancelled: int
    decided: int = Field(description="Kept, late and missed: what the rate is a rate of.")
    rate: float | None = Field(description="Rounded down to a tenth of a percent; null where nothing is decided.")

    @classmethod
    def of(cls, tally: Tally) -> "CountsTold":
        """Return it as it is told."""
        return cls(
            **{outcome.value: tally.counts[outcome] for outcome in Outcome},
            decided=tally.decided,
            rate=None if tally.rate is None else float(tally.rate),
        )


class LineTold(Told):
    """The three readings of some tickets."""

    key: str = Field(description="Empty for all together, and for those that have none of it.")
    name: str
    promised: CountsTold
    final: CountsTold
    excluding: CountsTold
    left_out: int

    @classmethod
    def of(cls, line: Line, name: str) -> "LineTold":
        """Return it as it is told."""
        return cls(
            key=line.key,
            name=name,
            left_out=line.left_out,
            **{reading.value: CountsTold.of(line[reading]) for reading in Reading},
        )


class MovedTold(Told):
    """How many tickets count differently as finally classified."""

    promised: str
    final: str
    tickets: int


class SpreadTold(Told):
    """How long answers took, in minutes; of the margin, what was left at least."""

    answers: int
    half: int | None
    ninety: int | None = Field(description="90 %")
    ninety_nine: int | None = Field(description="99 %")

    @classmethod
    def of(cls, spread: Spread) -> "SpreadTold":
        """Return it as it is told."""
        half, ninety, ninety_nine = spread.within
        return cls(answers=spread.count, half=half, ninety=ninety, ninety_nine=ninety_nine)


class MinutesTold(Told):
    """How long answers took by each measure."""

    clock: SpreadTold
    business: SpreadTold
    margin: SpreadTold


class DaysTold(Told):
    """The days a report is about, on which clock, and as of when."""

    first: date
    last: date
    zone: str
    at: Instant

    @classmethod
    def days(cls, asked: Asked, first: date, last: date) -> dict[str, Any]:
        """Return them as they are told."""
        return {"first": first, "last": last, "zone": str(asked.zone), "at": asked.at}


class ReportTold(DaysTold):
    """A report on the tickets submitted in some days, as they stand now."""

    by: str | None
    total: LineTold
    groups: list[LineTold]
    moved: list[MovedTold]
    minutes: MinutesTold

    @classmethod
    def of(
        cls,
        report: Report,
        spreads: Mapping[Measure, Spread],
        *,
        asked: Asked,
        days: tuple[date, date],
        by: Grouping | None,
        names: Mapping[str, str],
    ) -> "ReportTold":
        """Return it as it is told."""
        return cls(
            **cls.days(asked, *days),
            by=by.value if by else None,
            total=LineTold.of(report.total, ""),
            groups=[LineTold.of(line, names[line.key]) for line in report.lines] if by else [],
            moved=[
                MovedTold(promised=first.value, final=last.value, tickets=count)
                for (first, last), count in report.moved.most_common()
            ],
            minutes=MinutesTold(**{measure.value: SpreadTold.of(spreads[measure]) for measure in Measure}),
        )
