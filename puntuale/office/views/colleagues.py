"""Inviting colleagues, and taking an invitation back."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.office.views.people import PROBLEMS
from puntuale.people import colleagues
from puntuale.people.company_email import NoAddress
from puntuale.people.membership import TooMany
from puntuale.people.models import Role
from puntuale.people.post import NotPosted
from puntuale.people.roles import RoleRefused


@admitted
@require_POST
def invitations(request: Admitted) -> HttpResponseBase:
    """Invite a colleague. The answer does not tell whether she has an account."""
    wanted = request.POST.get("role", "")
    role = Role(wanted) if wanted in set(Role) else Role.AGENT
    to = request.POST.get("address", "")[:320]
    try:
        colleagues.invite(to=to, role=role, by=request.person, at=request.at, address=address_of(request))
    except NoAddress:
        messages.error(request, _("This is not an e-mail address."))
    except TooMany:
        messages.error(request, _("These are enough invitations for one day."))
    except NotPosted:
        messages.error(request, _("We cannot send mail just now, so nobody was invited."))
    except RoleRefused as problem:
        messages.error(request, str(PROBLEMS[problem.rule]))
    else:
        messages.success(request, _("The invitation is on its way."))
    return redirect("office_people")


@admitted
@require_POST
def withdrawal(request: Admitted, key: int) -> HttpResponseBase:
    """Take an invitation back."""
    found = get_object_or_404(colleagues.invitations(at=request.at), pk=key)
    try:
        colleagues.withdraw(found, by=request.person, at=request.at, address=address_of(request))
    except RoleRefused as problem:
        messages.error(request, str(PROBLEMS[problem.rule]))
    else:
        messages.success(request, _("The invitation works no more."))
    return redirect("office_people")
