"""Signing in with one's company: which server it is, and the way there and back."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from allauth.socialaccount.providers.openid_connect import views as openid
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from puntuale.accounts.forms import Address
from puntuale.accounts.limits import allows
from puntuale.looks.requests import Request
from puntuale.people import deadlines
from puntuale.people.models import Person
from puntuale.people.sealing import SealBroken
from puntuale.people.sign_on import provider_for

KEY = "sign_on"
log = logging.getLogger("puntuale.accounts")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: Request) -> HttpResponseBase:
    """Ask for an address, and show the way to the server of its company.

    A link, not a form: browsers let a form of ours lead nowhere else.
    """
    if isinstance(request.user, Person):
        return redirect("home")
    form = Address(request.POST if request.method == "POST" else None)
    provider = None
    if form.is_bound and form.is_valid():
        if not allows(request, "check_address"):
            form.add_error(None, _("Too many tries. Please wait a while, and try again."))
        elif (provider := provider_for(form.cleaned_data["email"])) is None:
            form.add_error("email", _("For this address there is no single sign-on. Please sign in with a password."))
        else:
            request.session[KEY] = provider.key
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "accounts/sign_on.html", {"form": form, "provider": provider}, status=status)


@never_cache
@require_safe
def login(request: Request, provider_id: str) -> HttpResponseBase:
    """Send somebody to the server of her company, if she asked for it here a moment ago."""
    if request.session.get(KEY) != provider_id or isinstance(request.user, Person):
        return redirect("sign_on")
    if set(request.GET) - {"next"}:
        return redirect("sign_on")
    return _asking(openid.login, request, provider_id)


@never_cache
@require_safe
def callback(request: Request, provider_id: str) -> HttpResponseBase:
    """Take what the server of her company says."""
    response = _asking(openid.callback, request, provider_id)
    if response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
        request.session.pop(KEY, None)
    return response


@never_cache
@require_safe
def failed(request: Request) -> HttpResponse:
    """Say that the server of the company did not say who it is."""
    return render(request, "accounts/sign_on_refused.html", {"because": "failed"}, status=403)


def _asking(view: Callable[..., HttpResponseBase], request: Request, provider_id: str) -> HttpResponseBase:
    """Return what a view answers that asks the server, or, when that is away or makes no sense, that it failed.

    A server may be slow on purpose, so few pages wait for one at a time, each for a while.
    """
    try:
        with deadlines.page_waits(provider_id):
            return view(request, provider_id=provider_id)
    except deadlines.Busy:
        page = render(request, "accounts/sign_on_refused.html", {"because": "busy"}, status=503)
        page["Retry-After"] = str(int(deadlines.PAGE_SECONDS))
        return page
    except (RequestException, SealBroken, ValueError, KeyError) as problem:
        log.warning("the server %s did not tell who somebody is: %s", provider_id, type(problem).__name__)
        return failed(request)
