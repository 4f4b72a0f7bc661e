"""Domains of e-mail addresses: which are a company's whatever the lists say, and whose they are."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people import domains as verbs
from puntuale.people.models import DomainRule, Organisation, OrganisationDomain


class Rule(forms.Form):
    """What a manager rules about a domain."""

    domain = forms.CharField(label=gettext_lazy("Domain"), max_length=253)
    is_company = forms.TypedChoiceField(
        label=gettext_lazy("Its addresses"),
        choices=[("yes", gettext_lazy("are a company's")), ("no", gettext_lazy("cannot sign up"))],
        coerce=lambda value: value == "yes",
    )
    because = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)


class Gift(forms.Form):
    """Whose a domain is."""

    domain = forms.CharField(label=gettext_lazy("Domain"), max_length=253)
    organisation = forms.ModelChoiceField(label=gettext_lazy("Organisation"), queryset=Organisation.objects.all())


@admitted
@require_safe
def domains(request: Admitted) -> HttpResponse:
    """Show what is ruled about domains, and whose they are."""
    return _page(request, Rule(), Gift())


@admitted
@require_POST
def rules(request: Admitted) -> HttpResponseBase:
    """Rule about a domain."""
    form = Rule(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            verbs.rule(told.pop("domain"), by=request.person, at=request.at, **told)
            return _saved(request)
        except verbs.NoDomain:
            form.add_error("domain", _("This is no domain."))
        except verbs.NotCompanyDomain:
            form.add_error("domain", _("Anyone can register a name under this domain, so it can't be a company's."))
    return _page(request, form, Gift())


@admitted
@require_POST
def rule_removal(request: Admitted, key: int) -> HttpResponseBase:
    """Leave a domain to the lists again."""
    verbs.take_back(get_object_or_404(DomainRule, pk=key), by=request.person, at=request.at)
    return _saved(request)


@admitted
@require_POST
def gifts(request: Admitted) -> HttpResponseBase:
    """Say whose a domain is."""
    form = Gift(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            verbs.give(told["domain"], told["organisation"], by=request.person, at=request.at)
            return _saved(request)
        except verbs.NoDomain:
            form.add_error("domain", _("This is no domain."))
        except verbs.NotCompanyDomain:
            form.add_error(
                "domain",
                _("Anyone can get an address at this domain. If it belongs to one company, add a rule for it first."),
            )
        except verbs.Taken:
            form.add_error("domain", _("This domain is another organisation's."))
    return _page(request, Rule(), form)


@admitted
@require_POST
def gift_removal(request: Admitted, key: int) -> HttpResponseBase:
    """Let a domain be nobody's."""
    verbs.take(get_object_or_404(OrganisationDomain, pk=key), by=request.person, at=request.at)
    return _saved(request)


def _saved(request: Admitted) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect("office_domains")


def _page(request: Admitted, rule: Rule, gift: Gift) -> HttpResponse:
    page = {
        "rules": DomainRule.objects.select_related("ruled_by"),
        "given": OrganisationDomain.objects.select_related("organisation"),
        "rule": rule,
        "gift": gift,
    }
    refused = rule.is_bound or gift.is_bound
    return render(request, "office/domains.html", page, status=422 if refused else 200)
