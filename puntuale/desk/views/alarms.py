"""The alarms somebody was told of."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.desk.alarms import of_reader
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted


@admitted
@require_safe
def alarms(request: Admitted) -> HttpResponse:
    """Show the alarms of the last week that the reader was told of."""
    return render(request, "desk/alarms.html", {"alarms": of_reader(request)})
