"""Reports: what was promised and what was done, the work at hand, and how priorities were changed."""

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from puntuale.agreements import desk
from puntuale.agreements.reading import priorities_at
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.people.models import Organisation
from puntuale.reports import fairness as fair
from puntuale.reports import fairness_page, naming, page, workload_page
from puntuale.reports import workload as load
from puntuale.reports.arriving import HOURS, arrivals
from puntuale.reports.attainment import attainment
from puntuale.reports.counting import Grouping
from puntuale.reports.mailing import subscription_of
from puntuale.reports.page import Wanted
from puntuale.reports.responding import responses
from puntuale.reports.shown import attainment_shown, period_shown
from puntuale.reports.steady import steady
from puntuale.reports.subscribing import take_subscription


@admitted
@require_safe
def reports(request: Admitted) -> HttpResponse:
    """Show the attainment of a period in its three readings, and told apart by something."""
    wanted, spoken = wanted_by(request), language()
    asked = wanted.asked(request.at)
    with steady():
        report, taken = attainment(asked, by=wanted.by), responses(asked)
    shown = {
        **_period(wanted, spoken),
        **attainment_shown(wanted, report, taken, spoken, at=request.at),
        "mailed": subscription_of(request.person),
        "groupings": [(key.value, naming.called(said, spoken)) for key, said in naming.GROUPINGS.items()],
    }
    return render(request, "office/reports.html", shown)


@admitted
@require_safe
def workload(request: Admitted) -> HttpResponse:
    """Show when tickets arrived in a period, what is open now, and which promises fall due in the coming days."""
    wanted, spoken = wanted_by(request), language()
    asked = wanted.asked(request.at)
    with steady():
        arrived, open_now, ahead = arrivals(asked), load.backlog(asked), load.due_ahead(asked)
    names = workload_page.priorities(open_now, spoken, at=request.at)
    shown = {
        **_period(wanted, spoken),
        "arrivals": page.heat(wanted, arrived, spoken),
        "hours": [f"{hour:02}" for hour in range(HOURS)],
        "backlog": workload_page.backlog(open_now, wanted.query, names),
        "states": [naming.called(naming.STATES[state], spoken) for state in load.State],
        "ahead": workload_page.ahead(ahead, wanted.query, spoken),
    }
    return render(request, "office/report_workload.html", shown)


@admitted
@require_safe
def fairness(request: Admitted) -> HttpResponse:
    """Show how priorities were changed in a period, by whom and for whom, and what customers thought of answers."""
    wanted, spoken = wanted_by(request), language()
    asked, priorities = wanted.asked(request.at), priorities_at(request.at)
    with steady():
        changed = {party: fair.changes(asked, party, priorities) for party in fair.Party}
        opinions = {party: fair.opinions(asked, party) for party in fair.Party}
        reasons = fair.grounds(asked)
    query, at = wanted.query, request.at
    parties = [
        {
            "name": naming.called(naming.GROUPINGS[Grouping(party.value)], spoken),
            "changes": fairness_page.changes(changed[party], party, query, spoken, at=at),
            "opinions": fairness_page.opinions(opinions[party], party, query, spoken, at=at),
        }
        for party in fair.Party
    ]
    shown = {
        **_period(wanted, spoken),
        "parties": parties,
        "sorts": [naming.called(naming.SORTS[sort], spoken) for sort in fair.Sort],
        "reasons": fairness_page.reasons(reasons, query, spoken),
    }
    return render(request, "office/report_fairness.html", shown)


@admitted
@require_POST
def by_mail(request: Admitted) -> HttpResponseBase:
    """Send whoever asks the report after each week or month, or not any more."""
    take_subscription(request)
    return redirect("office_reports")


def wanted_by(request: Admitted) -> Wanted:
    """Return what a request asks, on the clock of the desk. Raises Http404 for an organisation that is not there."""
    wanted = Wanted.read(request.GET, at=request.at, zone=desk.zone_at(request.at))
    if wanted.organisation and not Organisation.objects.filter(pk=wanted.organisation).exists():
        raise Http404
    return wanted


def _period(wanted: Wanted, spoken: str) -> dict[str, object]:
    """Return what the head of each page of reports shows."""
    organisation = Organisation.objects.filter(pk=wanted.organisation).first() if wanted.organisation else None
    return period_shown(wanted, spoken) | {"organisation": organisation}
