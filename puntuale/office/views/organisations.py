"""Organisations, their people, and the contracts they have, had and will have."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements import contracts
from puntuale.agreements.models import Contract
from puntuale.agreements.reading import NothingInForce, agreement_in_force, contract_in_force
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, language
from puntuale.office import clock, contract_form, lists
from puntuale.office.contract_form import ContractFields
from puntuale.people import organisations as verbs
from puntuale.people.models import Organisation


@admitted
@require_safe
def organisations(request: Admitted) -> HttpResponse:
    """Show the organisations with their plans, those whose contract ends soon by themselves."""
    found = Organisation.objects.annotate(count=Count("people", filter=Q(people__left_at=None))).order_by("name")
    asked = request.GET.get("q", "").strip()[:100]
    found = found.filter(name__icontains=asked.replace("\0", "")) if asked else found
    ending = bool(request.GET.get("ending"))
    if ending:
        found = found.filter(pk__in=[one.organisation_id for one in contracts.ending_soon(request.at)])
    page = lists.page(found, request.GET.get("page", ""))
    now = Contract.objects.filter(Q(ends_at=None) | Q(ends_at__gt=request.at), starts_at__lte=request.at)
    current = {one.organisation_id: one for one in now.filter(organisation__in=page.rows)}
    soon = {one.organisation_id for one in contracts.ending_soon(request.at)}
    rows = [(one, current.get(one.pk), one.pk in soon) for one in page.rows]
    shown = {"rows": rows, "page": page, "q": asked, "ending": ending, "plans": _plan_names(request)}
    shown["more"] = urlencode({"q": asked} | ({"ending": "on"} if ending else {})) + "&"
    return render(request, "office/organisations.html", shown)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Take in an organisation."""
    if request.method != "POST":
        return render(request, "office/new_organisation.html")
    name = request.POST.get("name", "")
    try:
        found = verbs.found(name=name, by=request.person, at=request.at, address=address_of(request))
    except verbs.NameRefused as problem:
        shown = {"name": name[:200], "problem": _told(problem)}
        return render(request, "office/new_organisation.html", shown, status=422)
    return redirect("office_organisation", key=found.pk)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: Admitted, key: int) -> HttpResponseBase:
    """Show an organisation, and sign a contract with it, which takes the place of the one in force."""
    found = get_object_or_404(Organisation, pk=key)
    if request.method != "POST":
        current = contract_in_force(found, request.at)
        return _page(request, found, ContractFields(plan=current.plan if current else ""))
    filled = ContractFields.read(request.POST)
    signed = filled.sign(found, by=request.person, at=request.at, address=address_of(request))
    if signed is None:
        return _page(request, found, filled)
    messages.success(request, _("Signed. An upgrade brings open promises forward when it begins."))
    return redirect("office_organisation", key=key)


@admitted
@require_POST
def renaming(request: Admitted, key: int) -> HttpResponseBase:
    """Give an organisation another name."""
    found = get_object_or_404(Organisation, pk=key)
    try:
        name = request.POST.get("name", "")
        verbs.rename(found, name=name, by=request.person, at=request.at, address=address_of(request))
    except verbs.NameRefused as problem:
        messages.error(request, _told(problem))
    else:
        messages.success(request, _("Saved."))
    return redirect("office_organisation", key=key)


@admitted
@require_POST
def ending(request: Admitted, key: int) -> HttpResponseBase:
    """Let a contract end at another instant: now, where none is told."""
    contract = get_object_or_404(Contract.objects.select_related("organisation"), pk=key)
    try:
        ends_at = clock.read(request.POST.get("ends", "")[:40], at=request.at) or request.at
        contracts.end(contract, ends_at=ends_at, by=request.person, at=request.at, address=address_of(request))
    except contract_form.REFUSALS as problem:
        messages.error(request, contract_form.told(problem))
    else:
        messages.success(request, _("Saved. Open promises stay as they are."))
    return redirect("office_organisation", key=contract.organisation_id)


def _page(request: Admitted, found: Organisation, filled: ContractFields) -> HttpResponse:
    history = found.contracts.select_related("answered_for_by").order_by("-starts_at")
    soon = contracts.ending_soon(request.at).filter(organisation=found).first()
    shown = {
        "organisation": found,
        "people": found.people.order_by("left_at", "name")[:200],
        "contracts": [(one, _standing(one, request)) for one in history],
        "ending": soon,
        "filled": filled,
        "plans": _plan_names(request),
        "desk_zone": clock.desk_zone(request.at),
    }
    return render(request, "office/organisation.html", shown, status=422 if filled.problems else 200)


def _standing(contract: Contract, request: Admitted) -> str:
    if contract.starts_at > request.at:
        return "planned"
    return "past" if contract.ends_at is not None and contract.ends_at <= request.at else "in_force"


def _plan_names(request: Admitted) -> dict[str, str]:
    try:
        agreement = agreement_in_force(request.at)
    except NothingInForce:
        return {}
    return {plan.key: plan.name.in_language(language()) for plan in agreement.plans}


def _told(problem: verbs.NameRefused) -> str:
    if problem.rule == "name.taken":
        return _("There is an organisation of that name.")
    return _("An organisation needs a name of at most 200 characters.")
