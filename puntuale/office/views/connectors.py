"""What connects the desk to other things: addresses that open tickets, telephone numbers, calendars and the badge."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements.models import Product
from puntuale.agreements.reading import NothingInForce, agreement_in_force, products_on_offer
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, language
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.webhooks import incoming, phones
from puntuale.webhooks.incoming import HookRefused
from puntuale.webhooks.models import IncomingHook, PhoneNumber
from puntuale.webhooks.phones import NumberRefused

MOST_NUMBERS, MOST_CALLS = 500, 20


@admitted
@require_safe
def connectors(request: Admitted) -> HttpResponse:
    """Show everything that connects."""
    return _page(request)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new_hook(request: Admitted) -> HttpResponseBase:
    """Make an address that opens tickets, and show it, this once."""
    if request.method != "POST":
        return _hook_form(request, "")
    asked = request.POST
    product = asked.get("product", "")
    try:
        found, secret = incoming.add(
            name=asked.get("name", ""),
            kind=asked.get("kind", ""),
            person=_customer(asked.get("person", "")),
            priority=asked.get("priority", "")[:40],
            environment=asked.get("environment", "")[:40],
            product=Product.objects.filter(pk=product).first() if product.isdecimal() and len(product) < 9 else None,
            by=request.person,
            at=request.at,
            address=address_of(request),
        )
    except (HookRefused, NothingInForce) as problem:
        return _hook_form(request, _why_no_hook(problem))
    address = settings.BASE_URL + reverse("incoming_hook", args=[secret])
    return _page(request, made=found, address=address)


@admitted
@require_safe
def hook(request: Admitted, key: int) -> HttpResponse:
    """Show an address that opens tickets, and what became of its latest calls."""
    found = get_object_or_404(IncomingHook.objects.select_related("person__organisation", "product"), pk=key)
    calls = found.calls.order_by("-pk")[:MOST_CALLS]
    return render(request, "office/incoming_hook.html", {"hook": found, "calls": calls})


@admitted
@require_POST
def hook_retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Let an address open no more tickets."""
    found = get_object_or_404(IncomingHook, pk=key)
    incoming.retire(found, by=request.person, at=request.at, address=address_of(request))
    return redirect("office_connectors")


@admitted
@require_POST
def numbers(request: Admitted) -> HttpResponseBase:
    """Write down whose a telephone number is."""
    person = _customer(request.POST.get("person", ""))
    number = request.POST.get("number", "")[:60]
    try:
        if person is None:
            raise NumberRefused("person.customer")  # noqa: TRY301 -- told like the others
        phones.add(person, number=number, by=request.person, at=request.at, address=address_of(request))
    except NumberRefused as problem:
        return _page(request, problem=_why_no_number(problem))
    messages.success(request, _("Saved."))
    return redirect("office_connectors")


@admitted
@require_POST
def number_removal(request: Admitted, key: int) -> HttpResponseBase:
    """Forget whose a telephone number is."""
    found = get_object_or_404(PhoneNumber.objects.select_related("person"), pk=key)
    phones.remove(found, by=request.person, at=request.at, address=address_of(request))
    return redirect("office_connectors")


def _page(request: Admitted, *, made: IncomingHook | None = None, address: str = "", problem: str = "") -> HttpResponse:
    shown = {
        "hooks": IncomingHook.objects.filter(retired_at=None).select_related("person__organisation"),
        "known": set(incoming.known_to_former_managers().values_list("pk", flat=True)),
        "numbers": PhoneNumber.objects.select_related("person__organisation")[:MOST_NUMBERS],
        "made": made,
        "address": address,
        "problem": problem,
        "number": request.POST.get("number", "")[:60] if problem else "",
        "person": request.POST.get("person", "")[:254] if problem else "",
        "badge": settings.BASE_URL + reverse("guarantee_badge"),
        "guarantee": settings.BASE_URL + reverse("guarantee"),
        "hours": settings.BASE_URL + reverse("guarantee_hours"),
        "new_ticket": f"{settings.BASE_URL}{reverse('new_ticket')}?product=...&subject=...",
    }
    return render(request, "office/connectors.html", shown, status=422 if problem else 200)


def _hook_form(request: Admitted, problem: str) -> HttpResponse:
    try:
        agreement = agreement_in_force(request.at)
        priorities = [(one.key, f"{one.key} {one.name.in_language(language())}") for one in agreement.priorities]
        environments = [(one.key, one.name.in_language(language())) for one in agreement.environments]
    except NothingInForce:
        priorities, environments = [], []
    fields = ("name", "kind", "person", "priority", "environment", "product")
    shown = {
        "problem": problem,
        "filled": {name: request.POST.get(name, "")[:254] for name in fields},
        "kinds": [("monitoring", _("An alarm of a monitoring")), ("telephony", _("A call that nobody took"))],
        "priorities": [("", _("the usual one")), *priorities],
        "environments": environments,
        "products": [("", _("none")), *((str(one.pk), one.name) for one in products_on_offer())],
    }
    return render(request, "office/new_incoming_hook.html", shown, status=422 if problem else 200)


def _customer(written: str) -> Person | None:
    found = Person.objects.filter(email=normalised(written[:254]), left_at=None, organisation__isnull=False)
    return found.select_related("organisation").first()


def _why_no_hook(problem: HookRefused | NothingInForce) -> str:
    if isinstance(problem, NothingInForce):
        return _("No agreement is published yet.")
    told = {
        "name.length": _("An address needs a name of at most 100 characters."),
        "kind.unknown": _("Please say who calls."),
        "person.customer": _("Nobody of a customer has this e-mail address."),
        "priority.barred": _("This priority cannot be chosen for this environment."),
        "priority.unknown": _("The agreement in force does not have this priority or environment."),
    }
    return told[problem.rule]


def _why_no_number(problem: NumberRefused) -> str:
    told = {
        "number.international": _("Please write the number with its country, as in +39 06 12345678."),
        "number.taken": _("This number is somebody's already."),
        "person.customer": _("Nobody of a customer has this e-mail address."),
    }
    return told[problem.rule]
