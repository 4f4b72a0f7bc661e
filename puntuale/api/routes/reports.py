"""What was promised and what was done."""

from datetime import date

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.agreements import desk
from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.problems import of_field
from puntuale.api.told.reports import GroupingNamed, ReportTold
from puntuale.api.values import LARGEST
from puntuale.api.values import Asked as Sent
from puntuale.looks.requests import language
from puntuale.people.models import Organisation
from puntuale.reports import naming
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.periods import Period
from puntuale.reports.responding import Measure, responses, spread
from puntuale.reports.steady import steady

router = Router(tags=["Reports"])


class DaysAsked(Sent):
    """The days a report is about, on the clock of the desk."""

    first: date
    last: date = Field(description="It belongs to them; ten years at most.")


class ReportAsked(DaysAsked):
    """Which report."""

    by: GroupingNamed | None = Field(None, description="What it is told apart by.")
    organisation: int | None = Field(None, ge=1, le=LARGEST, description="Only the tickets of this one.")


@reads(router, "/reports/attainment", gives=ReportTold)
def read_attainment(request: Call, asked: Query[ReportAsked]) -> ReportTold:
    """Read how first responses were kept, in three readings side by side, and how long answers took."""
    if asked.organisation is not None and not Organisation.objects.filter(pk=asked.organisation).exists():
        told = _("There is no organisation %(number)s.") % {"number": asked.organisation}
        raise of_field("query.organisation", "organisation.unknown", told)
    return _told(request, asked, asked.by, asked.organisation)


@reads(router, "/reports/service", gives=ReportTold)
def read_service_report(request: Call, asked: Query[DaysAsked]) -> ReportTold:
    """Read the service report of your own organisation, by priority."""
    return _told(request, asked, GroupingNamed.PRIORITY, request.person.organisation_id)


def _told(call: Call, asked: DaysAsked, by: GroupingNamed | None, organisation: int | None) -> ReportTold:
    try:
        period = Period(asked.first, asked.last, desk.zone_at(call.at))
    except ValueError as problem:
        told = _("A report is about days in order, between 1971 and 2198, and about ten years at most.")
        raise of_field("query.last", "days.order", told) from problem
    meant = Asked(since=period.since, until=period.until, at=call.at, zone=period.zone, organisation=organisation)
    grouping = Grouping(by) if by else None
    with steady():
        report, found = attainment(meant, by=grouping), responses(meant)
        keys = [line.key for line in report.lines] if grouping else []
        names = naming.keys(grouping, keys, language(), at=call.at) if grouping else {}
    spreads = {measure: spread(found[measure], measure) for measure in Measure}
    return ReportTold.of(report, spreads, asked=meant, days=(asked.first, asked.last), by=grouping, names=names)
