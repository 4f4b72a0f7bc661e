"""What is behind the figures of a report, and what of it can be taken away."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.agreements.reading import priorities_at
from puntuale.looks.admission import admitted
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.office import lists
from puntuale.office.views.reports import wanted_by
from puntuale.reports import exporting, naming, page, tables
from puntuale.reports.attainment import attainment, tickets
from puntuale.reports.page import Wanted
from puntuale.reports.piles import NoSuchPile, described, pile
from puntuale.reports.sheets import sheets
from puntuale.reports.steady import steady
from puntuale.reports.workbook import XLSX, workbook
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings

PAGES = {
    "backlog": "office_report_workload",
    "due": "office_report_workload",
    "changes": "office_report_fairness",
    "ratings": "office_report_fairness",
    "reasons": "office_report_fairness",
}
"""Where the figures of a pile stand."""


@admitted
@require_safe
def export(request: Admitted, kind: str) -> HttpResponseBase:
    """Give the attainment as a table for spreadsheets, the report as a workbook, or the attainment as JSON."""
    wanted = wanted_by(request)
    if wanted.unreadable:
        raise Http404
    asked = wanted.asked(request.at)
    with steady():
        report = attainment(asked, by=wanted.by)
        names = (
            naming.keys(wanted.by, [line.key for line in report.lines], language(), at=request.at) if wanted.by else {}
        )
        book = workbook(sheets(asked, report, names, language=language())) if kind == "xlsx" else b""
        facts = exporting.as_facts(report, asked, wanted.by, names) if kind == "json" else {}
    response: HttpResponseBase
    if kind == "json":
        response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    elif kind == "csv":
        rows = tables.as_csv(exporting.as_rows(report, names))
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    elif kind == "xlsx":
        response = HttpResponse(book, content_type=XLSX)
    else:
        raise Http404
    name = f"attainment-{wanted.period.first}-{wanted.period.last}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@admitted
@require_safe
def behind(request: Admitted) -> HttpResponseBase:
    """List the tickets behind a figure, the latest first."""
    wanted = wanted_by(request)
    number = lists.number(request.GET.get("page", ""))
    with steady():
        numbers, count = _numbers(request, wanted, number)
        found = Ticket.objects.select_related("organisation").in_bulk(numbers)
    more = request.GET.copy()
    more.pop("page", None)
    shown = {
        "days": wanted.told(language()),
        "figure": _described(request, wanted),
        "page": PAGES.get(request.GET.get("pile", ""), "office_reports"),
        "back": urlencode(wanted.query),
        "rows": [
            ShownPromise(one, language(), request.zone)
            for one in standings([found[one] for one in numbers], at=request.at)
        ],
        "count": count,
        "number": number,
        "last": max(number, -(-count // lists.ON_A_PAGE)),
        "more": f"{more.urlencode()}&",
    }
    return render(request, "office/report_tickets.html", shown)


def _described(request: Admitted, wanted: Wanted) -> str:
    """Return which figure the tickets are behind."""
    if "pile" in request.GET:
        return described(request.GET, language(), at=request.at)
    try:
        meant = page.behind(request.GET, wanted.by)
    except page.Nonsense:
        return ""
    return page.described(meant, request.GET.get("reading", ""), language(), at=request.at)


def _numbers(request: Admitted, wanted: Wanted, number: int) -> tuple[list[int], int]:
    """Return the numbers of the tickets on a page, and how many there are in all. What makes no sense has none."""
    asked, first = wanted.asked(request.at), (number - 1) * lists.ON_A_PAGE
    try:
        found = pile(request.GET, asked, priorities_at(request.at))
        if found is None:
            return tickets(asked, page.behind(request.GET, wanted.by), first=first, size=lists.ON_A_PAGE)
    except (NoSuchPile, page.Nonsense):
        return [], 0
    keys = found.order_by("-pk").values_list("pk", flat=True)
    return list(keys[first : first + lists.ON_A_PAGE]), found.count()
