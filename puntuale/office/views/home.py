"""The first page of the office: what needs a manager, and where everything is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.office.assurance import Verdict
from puntuale.office.attention import needs
from puntuale.office.menu import ITEMS

TONES = {
    Verdict.OK: ("none", "info"),
    Verdict.WARNING: ("soon", "triangle-alert"),
    Verdict.BAD: ("late", "circle-x"),
}


@admitted
@require_safe
def home(request: Admitted) -> HttpResponse:
    """Show what needs a manager, and every page of the office."""
    found = [(need, *TONES[need.verdict]) for need in needs(request.person, at=request.at)]
    return render(request, "office/home.html", {"needs": found, "items": ITEMS})
