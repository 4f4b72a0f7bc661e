"""The people of an organisation, for those who look after it: requests, invitations, roles, single sign-on."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puntuale.accounts.forms import Invited, Server, Successor
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, note_unknown_name
from puntuale.people import membership, sign_on
from puntuale.people.company_email import NoAddress
from puntuale.people.egress import PrivateTarget
from puntuale.people.joining import JoiningRefused
from puntuale.people.models import IdentityProvider, Invitation, JoinRequest, Organisation, Person, Role
from puntuale.people.post import NotPosted
from puntuale.people.rights import may_administer


@admitted
@require_safe
def people(request: Admitted, key: int) -> HttpResponse:
    """Show who belongs to an organisation, who asks to, and who is invited."""
    return _people(request, _looked_after(request, key), Invited())


@admitted
@require_POST
def invitations(request: Admitted, key: int) -> HttpResponseBase:
    """Invite somebody. The answer does not tell whether she has an account."""
    organisation, form = _looked_after(request, key), Invited(request.POST)
    if form.is_valid():
        try:
            membership.invite(
                organisation,
                to=form.cleaned_data["address"],
                role=Role(form.cleaned_data["role"]),
                by=request.person,
                at=request.at,
                address=address_of(request),
            )
            messages.success(request, _("The invitation is on its way."))
            return redirect("organisation_people", organisation.pk)
        except NoAddress:
            form.add_error("address", _("This is not an e-mail address."))
        except membership.TooMany:
            form.add_error(None, _("These are enough invitations for one day."))
        except NotPosted:
            return render(request, "accounts/no_mail.html", status=503)
    return _people(request, organisation, form)


@admitted
@require_POST
def withdrawal(request: Admitted, key: int, invitation: int) -> HttpResponseBase:
    """Take an invitation back."""
    organisation = _looked_after(request, key)
    found = get_object_or_404(Invitation, pk=invitation, organisation=organisation)
    membership.withdraw(found, by=request.person, at=request.at, address=address_of(request))
    messages.success(request, _("The invitation works no more."))
    return redirect("organisation_people", organisation.pk)


@admitted
@require_POST
def approval(request: Admitted, key: int, asked: int) -> HttpResponseBase:
    """Let somebody in who asked to join."""
    found = _asked(request, key, asked)
    try:
        membership.approve(found, by=request.person, at=request.at, address=address_of(request))
        messages.success(request, _("%(name)s belongs to %(organisation)s now.") % _names(found))
    except membership.Decided:
        messages.error(request, _("Somebody decided that a moment ago."))
    except JoiningRefused as refused:
        messages.error(request, " ".join(told for sentences in refused.problems.values() for told in sentences))
    return _back(request, key)


@admitted
@require_POST
def refusal(request: Admitted, key: int, asked: int) -> HttpResponseBase:
    """Do not let somebody in who asked to join."""
    found = _asked(request, key, asked)
    try:
        membership.refuse(found, by=request.person, at=request.at, address=address_of(request))
        messages.success(request, _("%(name)s does not belong to %(organisation)s.") % _names(found))
    except membership.Decided:
        messages.error(request, _("Somebody decided that a moment ago."))
    return _back(request, key)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: Admitted, key: int, person: int) -> HttpResponseBase:
    """Give a colleague another role in their organisation; a page asks before the one they have is taken away."""
    organisation, found = _colleague(request, key, person)
    if request.method != "POST":
        return _confirmation(request, "role", organisation, found)
    try:
        role = Role(request.POST.get("role", ""))
        membership.give_role(found, role, by=request.person, at=request.at, address=address_of(request))
    except (ValueError, membership.NotHers) as problem:
        raise Http404 from problem
    said = (
        _("%(name)s is an administrator now.")
        if found.role == Role.ORGANISATION_ADMIN
        else _("%(name)s is a member now.")
    )
    messages.success(request, said % {"name": found.name})
    return redirect("organisation_people", organisation.pk)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: Admitted, key: int, person: int) -> HttpResponseBase:
    """Remove a colleague, after a page that says what ends."""
    organisation, found = _colleague(request, key, person)
    if request.method != "POST":
        return _confirmation(request, "removal", organisation, found)
    try:
        membership.remove(found, by=request.person, at=request.at, address=address_of(request))
    except membership.NotHers as problem:
        raise Http404 from problem
    messages.success(request, _("%(name)s can no longer sign in.") % {"name": found.name})
    return redirect("organisation_people", organisation.pk)


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Admitted, key: int) -> HttpResponseBase:
    """Let an administrator give their role to a colleague. There is always one who has it."""
    organisation = _looked_after(request, key)
    if request.person.organisation_id != organisation.pk:
        raise Http404
    colleagues = organisation.people.filter(left_at=None).exclude(pk=request.person.pk)
    form = Successor(colleagues, request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen: Person = form.cleaned_data["to"]
        try:
            membership.hand_over(to=chosen, by=request.person, at=request.at, address=address_of(request))
        except membership.NotHers as problem:
            raise Http404 from problem
        messages.success(
            request, _("%(name)s is an administrator now, and you are a member. Sign in again.") % {"name": chosen.name}
        )
        return redirect("login")
    page = {"organisation": organisation, "form": form, "colleagues": colleagues}
    return render(request, "accounts/organisation/hand_over.html", page, status=422 if form.is_bound else 200)


@admitted
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def single_sign_on(request: Admitted, key: int) -> HttpResponseBase:
    """Show the server that speaks for an organisation, and take another."""
    organisation = _looked_after(request, key)
    form = Server(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sign_on.add_provider(organisation, by=request.person, at=request.at, **form.cleaned_data)
        except PrivateTarget:
            private = _("This address leads to a private network. Use one that can be reached from the internet.")
            form.add_error("server", private)
        else:
            messages.success(request, _("Saved."))
            note_unknown_name(request, form.cleaned_data["server"])
            return redirect("organisation_sign_on", organisation.pk)
    providers = IdentityProvider.objects.filter(organisation=organisation, retired_at=None)
    page = {"organisation": organisation, "form": form, "provider": providers.last()}
    return render(request, "accounts/organisation/sign_on.html", page, status=422 if form.is_bound else 200)


@admitted
@require_POST
def retirement(request: Admitted, key: int, provider: int) -> HttpResponseBase:
    """Let a server speak for nobody any more."""
    organisation = _looked_after(request, key)
    found = get_object_or_404(IdentityProvider, pk=provider, organisation=organisation)
    sign_on.retire_provider(found, by=request.person, at=request.at)
    messages.success(request, _("Single sign-on is off."))
    return redirect("organisation_sign_on", organisation.pk)


def _looked_after(request: Admitted, key: int) -> Organisation:
    """Return an organisation that she looks after; for everybody else there is none."""
    organisation = get_object_or_404(Organisation, pk=key)
    if not may_administer(request.person, organisation):
        raise Http404
    return organisation


def _colleague(request: Admitted, key: int, person: int) -> tuple[Organisation, Person]:
    """Return an organisation that they look after, and one of its people who is not they."""
    organisation = _looked_after(request, key)
    others = organisation.people.filter(left_at=None).exclude(pk=request.person.pk)
    return organisation, get_object_or_404(others, pk=person)


def _confirmation(request: Admitted, act: str, organisation: Organisation, colleague: Person) -> HttpResponse:
    page = {"act": act, "organisation": organisation, "colleague": colleague}
    return render(request, "accounts/organisation/confirmation.html", page)


def _asked(request: Admitted, key: int, asked: int) -> JoinRequest:
    organisation = _looked_after(request, key)
    return get_object_or_404(JoinRequest.objects.select_related("organisation"), pk=asked, organisation=organisation)


def _names(asked: JoinRequest) -> dict[str, object]:
    return {"name": asked.name, "organisation": asked.organisation}


def _back(request: Admitted, key: int) -> HttpResponseBase:
    """Return to the page the button stood on."""
    where_to = request.POST.get("next", "")
    if where_to.startswith("/") and url_has_allowed_host_and_scheme(where_to, allowed_hosts=None):
        return redirect(where_to)
    return redirect("organisation_people", key)


def _people(request: Admitted, organisation: Organisation, form: Invited) -> HttpResponse:
    page = {
        "organisation": organisation,
        "people": organisation.people.filter(left_at=None),
        "requests": organisation.join_requests.filter(decided_at=None),
        "invitations": organisation.invitations.filter(accepted_at=None, expires_at__gt=request.at).order_by("-pk"),
        "domains": organisation.domains.all(),
        "form": form,
    }
    return render(request, "accounts/organisation/people.html", page, status=422 if form.is_bound else 200)
