"""Rotas: all of them with their chains, and the form of one with the turns it leads to."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.guarantee import rota as pure
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.office import rota_form
from puntuale.office.rota_form import FieldRefused, LayerFields
from puntuale.oncall import reading
from puntuale.oncall import rotas as verbs
from puntuale.oncall.drawing import MOST_LAYERS, DrawingRefused, DrawnLayer, refuse_bad_layers
from puntuale.oncall.models import Rota
from puntuale.people.models import VENDOR_ROLES, Person
from puntuale.tickets.texts import TextRefused
from puntuale.wording import moments

SHOWN_AHEAD = timedelta(days=28)
MOST_TURNS = 60


@admitted
@require_safe
def rotas(request: Admitted) -> HttpResponse:
    """Show all rotas and all chains."""
    chains = [(chain, chain.steps.prefetch_related("targets__rota", "targets__person")) for chain in reading.chains()]
    shown = {"now": reading.now_on_call(at=request.at), "chains": chains}
    return render(request, "office/rotas.html", shown)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Make a rota."""
    return _edited(request, None)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def rota(request: Admitted, key: int) -> HttpResponseBase:
    """Change a rota."""
    return _edited(request, get_object_or_404(reading.rotas(), pk=key))


@admitted
@require_POST
def retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Take a rota off the list."""
    found = get_object_or_404(reading.rotas(), pk=key)
    try:
        verbs.retire(found, by=request.person, at=request.at)
    except verbs.RotaInUse as problem:
        messages.error(request, _("The chain %(chain)s still asks this rota.") % {"chain": problem.chain})
        return redirect("office_rota", key=found.pk)
    return redirect("office_rotas")


@dataclass(slots=True)
class Filled:
    """The form as it stands: what is filled in, what is wrong with it, and the turns it leads to."""

    name: str
    layers: list[LayerFields]
    problems: list[str] = field(default_factory=list)
    turns: list[pure.Turn] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.problems) or any(layer.problem for layer in self.layers)


def _edited(request: Admitted, found: Rota | None) -> HttpResponseBase:
    if request.method != "POST":
        return _page(request, found, _stored(request, found))
    filled, drawn = _read(request)
    if not filled.is_wrong and "preview" not in request.POST:
        _save(request, found, filled, drawn)
        if not filled.is_wrong:
            messages.success(request, _("Saved."))
            return redirect("office_rotas")
    if not filled.is_wrong:
        filled.turns = _turns(request, found, drawn)
    return _page(request, found, filled)


def _stored(request: Admitted, found: Rota | None) -> Filled:
    if found is None:
        day = request.at.astimezone(request.zone).date()
        return Filled(
            "", [LayerFields(zone_name=str(request.zone), since=(day - timedelta(day.weekday())).isoformat())]
        )
    drawn = [reading.drawn(layer) for layer in found.layers.prefetch_related("places__person")]
    return Filled(found.name, [LayerFields.of(layer) for layer in drawn], turns=_turns(request, found, drawn))


def _read(request: Admitted) -> tuple[Filled, list[DrawnLayer]]:
    count = min(len([key for key in request.POST if key.startswith("zone-")]), MOST_LAYERS)
    sent = rota_form.read(request.POST.dict(), [request.POST.getlist(f"people-{n}") for n in range(count)])
    filled, drawn = Filled(request.POST.get("name", "")[:200], [layer for layer in sent if not layer.is_blank]), []
    for n, layer in enumerate(filled.layers):
        try:
            drawn.append(layer.drawn(_("Layer %(number)d") % {"number": n + 1}))
        except FieldRefused as problem:
            layer.problem = rota_form.problem(problem.rule)
    if not filled.is_wrong:
        try:
            refuse_bad_layers(tuple(drawn), verbs.holiday_lists(request.at))
        except DrawingRefused as problem:
            _put(problem, filled)
    return filled, drawn


def _save(request: Admitted, found: Rota | None, filled: Filled, drawn: list[DrawnLayer]) -> None:
    try:
        verbs.shape(found, name=filled.name, layers=drawn, by=request.person, at=request.at)
    except TextRefused as problem:
        filled.problems.append(rota_form.problem(problem.rule))
    except DrawingRefused as problem:
        _put(problem, filled)


def _put(refused: DrawingRefused, filled: Filled) -> None:
    """Put what is wrong where it is wrong."""
    for part, rule in refused.problems.items():
        if part.isdecimal():
            filled.layers[int(part)].problem = rota_form.problem(rule)
        else:
            filled.problems.append(rota_form.problem(rule))


def _turns(request: Admitted, found: Rota | None, drawn: list[DrawnLayer]) -> list[pure.Turn]:
    """Return the turns that a drawing leads to, with the covers and the time off there are."""
    lists, at = verbs.holiday_lists(request.at), request.at
    there = reading.as_rota(found, at=at) if found else pure.Rota((), away=reading.away(at))
    layers = tuple(layer.as_layer(n, lists) for n, layer in enumerate(drawn))
    return reading.joined(pure.Rota(layers, there.covers, there.away).turns(at, at + SHOWN_AHEAD))[:MOST_TURNS]


def _page(request: Admitted, found: Rota | None, filled: Filled) -> HttpResponse:
    people = Person.objects.filter(role__in=VENDOR_ROLES, left_at=None)
    names = {person.pk: person.name for person in people}
    layers = [*filled.layers, *([LayerFields(zone_name=str(request.zone))] if filled.layers[-1:] else [])]
    if not filled.layers:
        layers = [LayerFields(zone_name=str(request.zone))]
    shown = {
        "rota": found,
        "filled": filled,
        "layers": layers,
        "people": [(str(key), name) for key, name in names.items()],
        "lists": [(key, days.name.in_language(language())) for key, days in verbs.holiday_lists(request.at).items()],
        "weekdays": [moments.weekday(day, language()) for day in range(7)],
        "turns": [(names.get(turn.who or 0, ""), turn.start, turn.end) for turn in filled.turns],
    }
    return render(request, "office/rota.html", shown, status=422 if filled.is_wrong else 200)
