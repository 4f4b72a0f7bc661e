"""A ticket's evidence, to be handed to whoever wants to check it."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from puntuale.desk.ticket_page import found
from puntuale.guarantee import evidence
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets.evidence import bundle_of


@admitted
@require_safe
def bundle(request: Admitted, number: int) -> HttpResponse:
    """Hand out the bundle that `puntuale verify` checks, to be saved. A manager does that."""
    shown = found(request, number)
    response = HttpResponse(evidence.written(bundle_of(shown, at=request.at)), content_type="application/json")
    response["Content-Disposition"] = f"attachment; filename=evidence-{shown.number}.json"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
