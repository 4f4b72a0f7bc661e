"""The managers' door: the first of them comes in by a one-time link."""

from allauth.account.utils import perform_login
from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from puntuale.looks.requests import Request, language
from puntuale.people.joining import InvitationInvalid, JoiningRefused, accept_invitation, open_invitation


class Welcome(forms.Form):
    """What a new manager says about herself."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.CharField(label=_("E-mail address"), max_length=254)
    password = forms.CharField(label=_("Password"), strip=False)
    zone_name = forms.CharField(label=_("Time zone"), max_length=64, initial="Europe/Brussels")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: Request, secret: str) -> HttpResponseBase:
    """Let the first manager in by her link, which then works no more."""
    form = Welcome(request.POST if request.method == "POST" else None)
    try:
        open_invitation(secret, at=request.at)
        if form.is_bound and form.is_valid():
            person = accept_invitation(secret, language=language(), at=request.at, **form.cleaned_data)
            response: HttpResponseBase = perform_login(request, person, redirect_url=reverse("office_set_up"))
            return response
    except InvitationInvalid as problem:
        raise Http404 from problem
    except JoiningRefused as problem:
        for field, told in problem.problems.items():
            for sentence in told:
                form.add_error(field, sentence)
    return _page(request, form)


def _page(request: Request, form: Welcome) -> HttpResponse:
    return render(request, "office/welcome.html", {"form": form}, status=422 if form.is_bound else 200)
