"""Products, and how far each has come."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements import products as verbs
from puntuale.agreements.models import Product
from puntuale.agreements.products import ProductRefused
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.agreement import UnknownTerm
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, language


@admitted
@require_safe
def products(request: Admitted) -> HttpResponse:
    """Show the products: those on offer first."""
    names = dict(_stages(request))
    rows = [(one, names.get(one.stage, one.stage)) for one in Product.objects.order_by("retired_at", "name")]
    rows.sort(key=lambda row: row[0].retired_at is not None)
    return render(request, "office/products.html", {"rows": rows, "stages": list(names.items())})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Add a product."""
    return _edited(request, None)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: Admitted, key: int) -> HttpResponseBase:
    """Change a product."""
    return _edited(request, get_object_or_404(Product, pk=key))


@admitted
@require_POST
def retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Take a product out of the form."""
    verbs.retire(get_object_or_404(Product, pk=key), by=request.person, at=request.at, address=address_of(request))
    return redirect("office_products")


@admitted
@require_POST
def return_(request: Admitted, key: int) -> HttpResponseBase:
    """Offer a product again."""
    verbs.bring_back(get_object_or_404(Product, pk=key), by=request.person, at=request.at, address=address_of(request))
    return redirect("office_products")


def _edited(request: Admitted, found: Product | None) -> HttpResponseBase:
    name, stage = (found.name, found.stage) if found else ("", "")
    if request.method != "POST":
        return _page(request, found, name, stage, "")
    name, stage = request.POST.get("name", ""), request.POST.get("stage", "")[:40]
    try:
        verbs.shape(found, name=name, stage=stage, by=request.person, at=request.at, address=address_of(request))
    except (ProductRefused, UnknownTerm, NothingInForce) as problem:
        return _page(request, found, name[:200], stage, _told(problem))
    messages.success(request, _("Saved."))
    return redirect("office_products")


def _page(request: Admitted, found: Product | None, name: str, stage: str, problem: str) -> HttpResponse:
    shown = {"product": found, "name": name, "stage": stage, "problem": problem, "stages": _stages(request)}
    return render(request, "office/product.html", shown, status=422 if problem else 200)


def _stages(request: Admitted) -> list[tuple[str, str]]:
    try:
        agreement = agreement_in_force(request.at)
    except NothingInForce:
        return []
    return [(stage.key, stage.name.in_language(language())) for stage in agreement.stages]


def _told(problem: Exception) -> str:
    if isinstance(problem, ProductRefused) and problem.rule == "name.taken":
        return _("There is a product of that name.")
    if isinstance(problem, ProductRefused):
        return _("A product needs a name of at most 200 characters.")
    return _("The agreement in force does not have this stage.")
