"""The audit log: who did what, when and from where."""

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.office import audit_search, lists
from puntuale.office.audit_search import Asked
from puntuale.people import audit


@admitted
@require_safe
def log(request: Admitted) -> HttpResponse:
    """Show what was done, the newest first, or what a search finds of it."""
    asked = Asked.read(request.GET)
    page = lists.page(asked.found(request.zone), request.GET.get("page", ""))
    shown = {
        "asked": asked,
        "page": page,
        "rows": [(entry, audit_search.details(entry)) for entry in page.rows],
        "actions": [(action, action) for action in audit_search.actions()],
        "more": f"{asked.address}&" if asked.address else "",
    }
    return render(request, "office/audit.html", shown)


@admitted
@require_POST
def export(request: Admitted) -> HttpResponseBase:
    """Give what a search finds as a table for spreadsheets. Taking it is written down as well."""
    asked = Asked.read(request.GET)
    audit.record("audit_exported", by=request.person, at=request.at, about="audit log", address=address_of(request))
    response = StreamingHttpResponse(audit_search.as_csv(asked.found(request.zone)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="audit-{request.at:%Y-%m-%d}.csv"'
    return response
