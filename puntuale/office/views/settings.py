"""What the desk is called and how it speaks, whether mail works, and the first steps."""

from dataclasses import dataclass

from django.conf import settings as environment
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.agreements import desk
from puntuale.agreements.models import Contract, Product
from puntuale.agreements.reading import NothingInForce, publication_in_force
from puntuale.guarantee.zones import UnknownZone
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.office import mail_test
from puntuale.people import audit
from puntuale.wording.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps: whether it is done, what it is, and where it is done."""

    is_done: bool
    text: str
    route: str


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Admitted) -> HttpResponseBase:
    """Show the settings, and take others."""
    found = desk.settings()
    filled = {"name": found.name, "language": found.language, "zone_name": found.zone_name}
    if request.method != "POST":
        return _page(request, filled, {})
    filled = {key: request.POST.get(key, "")[:200] for key in filled}
    try:
        desk.arrange(**filled, by=request.person, at=request.at, address=address_of(request))
    except desk.NameRefused:
        return _page(request, filled, {"name": _("A desk needs a name of at most 60 characters.")})
    except UnknownZone:
        told = _("%(zone)s is not a time zone.") % {"zone": filled["zone_name"]}
        return _page(request, filled, {"zone_name": told})
    messages.success(request, _("Saved."))
    return redirect("office_set_up" if request.GET.get("then") == "set-up" else "office_settings")


@admitted
@require_POST
def attainment(request: Admitted) -> HttpResponseBase:
    """Publish how promises were kept beside the guarantee, or take it back."""
    wanted = request.POST.get("published") == "yes"
    desk.publish_attainment(wanted=wanted, by=request.person, at=request.at, address=address_of(request))
    messages.success(request, _("Saved."))
    return redirect("office_settings")


@admitted
@require_POST
def mail(request: Admitted) -> HttpResponseBase:
    """Send a letter to whoever asks, and tell what the mail server said."""
    problem = mail_test.send(request.person)
    audit.record("mail_tested", by=request.person, at=request.at, about="desk", address=address_of(request))
    if problem:
        messages.error(request, _("The mail server did not take it. It said: %(words)s") % {"words": problem})
    else:
        messages.success(
            request, _("The mail server took a letter to %(address)s.") % {"address": request.person.email}
        )
    return redirect("office_set_up" if request.GET.get("then") == "set-up" else "office_settings")


@admitted
@require_safe
def set_up(request: Admitted) -> HttpResponse:
    """Show the first steps, and which of them are done."""
    steps = _steps(request)
    shown = {"steps": steps, "all_done": all(step.is_done for step in steps), "set_up_at": desk.settings().set_up_at}
    return render(request, "office/set_up.html", shown)


@admitted
@require_POST
def put_away(request: Admitted) -> HttpResponseBase:
    """Put the first steps away, done or not."""
    skipped = not all(step.is_done for step in _steps(request))
    desk.set_up(by=request.person, at=request.at, skipped=skipped, address=address_of(request))
    return redirect("office")


def _steps(request: Admitted) -> list[Step]:
    try:
        published = publication_in_force(request.at).published_by is not None
    except NothingInForce:
        published = False
    return [
        Step(desk.is_arranged(), _("Give the desk its name, language and time zone"), "office_settings"),
        Step(published, _("Read the agreement it began with, and publish your own"), "office_agreement"),
        Step(bool(environment.EMAIL_IS_SET), _("Set a mail server, and try it"), "office_settings"),
        Step(Product.objects.exists(), _("Name the products that tickets can be about"), "office_products"),
        Step(Contract.objects.exists(), _("Take in the first organisation, with its plan"), "office_organisations"),
    ]


def _page(request: Admitted, filled: dict[str, str], problems: dict[str, str]) -> HttpResponse:
    shown = {
        "filled": filled,
        "problems": problems,
        "languages": LANGUAGES.items(),
        "mail_is_set": environment.EMAIL_IS_SET,
        "sender": environment.DEFAULT_FROM_EMAIL,
        "base_url": environment.BASE_URL,
        "published_at": desk.settings().attainment_published_at,
    }
    return render(request, "office/settings.html", shown, status=422 if problems else 200)
