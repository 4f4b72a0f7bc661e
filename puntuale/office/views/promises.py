"""The page that tells whether every promise of the next thirty days can be kept."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, language
from puntuale.office import assurance, assurance_words
from puntuale.office.assurance import Verdict

ICONS = {Verdict.OK: "circle-check", Verdict.WARNING: "triangle-alert", Verdict.BAD: "circle-x"}
TONES = {Verdict.OK: "calm", Verdict.WARNING: "soon", Verdict.BAD: "late"}


@dataclass(frozen=True)
class Line:
    """One thing that was looked at, as the page shows it."""

    tone: str
    icon: str
    sentence: str
    remedy: str


@admitted
@require_safe
def promises(request: Admitted) -> HttpResponse:
    """Show what stands in the way of keeping every promise of the next thirty days, the worst first."""
    found = assurance.findings(request.at)
    order = [Verdict.BAD, Verdict.WARNING, Verdict.OK]
    lines = [
        Line(
            TONES[finding.verdict],
            ICONS[finding.verdict],
            assurance_words.sentence(finding, language(), request.zone, at=request.at),
            assurance_words.remedy(finding, language()),
        )
        for finding in sorted(found, key=lambda one: order.index(one.verdict))
    ]
    shown = {"lines": lines, "worst": assurance.worst(found).value}
    return render(request, "office/promises.html", shown)
