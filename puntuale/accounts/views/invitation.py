"""Coming in by an invitation."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from puntuale.accounts.entering import let_in
from puntuale.accounts.forms import Herself
from puntuale.accounts.views.sign_up import show
from puntuale.looks.requests import Request, language
from puntuale.people.joining import InvitationInvalid, JoiningRefused, accept_invitation, open_invitation
from puntuale.people.models import Invitation


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, secret: str) -> HttpResponseBase:
    """Let somebody in by the link that was sent to her, which then works no more."""
    form = Herself(request.POST if request.method == "POST" else None, initial={"zone_name": str(request.zone)})
    try:
        found = _sent(secret, request)
        if form.is_bound and form.is_valid():
            person = accept_invitation(secret, language=language(), at=request.at, **form.cleaned_data)
            return let_in(request, person)
    except InvitationInvalid:
        return render(request, "accounts/invitation_invalid.html", status=404)
    except JoiningRefused as refused:
        show(refused, form)
    page = {"form": form, "invitation": found}
    return render(request, "accounts/invitation.html", page, status=422 if form.is_bound else 200)


def _sent(secret: str, request: Request) -> Invitation:
    """Return an invitation that was sent to somebody. That of the first manager has a page of its own."""
    found = open_invitation(secret, at=request.at)
    if not found.address:
        raise InvitationInvalid
    return found
