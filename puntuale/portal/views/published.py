"""The published guarantee, for people and for programs; and the way home."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from puntuale.agreements import desk
from puntuale.agreements.models import Publication
from puntuale.agreements.reading import NothingInForce, agreement_published_as, plan_in_force, publication_in_force
from puntuale.looks.published import Page
from puntuale.looks.requests import Request, language
from puntuale.looks.versions import Standing, turn_of
from puntuale.people.models import Person
from puntuale.reports import naming, publishing
from puntuale.reports.publishing import Published
from puntuale.wording import moments
from puntuale.wording.languages import spoken


def home(request: Request) -> HttpResponse:
    """Send whoever comes to her own door, in her language."""
    person = request.user
    if not isinstance(person, Person):
        return redirect("guarantee")
    with override(spoken(person.language)):
        return redirect("queue" if person.works_for_vendor else "tickets")


@require_safe
def guarantee(request: Request) -> HttpResponse:
    """Show the published guarantee."""
    person, page = request.user, page_in_force(request)
    plan = plan_in_force(person.organisation, request.at) if isinstance(person, Person) else None
    shown = {"page": page, "own_plan": plan, "attainment": _attainment(request)}
    return render(request, "portal/guarantee.html", shown)


@require_safe
def guarantee_facts(request: Request) -> JsonResponse:
    """Give the published guarantee to programs."""
    facts = page_in_force(request).as_facts()
    if kept := _kept(request):
        facts["attainment"] = [
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "kept": one.kept,
                "decided": one.decided,
                "rate": None if one.rate is None else float(one.rate),
            }
            for one in kept
        ]
    response = JsonResponse(facts, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def versions(request: Request) -> HttpResponse:
    """Show every version there is, was and will be."""
    found = Publication.objects.defer("source", "document").order_by("-version")
    told = [(one, turn_of(one, language=language(), zone=request.zone, at=request.at)) for one in found]
    return render(request, "portal/versions.html", {"versions": told})


@require_safe
def version(request: Request, version: int) -> HttpResponse:
    """Show one version, for good: what was promised under it can be read as long as there is anybody to read it."""
    publication = get_object_or_404(Publication.objects.defer("source", "document"), version=version)
    turn = turn_of(publication, language=language(), zone=request.zone, at=request.at)
    agreement, current = agreement_published_as(publication), turn.standing is Standing.IN_FORCE
    page = Page(agreement, publication, language(), request.zone, request.at, is_in_force=current)
    return render(request, "portal/version.html", {"page": page, "turn": turn})


def page_in_force(request: Request) -> Page:
    """Return the agreement in force, told to whoever asks. Raises Http404 where there is none yet."""
    try:
        publication = publication_in_force(request.at)
    except NothingInForce as problem:
        raise Http404(_("No agreement is published yet.")) from problem
    return Page(agreement_published_as(publication), publication, language(), request.zone, request.at)


def _kept(request: Request) -> list[Published]:
    """Return how promises were kept, when the vendor lets everybody read it."""
    if desk.settings().attainment_published_at is None:
        return []
    return publishing.published(at=request.at, zone=desk.zone_at(request.at))


def _attainment(request: Request) -> list[tuple[str, str, Published]]:
    """Return the days, the rate as people write it, and the counts."""
    return [
        (moments.period(one.first, one.last, language()), naming.percent(one.rate, language()), one)
        for one in _kept(request)
    ]
