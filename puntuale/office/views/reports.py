"""Reports: what was promised and what was done, and the tickets behind every figure."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.agreements import desk
from puntuale.looks.admission import admitted
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.office import lists
from puntuale.people.models import Organisation
from puntuale.reports import exporting, naming, page, tables
from puntuale.reports.arriving import HOURS, arrivals
from puntuale.reports.attainment import Reading, attainment, tickets
from puntuale.reports.counting import Outcome
from puntuale.reports.page import Wanted
from puntuale.reports.responding import responses
from puntuale.reports.steady import steady
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings


@admitted
@require_safe
def reports(request: Admitted) -> HttpResponse:
    """Show the attainment of a period in its three readings, and told apart by something."""
    wanted, spoken = _wanted(request), language()
    asked = wanted.asked(request.at)
    with steady():
        report, arrived, taken = attainment(asked, by=wanted.by), arrivals(asked), responses(asked)
    shown = {
        "wanted": wanted,
        "query": urlencode(wanted.query),
        "days": wanted.told(spoken),
        "summary": page.summary(wanted, report, spoken),
        "chart": page.chart(report, spoken),
        "outcomes": page.outcomes(wanted, report, spoken),
        "moves": page.moves(wanted, report, spoken),
        "moved": report.moves,
        "left_out": page.left_out(wanted, report),
        "groups": page.groups(wanted, report, spoken, at=request.at),
        "arrivals": page.heat(wanted, arrived, spoken),
        "hours": [f"{hour:02}" for hour in range(HOURS)],
        "durations": page.durations(taken, spoken),
        "histograms": page.histograms(wanted, taken, spoken),
        "grouping": naming.called(naming.GROUPINGS[wanted.by], spoken) if wanted.by else "",
        "readings": [naming.called(naming.READINGS[reading], spoken) for reading in Reading],
        "outcome_names": [naming.called(naming.OUTCOMES[outcome], spoken) for outcome in Outcome],
        "periods": [(key, naming.called(said, spoken)) for key, said in naming.PERIODS.items()],
        "groupings": [(key.value, naming.called(said, spoken)) for key, said in naming.GROUPINGS.items()],
        "organisation": Organisation.objects.filter(pk=wanted.organisation).first() if wanted.organisation else None,
    }
    return render(request, "office/reports.html", shown)


@admitted
@require_safe
def export(request: Admitted, kind: str) -> HttpResponseBase:
    """Give the attainment as a table for spreadsheets, or as JSON."""
    wanted = _wanted(request)
    asked = wanted.asked(request.at)
    with steady():
        report = attainment(asked, by=wanted.by)
    found = [line.key for line in report.lines]
    names = naming.keys(wanted.by, found, language(), at=request.at) if wanted.by else {}
    if kind == "json":
        facts = exporting.as_facts(report, asked, wanted.by, names)
        return JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    if kind != "csv":
        raise Http404
    rows = tables.as_csv(exporting.as_rows(report, names))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = (
        f'attachment; filename="attainment-{wanted.period.first}-{wanted.period.last}.csv"'
    )
    return response


@admitted
@require_safe
def behind(request: Admitted) -> HttpResponseBase:
    """List the tickets behind a figure, the latest first."""
    wanted = _wanted(request)
    asked, meant = wanted.asked(request.at), page.behind(request.GET, wanted.by)
    number = lists.number(request.GET.get("page", ""))
    size = lists.ON_A_PAGE
    with steady():
        numbers, count = tickets(asked, meant, first=(number - 1) * size, size=size)
    found = Ticket.objects.select_related("organisation").in_bulk(numbers)
    listed = [found[one] for one in numbers]
    more = request.GET.copy()
    more.pop("page", None)
    shown = {
        "days": wanted.told(language()),
        "back": urlencode(wanted.query),
        "rows": [ShownPromise(one, language(), request.zone) for one in standings(listed, at=request.at)],
        "count": count,
        "number": number,
        "last": max(number, -(-count // size)),
        "more": f"{more.urlencode()}&",
    }
    return render(request, "office/report_tickets.html", shown)


def _wanted(request: Admitted) -> Wanted:
    return Wanted.read(request.GET, at=request.at, zone=desk.zone_at(request.at))
