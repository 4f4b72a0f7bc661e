"""What pages of reports show alike in the office and in the portal: the period, and the attainment in it."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from puntuale.reports import naming, page
from puntuale.reports.attainment import Reading, Report
from puntuale.reports.counting import Outcome
from puntuale.reports.responding import Measure


def period_shown(wanted: page.Wanted, language: str) -> dict[str, object]:
    """Return what the head of a page of reports shows."""
    return {
        "wanted": wanted,
        "query": urlencode(wanted.query),
        "days": wanted.told(language),
        "periods": [(key, naming.called(said, language)) for key, said in naming.PERIODS.items()],
    }


def attainment_shown(
    wanted: page.Wanted, report: Report, taken: Mapping[Measure, Counter[int]], language: str, *, at: datetime
) -> dict[str, object]:
    """Return what the part of a page shows that tells the attainment (`looks/attainment.html`)."""
    return {
        "summary": page.summary(wanted, report, language),
        "chart": page.chart(report, language),
        "outcomes": page.outcomes(wanted, report, language),
        "moves": page.moves(wanted, report, language),
        "left_out": page.left_out(wanted, report),
        "groups": page.groups(wanted, report, language, at=at),
        "grouping": naming.called(naming.GROUPINGS[wanted.by], language) if wanted.by else "",
        "durations": page.durations(taken, language),
        "histograms": page.histograms(wanted, taken, language),
        "readings": [naming.called(naming.READINGS[reading], language) for reading in Reading],
        "outcome_names": [naming.called(naming.OUTCOMES[outcome], language) for outcome in Outcome],
    }
