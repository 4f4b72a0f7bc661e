"""What if: a manager asks, the worker finds out, and what came of it stays."""

from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements import drafting
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.document import toml
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.office import lists, trial_rows
from puntuale.office.staffing_page import People
from puntuale.office.trial_form import TrialFields
from puntuale.office.trial_page import HOURS, Shown
from puntuale.oncall import reading
from puntuale.oncall.models import Rota
from puntuale.whatif import trials as verbs
from puntuale.whatif.models import Trial


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def trials(request: Admitted) -> HttpResponseBase:
    """List what was tried, with the form that asks for more."""
    filled = TrialFields()
    if request.method == "POST":
        file, log = (request.FILES.get(name) for name in ("file", "log"))
        filled = TrialFields.read(
            request.POST,
            file.read() if isinstance(file, UploadedFile) else b"",
            log if isinstance(log, UploadedFile) else None,
        )
        found = filled.ask(by=request.person, at=request.at)
        if found is not None:
            return redirect("office_trial", key=found.pk)
    page = lists.page(_tried(), request.GET.get("page", ""))
    shown = {
        "filled": filled,
        "page": page,
        "rows": trial_rows.listed(page.rows, language()),
        "has_draft": drafting.draft_of(request.person) is not None,
        "rotas": [(str(rota.pk), rota.name) for rota in reading.rotas().order_by("name")],
        "hours": _hours_in_force(request),
    }
    return render(request, "office/what_if.html", shown, status=422 if filled.problems else 200)


@admitted
@require_safe
def trial(request: Admitted, key: int) -> HttpResponse:
    """Show what came of a trial, or how far it has come."""
    found = get_object_or_404(Trial.objects.select_related("asked_by", "cancelled_by"), pk=key)
    result = found.result or {}
    shown = {
        "trial": found,
        "most_tries": verbs.MOST_TRIES,
        "ahead": _ahead(found),
        "asked": trial_rows.listed([found], language())[0][1],
        "shown": Shown(found, result, language()) if result else None,
        "people": People(found, result["staffing"], language()) if "staffing" in result else None,
        "hours": [f"{hour:02}" for hour in range(HOURS)],
        "rota": _rota(found.rota),
        "rota_before": _rota(found.rota_before),
    }
    return render(request, "office/trial.html", shown)


@admitted
@require_safe
def progress(request: Admitted, key: int) -> HttpResponse:
    """Show how far a trial has come; once it is over, the page is asked for anew."""
    found = get_object_or_404(Trial.objects.defer("source", "result"), pk=key)
    response = render(request, "office/trial_progress.html", {"trial": found, "ahead": _ahead(found)})
    if found.is_over:
        response["HX-Refresh"] = "true"
    return response


@admitted
@require_POST
def cancelling(request: Admitted, key: int) -> HttpResponseBase:
    """End a trial that is not over."""
    verbs.cancel(get_object_or_404(Trial.objects.defer("source", "result"), pk=key), by=request.person, at=request.at)
    return redirect("office_trial", key=key)


@admitted
@require_POST
def again(request: Admitted, key: int) -> HttpResponseBase:
    """Let a trial that failed be run once more."""
    verbs.again(get_object_or_404(Trial.objects.defer("source", "result"), pk=key), by=request.person)
    return redirect("office_trial", key=key)


def _tried() -> QuerySet[Trial]:
    """Return the trials, the latest first, without the documents that they are about."""
    tries_source = ExpressionWrapper(~Q(source=""), output_field=BooleanField())
    found = Trial.objects.select_related("asked_by").defer("source", "result").annotate(tries_source=tries_source)
    return found.order_by("-pk")


def _ahead(trial: Trial) -> int:
    """Return how many trials are run before one that waits."""
    return 0 if trial.is_over or trial.begun_at else verbs.ahead_of(trial)


def _rota(key: int | None) -> Rota | None:
    """Return a rota, also one that is used no more."""
    return None if key is None else Rota.objects.filter(pk=key).first()


def _hours_in_force(request: Admitted) -> str:
    """Return the hours of the agreement in force as a document writes them, as an example to change."""
    try:
        known = agreement_in_force(request.at)
    except NothingInForce:
        return ""
    desk = known.desk_hours
    if desk is None:
        return ""
    weekly = {day: shifts for day, shifts in _weekly(known, desk.key).items() if shifts}
    return f"[hours.{desk.key}]\nweekly = {toml.inline(weekly)}"


def _weekly(known: Agreement, key: str) -> Mapping[str, object]:
    hours = document.as_document(known)["hours"]
    assert isinstance(hours, Mapping)
    weekly: Mapping[str, object] = hours[key]["weekly"]
    return weekly
