"""Changing a priority: the step with both promises side by side, and the decisions that others make about it."""

from typing import TypeVar

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puntuale.desk.acting import act, back
from puntuale.desk.reclassifying import Step
from puntuale.desk.refusals import REFUSALS, status_of, told
from puntuale.desk.ticket_page import found
from puntuale.desk.trail import Trail
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.tickets import classification
from puntuale.tickets.models import Disagreement, Grounds, ImpactReport, Lowering, Ticket

Asked = TypeVar("Asked", Lowering, Disagreement, ImpactReport)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def reclassification(request: Admitted, number: int) -> HttpResponseBase:
    """Show what a change of priority would do, and make it."""
    ticket = found(request, number)
    if request.method != "POST":
        return _step(request, ticket)
    if request.POST.get("because") not in set(Grounds):
        return _step(request, ticket, problem=_("Please choose a reason."), status=422)
    try:
        change = classification.reclassify(
            ticket,
            to=request.POST.get("to", ""),
            was=request.POST.get("was", ""),
            because=Grounds(request.POST["because"]),
            telling=request.POST.get("text", ""),
            environment=request.POST.get("place") or None,
            by=request.person,
            at=request.at,
        )
    except REFUSALS as problem:
        return _step(request, found(request, number), problem=told(problem), status=status_of(problem))
    messages.success(request, _done(change))
    return back(request, number)


@admitted
@require_POST
def confirmation(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Confirm a lowering that a colleague proposed."""
    lowering = _of(request, number, Lowering, key)
    done = _("The priority is changed, and the customer is told why.")
    return act(
        request, number, lambda _ticket: classification.confirm(lowering, by=request.person, at=request.at), done=done
    )


@admitted
@require_POST
def refusal(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Let the priority stay as it is, against a lowering that was proposed."""
    lowering = _of(request, number, Lowering, key)
    done = _("The priority stays as it is.")
    return act(
        request, number, lambda _ticket: classification.decline(lowering, by=request.person, at=request.at), done=done
    )


@admitted
@require_POST
def upholding(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Decide for a customer who disagrees."""
    dispute = _of(request, number, Disagreement, key)
    return act(
        request,
        number,
        lambda _ticket: classification.uphold(dispute, telling=_text(request), by=request.person, at=request.at),
        form=f"dispute-{key}",
        done=_("The earlier priority is back, and the customer is told."),
    )


@admitted
@require_POST
def overruling(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Decide against a customer who disagrees."""
    dispute = _of(request, number, Disagreement, key)
    return act(
        request,
        number,
        lambda _ticket: classification.overrule(dispute, telling=_text(request), by=request.person, at=request.at),
        form=f"dispute-{key}",
        done=_("The change stands, and the customer is told."),
    )


@admitted
@require_POST
def acceptance(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Follow a customer who reports that the impact grew."""
    report = _of(request, number, ImpactReport, key)
    return act(
        request,
        number,
        lambda _ticket: classification.accept(report, telling=_text(request), by=request.person, at=request.at),
        form=f"report-{key}",
        done=_("The priority is raised, and the customer is told."),
    )


@admitted
@require_POST
def turning_down(request: Admitted, number: int, key: int) -> HttpResponseBase:
    """Let the priority stay as it is, against a customer's report."""
    report = _of(request, number, ImpactReport, key)
    return act(
        request,
        number,
        lambda _ticket: classification.turn_down(report, telling=_text(request), by=request.person, at=request.at),
        form=f"report-{key}",
        done=_("The priority stays as it is, and the customer is told."),
    )


def _step(request: Admitted, ticket: Ticket, *, problem: str = "", status: int = 200) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    step = Step.of(request, ticket, asked.dict())
    told_so = problem or step.problem
    text = asked.get("text") if request.method == "POST" else None
    shown = {
        "ticket": ticket,
        "step": step,
        "problem": told_so,
        "text": (step.suggestion if step.preview else "") if text is None else text,
        "trail": Trail.of(request.GET),
    }
    return render(request, "desk/reclassification.html", shown, status=status)


def _done(change: object) -> str:
    if isinstance(change, Lowering):
        return _("Proposed. A manager must confirm; until then the promise stays.")
    return _("The priority is changed, and the customer is told why.")


def _text(request: Admitted) -> str:
    return request.POST.get("text", "")


def _of(request: Admitted, number: int, table: type[Asked], key: int) -> Asked:
    """Return what is to be decided on a ticket the agent may see. Raises Http404."""
    row = table._default_manager.filter(pk=key, ticket=found(request, number)).first()
    if row is None:
        raise Http404
    return row
