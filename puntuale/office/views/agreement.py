"""The agreement: its versions, and writing the next one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements import drafting
from puntuale.agreements.drafting import DraftTooLarge
from puntuale.agreements.models import AgreementDraft, Publication
from puntuale.agreements.proposals import propose
from puntuale.agreements.reading import NothingInForce, agreement_published_as, publication_in_force
from puntuale.guarantee import document
from puntuale.looks.admission import admitted
from puntuale.looks.published import Page
from puntuale.looks.requests import Admitted, address_of, language
from puntuale.looks.versions import turn_of
from puntuale.office import differences
from puntuale.office.clock import desk_zone
from puntuale.office.consequences import consequences
from puntuale.office.draft_page import Draft, remarks
from puntuale.office.publication_form import PublicationFields
from puntuale.tickets import renewal
from puntuale.tickets.foresight import foresee


@admitted
@require_safe
def versions(request: Admitted) -> HttpResponse:
    """Show every version, and whether somebody is writing the next one."""
    found = Publication.objects.defer("source", "document").select_related("published_by").order_by("-version")
    told = [(one, turn_of(one, language=language(), zone=request.zone, at=request.at)) for one in found]
    others = AgreementDraft.objects.exclude(person=request.person).select_related("person").order_by("person__name")
    shown = {"versions": told, "own": drafting.draft_of(request.person), "others": others}
    return render(request, "office/agreement/versions.html", shown)


@admitted
@require_safe
def version(request: Admitted, version: int) -> HttpResponse:
    """Show a version: who published it, what it changed, and what it would bring forward while it is in force."""
    publication = get_object_or_404(Publication.objects.select_related("published_by"), version=version)
    turn = turn_of(publication, language=language(), zone=request.zone, at=request.at)
    before = Publication.objects.filter(version__lt=version).order_by("-version").first()
    agreement = agreement_published_as(publication)
    groups = differences.told(agreement_published_as(before), agreement, language()) if before else []
    shown = {"publication": publication, "turn": turn, "before": before, "groups": groups}
    if _is_in_force(publication, request):
        shown["page"] = consequences(request, foresee(agreement, at=request.at))
    return render(request, "office/agreement/version.html", shown)


@admitted
@require_POST
def renewing(request: Admitted, version: int) -> HttpResponseBase:
    """Let a version bring open promises forward. The worker does it, since there may be very many."""
    publication = get_object_or_404(Publication.objects.defer("source", "document"), version=version)
    try:
        renewal.ask(publication, by=request.person, at=request.at, address=address_of(request))
    except renewal.NotInForce:
        messages.error(request, _("This version is not in force, so it brings nothing forward."))
    else:
        messages.success(request, _("Asked for. The promises come forward within the next minutes."))
    return redirect("office_version", version=version)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Admitted) -> HttpResponseBase:
    """Show the text of the next version with everything that is wrong with it, and keep what it becomes."""
    if request.method != "POST":
        return _draft_page(request, "text", drafting.begun(request.person, at=request.at))
    try:
        drafting.save(request.person, request.POST.get("source", ""), at=request.at)
    except DraftTooLarge:
        messages.error(request, _("This text is too long for an agreement."))
    else:
        messages.success(request, _("Saved."))
    return redirect("office_draft")


@admitted
@require_POST
def findings(request: Admitted) -> HttpResponse:
    """Tell what is wrong with a text that is being written. Keeps nothing."""
    source = request.POST.get("source", "").replace("\r\n", "\n")
    reading = document.read(source, propose=propose)
    shown = {"remarks": remarks(reading, source), "agreement": reading.agreement}
    return render(request, "office/agreement/findings.html", shown)


@admitted
@require_POST
def discarding(request: Admitted) -> HttpResponseBase:
    """Throw the draft away."""
    drafting.discard(request.person)
    messages.success(request, _("The draft is gone."))
    return redirect("office_agreement")


@admitted
@require_safe
def preview(request: Admitted) -> HttpResponse:
    """Show the page that customers would read, in each of its languages."""
    found = _draft(request)
    if found.agreement is None:
        return _draft_page(request, "preview", found.stored)
    spoken = found.agreement.languages
    asked = request.GET.get("in", "")
    chosen = asked if asked in spoken else language() if language() in spoken else spoken[0]
    page = Page(found.agreement, None, chosen, request.zone, request.at)
    shown: dict[str, Any] = {"spoken": spoken, "chosen": chosen, "page": page}
    with override(chosen):
        shown["rendered"] = render_to_string("looks/guarantee.html", shown, request)
    return _draft_page(request, "preview", found.stored, **shown)


@admitted
@require_safe
def differing(request: Admitted) -> HttpResponse:
    """Show what the draft says otherwise than the version in force."""
    found = _draft(request)
    groups = []
    if found.agreement is not None and found.former is not None:
        groups = differences.told(found.former, found.agreement, language())
    return _draft_page(request, "differences", found.stored, groups=groups)


@admitted
@require_safe
def changing(request: Admitted) -> HttpResponse:
    """Show which open tickets would be due at another time, had they been sent under the draft."""
    found = _draft(request)
    if found.agreement is None:
        return _draft_page(request, "consequences", found.stored)
    page = consequences(request, foresee(found.agreement, at=request.at))
    return _draft_page(request, "consequences", found.stored, page=page)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: Admitted) -> HttpResponseBase:
    """Publish the draft from an instant on, for good."""
    stored, filled = drafting.begun(request.person, at=request.at), PublicationFields()
    if request.method == "POST":
        filled = PublicationFields.read(request.POST)
        made = filled.publish(stored.source, by=request.person, at=request.at, address=address_of(request))
        if made is not None:
            drafting.discard(request.person)
            messages.success(request, _("Version %(version)s is published.") % {"version": made.version})
            return redirect("office_version", version=made.version)
    found = Draft.of(stored, at=request.at)
    shown: dict[str, Any] = {"filled": filled, "desk_zone": desk_zone(request.at), "count": 0}
    if found.agreement is not None:
        shown["foresight"] = foresee(found.agreement, at=request.at)
        if found.former is not None:
            shown["count"] = len(document.changes(found.former, found.agreement))
    return _draft_page(request, "publication", stored, status=422 if filled.problems else 200, **shown)


def _draft(request: Admitted) -> Draft:
    return Draft.of(drafting.begun(request.person, at=request.at), at=request.at)


def _draft_page(request: Admitted, tab: str, stored: AgreementDraft, status: int = 200, **more: object) -> HttpResponse:
    found = Draft.of(stored, at=request.at)
    behind = stored.based_on < drafting.newest_version()
    shown = {"draft": found, "tab": tab, "remarks": found.remarks, "agreement": found.agreement, "is_behind": behind}
    return render(request, f"office/agreement/{tab}.html", shown | more, status=status)


def _is_in_force(publication: Publication, request: Admitted) -> bool:
    try:
        return publication_in_force(request.at).pk == publication.pk
    except NothingInForce:
        return False
