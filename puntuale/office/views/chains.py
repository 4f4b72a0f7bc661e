"""Chains: the form of one."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.office import chain_form
from puntuale.office.chain_form import ChainFields, StepFields
from puntuale.oncall import chains as verbs
from puntuale.oncall import coverage, reading
from puntuale.oncall.drawing import DrawingRefused
from puntuale.oncall.models import Chain
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets.texts import TextRefused


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Make a chain."""
    return _edited(request, None)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def chain(request: Admitted, key: int) -> HttpResponseBase:
    """Change a chain."""
    return _edited(request, get_object_or_404(reading.chains(), pk=key))


@admitted
@require_POST
def retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Take a chain off the list."""
    verbs.retire(get_object_or_404(reading.chains(), pk=key), by=request.person, at=request.at)
    return redirect("office_rotas")


def _edited(request: Admitted, found: Chain | None) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, found, chain_form.of(found) if found else ChainFields())
    filled = chain_form.read(request.POST)
    try:
        verbs.shape(
            found,
            name=filled.name,
            plans=[key for key, _name in _plans(request) if key in filled.plans],
            rounds=filled.rounds_drawn,
            answer_within=filled.seconds_held,
            steps=[step.drawn for step in filled.steps],
            by=request.person,
            at=request.at,
        )
    except TextRefused as problem:
        filled.put("name", problem.rule)
    except DrawingRefused as problem:
        for part, rule in problem.problems.items():
            filled.put(part, rule)
    else:
        messages.success(request, _("Saved."))
        return redirect("office_rotas")
    return _page(request, found, filled)


def _page(request: Admitted, found: Chain | None, filled: ChainFields) -> HttpResponse:
    shown = {
        "chain": found,
        "filled": filled,
        "steps": [*filled.steps, StepFields()],
        "rotas": [(f"rota-{rota.pk}", rota.name) for rota in reading.rotas()],
        "people": [
            (f"person-{person.pk}", person.name)
            for person in Person.objects.filter(role__in=VENDOR_ROLES, left_at=None)
        ],
        "plans": _plans(request),
    }
    return render(request, "office/chain.html", shown, status=422 if filled.is_wrong else 200)


def _plans(request: Admitted) -> list[tuple[str, str]]:
    """Return the plans that promise a response day and night, as keys with names."""
    try:
        agreement = agreement_in_force(request.at)
    except NothingInForce:
        return []
    return [(key, agreement.plan(key).name.in_language(language())) for key in coverage.around_the_clock(agreement)]
