"""Webhooks: where programs are told, what became of it, and sending it again."""

from typing import TypedDict

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, note_unknown_name
from puntuale.office import lists, webhook_words
from puntuale.webhooks import endpoints
from puntuale.webhooks.endpoints import EndpointRefused
from puntuale.webhooks.models import Endpoint

MOST_SIGNS = 600


@admitted
@require_safe
def webhooks(request: Admitted) -> HttpResponse:
    """Show the endpoints, and how each is doing."""
    found = Endpoint.objects.filter(retired_at=None)
    rows = [(one, webhook_words.standing(one)) for one in found]
    return render(request, "office/webhooks.html", {"rows": rows})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Admitted) -> HttpResponseBase:
    """Add an endpoint, and show its secret, this once."""
    if request.method != "POST":
        return render(request, "office/new_webhook.html", {"groups": webhook_words.groups(()), "takes_all": True})
    try:
        found = endpoints.add(
            **_asked(request),
            channel=_channel(request),
            by=request.person,
            at=request.at,
            address=address_of(request),
        )
    except EndpointRefused as problem:
        context = _refused(request, problem)
        return render(request, "office/new_webhook.html", context, status=422)
    if found.channel == Endpoint.Channel.CHAT:
        return redirect("office_webhook", found.pk)
    note_unknown_name(request, found.url)
    return _page(request, found, secret=endpoints.secret_of(found))


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: Admitted, key: int) -> HttpResponseBase:
    """Show an endpoint with what it was told, and change it."""
    found = _endpoint(key)
    if request.method != "POST":
        return _page(request, found)
    try:
        endpoints.change(found, **_asked(request), by=request.person, at=request.at, address=address_of(request))
    except EndpointRefused as problem:
        return _page(request, _endpoint(key), refused=_refused(request, problem))
    messages.success(request, _("Saved."))
    if found.channel == Endpoint.Channel.WEB:
        note_unknown_name(request, found.url)
    return redirect("office_webhook", key)


@admitted
@require_POST
def secret(request: Admitted, key: int) -> HttpResponseBase:
    """Make a new secret, and show it, this once."""
    found = get_object_or_404(Endpoint, pk=key, retired_at=None, channel=Endpoint.Channel.WEB)
    made = endpoints.rotate(found, by=request.person, at=request.at, address=address_of(request))
    return _page(request, found, secret=made)


@admitted
@require_POST
def pause(request: Admitted, key: int) -> HttpResponseBase:
    """Send nothing more for now."""
    endpoints.switch_off(_endpoint(key), by=request.person, at=request.at, address=address_of(request))
    return redirect("office_webhook", key)


@admitted
@require_POST
def resumption(request: Admitted, key: int) -> HttpResponseBase:
    """Send again."""
    endpoints.switch_on(_endpoint(key), by=request.person, at=request.at, address=address_of(request))
    return redirect("office_webhook", key)


@admitted
@require_POST
def retirement(request: Admitted, key: int) -> HttpResponseBase:
    """Send nothing more, ever."""
    endpoints.retire(_endpoint(key), by=request.person, at=request.at, address=address_of(request))
    return redirect("office_webhooks")


@admitted
@require_POST
def ping(request: Admitted, key: int) -> HttpResponseBase:
    """Send something that tells nothing, to see whether it arrives."""
    endpoints.ping(_endpoint(key), at=request.at)
    messages.success(request, _("On its way. What became of it stands in the log in a moment."))
    return redirect("office_webhook", key)


@admitted
@require_POST
def replay(request: Admitted, key: int) -> HttpResponseBase:
    """Send one delivery again, or all that were given up."""
    asked = request.POST.get("delivery", "")
    delivery = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    count = endpoints.replay(_endpoint(key), delivery=delivery)
    told = ngettext("%(count)d delivery is sent again.", "%(count)d deliveries are sent again.", count)
    messages.success(request, told % {"count": count})
    return redirect("office_webhook", key)


def _endpoint(key: int) -> Endpoint:
    return get_object_or_404(Endpoint, pk=key, retired_at=None)


class _Asked(TypedDict):
    name: str
    url: str
    types: list[str]


def _asked(request: Admitted) -> _Asked:
    takes_all, types = request.POST.get("all") == "on", request.POST.getlist("types")
    if not takes_all and not types:
        raise EndpointRefused("types.none")
    types = [] if takes_all else types
    return {"name": request.POST.get("name", ""), "url": request.POST.get("url", ""), "types": types}


def _channel(request: Admitted) -> str:
    asked = request.POST.get("channel", "")
    return asked if asked in Endpoint.Channel.values else Endpoint.Channel.WEB


def _refused(request: Admitted, problem: EndpointRefused) -> dict[str, object]:
    return {
        "name": request.POST.get("name", "")[:MOST_SIGNS],
        "url": request.POST.get("url", "")[:MOST_SIGNS],
        "groups": webhook_words.groups(request.POST.getlist("types")),
        "takes_all": request.POST.get("all") == "on",
        "channel": _channel(request),
        "problem": webhook_words.why_refused(problem),
    }


def _page(
    request: Admitted, found: Endpoint, *, secret: str = "", refused: dict[str, object] | None = None
) -> HttpResponse:
    told = found.deliveries.select_related("event", "promise").order_by("-pk")
    page = lists.page(told, request.GET.get("page", ""))
    context: dict[str, object] = {
        "endpoint": found,
        "standing": webhook_words.standing(found),
        "secret": secret,
        "name": found.name,
        "url": "" if found.channel == Endpoint.Channel.CHAT else found.url,
        "channel": found.channel,
        "groups": webhook_words.groups(found.types),
        "takes_all": not found.types,
        "rows": [(one, webhook_words.outcome(one)) for one in page.rows],
        "page": page,
        "given_up": found.deliveries.filter(given_up_at__isnull=False).count(),
    }
    return render(request, "office/webhook.html", context | (refused or {}), status=422 if refused else 200)
