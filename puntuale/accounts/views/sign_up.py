"""Signing up: an address, the code that proves it, and who its owner is."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from puntuale.accounts.entering import let_in
from puntuale.accounts.forms import Address, Code, Founder, Herself
from puntuale.accounts.limits import allows, allows_address
from puntuale.looks.requests import Request, address_of, language
from puntuale.people import company_email, sign_up
from puntuale.people.company_email import Fine, NotCompany, Why
from puntuale.people.joining import JoiningRefused
from puntuale.people.models import Person, SignUp
from puntuale.people.post import NotPosted

KEY = "sign_up"
PAGES = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@PAGES
def begin(request: Request) -> HttpResponseBase:
    """Ask for an address, and send a code to it. Whether it has an account, the answer never tells."""
    if isinstance(request.user, Person):
        return redirect("home")
    form = Address(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, "sign_up", form)
    address = form.cleaned_data["email"]
    if not (allows(request, "sign_up_code") and allows_address(request, "mail_sign_up", address)):
        form.add_error(None, _("Too many tries. Please wait a while, and try again."))
        return _page(request, "sign_up", form, status=429)
    try:
        asked = sign_up.ask(address, at=request.at)
    except sign_up.Refused as refused:
        form.add_error("email", said(NotCompany(refused.because)))
        return _page(request, "sign_up", form)
    except NotPosted:
        return render(request, "accounts/no_mail.html", status=503)
    request.session[KEY] = asked.pk
    return redirect("sign_up_code")


@never_cache
@require_POST
def check(request: Request) -> HttpResponse:
    """Say under the field what is to be said about the address so far, while it is typed."""
    address = request.POST.get("email", "")[:400]
    if "@" not in address or "." not in address.rpartition("@")[2]:
        return render(request, "accounts/address_said.html", {"kind": "none"})
    if not allows(request, "check_address"):
        return render(request, "accounts/address_said.html", {"kind": "unchecked", "text": _unchecked()})
    found = company_email.judge(address)
    kind = "fine" if isinstance(found, Fine) else "refused" if isinstance(found, NotCompany) else "unchecked"
    return render(request, "accounts/address_said.html", {"kind": kind, "text": said(found)})


@never_cache
@PAGES
def code(request: Request) -> HttpResponseBase:
    """Take the code that proves the address."""
    going_on = _going_on(request)
    if going_on is None:
        return redirect("account_signup")
    form = Code(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if not allows(request, "try_code"):
            form.add_error("code", _("Too many tries. Please wait a while, and try again."))
            return _page(request, "sign_up_code", form, sign_up=going_on, status=429)
        try:
            sign_up.confirm(going_on, form.cleaned_data["code"], at=request.at)
            return redirect("sign_up_person")
        except sign_up.CodeWrong:
            form.add_error("code", _("That is not the code of the letter."))
        except sign_up.CodeOver:
            form.add_error("code", _("This code works no more. Please ask for a new one."))
    return _page(request, "sign_up_code", form, sign_up=going_on)


@never_cache
@sensitive_post_parameters("password")
@PAGES
def person(request: Request) -> HttpResponseBase:
    """Take who she is, and let her in, or tell her that her organisation has to say yes first."""
    going_on = _going_on(request)
    if going_on is None or going_on.verified_at is None:
        return redirect("account_signup")
    known = sign_up.organisation_of(going_on.domain)
    kind: type[Herself] = Founder if known is None else Herself
    form = kind(request.POST if request.method == "POST" else None, initial={"zone_name": str(request.zone)})
    if form.is_bound and form.is_valid():
        try:
            return _finished(request, going_on, form)
        except JoiningRefused as refused:
            show(refused, form)
        except sign_up.CodeOver:
            return redirect("account_signup")
    return _page(request, "sign_up_person", form, sign_up=going_on, organisation=known)


def said(found: company_email.Judgement) -> str:
    """Return in plain words what was found about an address."""
    if isinstance(found, Fine):
        return _("This address is fine.")
    if not isinstance(found, NotCompany):
        return _unchecked()
    if found.because == Why.FORM:
        return _("This is not an e-mail address.")
    return _("Only company e-mail addresses can sign up. This one is of a kind that anybody can get.")


def show(refused: JoiningRefused, form: forms.Form) -> None:
    """Say at each field what is wrong with it."""
    for field, sentences in refused.problems.items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _finished(request: Request, going_on: SignUp, form: Herself) -> HttpResponseBase:
    said_by_her = {"organisation": ""} | form.cleaned_data
    result = sign_up.finish(going_on, language=language(), at=request.at, address=address_of(request), **said_by_her)
    del request.session[KEY]
    if isinstance(result, Person):
        messages.success(request, _("Welcome. Your company has an account now."))
        return let_in(request, result)
    return render(request, "accounts/sign_up_waits.html", {"organisation": result.organisation})


def _going_on(request: Request) -> SignUp | None:
    return sign_up.open_sign_up(request.session.get(KEY), at=request.at)


def _unchecked() -> str:
    return _("We could not check this address just now. You can go on; somebody will look at it later.")


def _page(request: Request, name: str, form: forms.Form, *, status: int = 0, **shown: object) -> HttpResponse:
    page = {"form": form, **shown}
    return render(request, f"accounts/{name}.html", page, status=status or (422 if form.is_bound else 200))
