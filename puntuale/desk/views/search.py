"""The search."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.desk.rows import rows
from puntuale.desk.trail import Trail
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import presence, searching
from puntuale.tickets.reading import visible_to
from puntuale.tickets.searching import LONGEST_QUESTION


@admitted
@require_safe
def search(request: Admitted) -> HttpResponse:
    """Show what an agent looks for: a ticket's number, words, an organisation, a person."""
    asked = request.GET.get("q", "").replace("\0", " ")[:LONGEST_QUESTION]
    found = searching.find(visible_to(request.person), asked, by=request.person)
    watched = presence.watched(found, by_others_than=request.person, at=request.at)
    shown = {
        "asked": asked,
        "rows": rows(found, request, view=None, watched=watched),
        "trail": Trail(),
        "is_whole": len(found) < searching.MOST_FOUND,
    }
    return render(request, "desk/search.html", shown)
