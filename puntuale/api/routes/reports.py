"""What was promised and what was done, the work at hand, and how priorities were changed."""

from datetime import date

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from puntuale.agreements import desk
from puntuale.agreements.reading import priorities_at
from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.problems import of_field
from puntuale.api.told.fairness import FairnessTold, PartyTold
from puntuale.api.told.reports import GroupingNamed, ReportTold
from puntuale.api.told.workload import WorkloadTold
from puntuale.api.values import LARGEST
from puntuale.api.values import Asked as Sent
from puntuale.looks.requests import language
from puntuale.people.models import Organisation
from puntuale.reports import fairness, naming, workload
from puntuale.reports.arriving import arrivals
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.periods import Period
from puntuale.reports.responding import Measure, responses, spread
from puntuale.reports.steady import steady
from puntuale.wording import notices

router = Router(tags=["Reports"])


class DaysAsked(Sent):
    """The days a report is about, on the clock of the desk."""

    first: date
    last: date = Field(description="It belongs to them; ten years at most.")


class OrganisationAsked(DaysAsked):
    """The days, and whose tickets."""

    organisation: int | None = Field(None, ge=1, le=LARGEST, description="Only the tickets of this one.")


class ReportAsked(OrganisationAsked):
    """Which report."""

    by: GroupingNamed | None = Field(None, description="What it is told apart by.")


@reads(router, "/reports/attainment", gives=ReportTold)
def read_attainment(request: Call, asked: Query[ReportAsked]) -> ReportTold:
    """Read how first responses were kept, in three readings side by side, and how long answers took."""
    return _told(_meant(request, asked, _organisation(asked)), asked, asked.by)


@reads(router, "/reports/service", gives=ReportTold)
def read_service_report(request: Call, asked: Query[DaysAsked]) -> ReportTold:
    """Read the service report of your own organisation, by priority."""
    return _told(_meant(request, asked, request.person.organisation_id), asked, GroupingNamed.PRIORITY)


@reads(router, "/reports/workload", gives=WorkloadTold)
def read_workload(request: Call, asked: Query[OrganisationAsked]) -> WorkloadTold:
    """Read when the tickets of some days arrived, what is open now, and what falls due in the coming days."""
    meant = _meant(request, asked, _organisation(asked))
    with steady():
        arrived, opened, ahead = arrivals(meant), workload.backlog(meant), workload.due_ahead(meant)
    names = naming.keys(Grouping.PRIORITY, {priority for priority, _state in opened}, language(), at=request.at)
    return WorkloadTold.of(arrived, opened, ahead, asked=meant, days=(asked.first, asked.last), names=names)


@reads(router, "/reports/priorities", gives=FairnessTold)
def read_changed_priorities(request: Call, asked: Query[OrganisationAsked]) -> FairnessTold:
    """Read how priorities were changed in some days, by whom and for whom, and what customers thought of answers."""
    meant, priorities = _meant(request, asked, _organisation(asked)), priorities_at(request.at)
    with steady():
        found = {
            party: (fairness.changes(meant, party, priorities), fairness.opinions(meant, party))
            for party in fairness.Party
        }
        reasons = fairness.grounds(meant)
    parties = {}
    for party, (changed, opinions) in found.items():
        keys = [one.key for one in changed] + [one.key for one in opinions]
        called = naming.parties(party, keys, language(), at=request.at)
        parties[party] = PartyTold.of(changed, opinions, called)
    names = {key: notices.grounds(key, language()) for key in reasons}
    return FairnessTold.of(parties, reasons, asked=meant, days=(asked.first, asked.last), names=names)


def _organisation(asked: OrganisationAsked) -> int | None:
    """Return whose tickets are asked about. Raises Refused for an organisation that is not there."""
    if asked.organisation is not None and not Organisation.objects.filter(pk=asked.organisation).exists():
        told = _("There is no organisation %(number)s.") % {"number": asked.organisation}
        raise of_field("query.organisation", "organisation.unknown", told)
    return asked.organisation


def _meant(call: Call, asked: DaysAsked, organisation: int | None) -> Asked:
    """Return what is asked as reports understand it. Raises Refused for days that make no sense."""
    try:
        period = Period(asked.first, asked.last, desk.zone_at(call.at))
    except ValueError as problem:
        told = _("A report is about days in order, between 1971 and 2198, and about ten years at most.")
        raise of_field("query.last", "days.order", told) from problem
    return Asked(since=period.since, until=period.until, at=call.at, zone=period.zone, organisation=organisation)


def _told(meant: Asked, asked: DaysAsked, by: GroupingNamed | None) -> ReportTold:
    grouping = Grouping(by) if by else None
    with steady():
        report, found = attainment(meant, by=grouping), responses(meant)
        keys = [line.key for line in report.lines] if grouping else []
        names = naming.keys(grouping, keys, language(), at=meant.at) if grouping else {}
    spreads = {measure: spread(found[measure], measure) for measure in Measure}
    return ReportTold.of(report, spreads, asked=meant, days=(asked.first, asked.last), by=grouping, names=names)
