"""The tokens with which somebody lets her programs in."""

from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.accounts.forms import NewToken
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.people import tokens as verbs
from puntuale.people.models import Token


@admitted
@require_safe
def tokens(request: Admitted) -> HttpResponse:
    """Show somebody the tokens she has, and when each was used."""
    found = verbs.alive(request.at).filter(person=request.person)
    return render(request, "accounts/tokens.html", {"tokens": found})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def new(request: Admitted) -> HttpResponseBase:
    """Make a token, and show its secret, this once."""
    scopes = verbs.scopes_for(request.person)
    form = NewToken(scopes, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            token, secret = verbs.issue(
                request.person,
                name=said["name"],
                scopes=said["scopes"],
                lasts=timedelta(days=int(said["days"])),
                at=request.at,
                address=address_of(request),
            )
        except verbs.TokenRefused as problem:
            form.add_error("name", _told(problem))
        else:
            return render(request, "accounts/token.html", {"token": token, "secret": secret})
    return render(request, "accounts/new_token.html", {"form": form}, status=422 if form.is_bound else 200)


@admitted
@require_POST
def revocation(request: Admitted, key: int) -> HttpResponseBase:
    """Let one of her tokens be good for nothing."""
    token = get_object_or_404(Token, pk=key, person=request.person)
    verbs.revoke(token, by=request.person, at=request.at, address=address_of(request))
    messages.success(request, _("The token works no more."))
    return redirect("tokens")


def _told(problem: verbs.TokenRefused) -> str:
    if problem.rule == "tokens.too_many":
        return _("You have many tokens already. Please revoke one first.")
    return _("A token needs a name of at most 100 characters.")
