"""People: who may do what, and who has left."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from puntuale.guarantee.facts import Phase
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.office import lists
from puntuale.oncall.models import Place
from puntuale.people import colleagues, roles
from puntuale.people.models import IdentityProvider, Invitation, Person, Role
from puntuale.people.rights import roles_to_invite
from puntuale.people.roles import RoleRefused
from puntuale.privacy import erasing
from puntuale.webhooks.models import Endpoint, IncomingHook

NAMES: dict[str, Lazy] = {
    Role.CUSTOMER: gettext_lazy("sends tickets for her organisation"),
    Role.ORGANISATION_ADMIN: gettext_lazy("administrator of her organisation"),
    Role.AGENT: gettext_lazy("agent"),
    Role.MANAGER: gettext_lazy("manager"),
    Role.ADMINISTRATOR: gettext_lazy("administrator"),
}
PROBLEMS: dict[str, Lazy] = {
    "role.own": gettext_lazy("Nobody changes her own role."),
    "role.administrators_only": gettext_lazy("Only an administrator can do that."),
    "role.last_administrator": gettext_lazy("This is the last administrator, who stays."),
    "role.other_side": gettext_lazy("Customers and colleagues do not become each other."),
    "role.erased": gettext_lazy("This person was erased. This can't be undone."),
    "role.managers_only": gettext_lazy("Only a manager can do that."),
}


@admitted
@require_safe
def people(request: Admitted) -> HttpResponse:
    """Show everybody, or those a search finds."""
    found = Person.objects.select_related("organisation").order_by("name", "pk")
    q, role = request.GET.get("q", "").strip().replace("\0", "")[:100], request.GET.get("role", "")
    if q:
        found = found.filter(Q(name__icontains=q) | Q(email__icontains=q) | Q(organisation__name__icontains=q))
    if role in set(Role):
        found = found.filter(role=role)
    page = lists.page(found, request.GET.get("page", ""))
    rows = [(one, NAMES[one.role]) for one in page.rows]
    shown = {"rows": rows, "page": page, "q": q, "role": role, "more": urlencode({"q": q, "role": role}) + "&"}
    shown["roles"] = [(key, str(said)) for key, said in NAMES.items()]
    shown["invited"] = [(one, NAMES[one.role]) for one in colleagues.invitations(at=request.at)]
    shown["invitable"] = [(role.value, NAMES[role]) for role in roles_to_invite(request.person)]
    return render(request, "office/people.html", shown)


@admitted
@require_safe
def person(request: Admitted, key: int) -> HttpResponse:
    """Show a person, what she may do, and what would be left behind if she left."""
    found = get_object_or_404(Person.objects.select_related("organisation"), pk=key)
    offered = roles.roles_for(found, by=request.person)
    shown = {
        "whom": found,
        "erased_at": erasing.erased_at(found),
        "role": NAMES[found.role],
        "roles": [(role.value, NAMES[role]) for role in offered],
        "may_change": bool(offered),
        "in_hand": found.tickets_assigned.filter(phase__in=(Phase.OPEN, Phase.WAITING)).count(),
        "rotas": sorted({place.layer.rota.name for place in _places(found)}),
        "invited": Person.objects.filter(pk__in=_accepted(found), left_at=None).select_related("organisation"),
        "webhooks": Endpoint.objects.filter(made_by=found, retired_at=None),
        "hooks": IncomingHook.objects.filter(made_by=found, retired_at=None),
        "servers": IdentityProvider.objects.filter(added_by=found, retired_at=None).select_related("organisation"),
    }
    return render(request, "office/person.html", shown)


@admitted
@require_POST
def role(request: Admitted, key: int) -> HttpResponseBase:
    """Give a person another role."""
    found, wanted = get_object_or_404(Person, pk=key), request.POST.get("role", "")
    try:
        given = Role(wanted) if wanted in set(Role) else Role(found.role)
        roles.give_role(found, given, by=request.person, at=request.at, address=address_of(request))
    except RoleRefused as problem:
        messages.error(request, str(PROBLEMS[problem.rule]))
    else:
        messages.success(request, _("Saved. Whoever gets another role has to sign in again."))
    return redirect("office_person", key=key)


@admitted
@require_POST
def leaving(request: Admitted, key: int) -> HttpResponseBase:
    """Let a person go."""
    found = get_object_or_404(Person, pk=key)
    try:
        roles.leave(found, by=request.person, at=request.at, address=address_of(request))
    except RoleRefused as problem:
        messages.error(request, str(PROBLEMS[problem.rule]))
    else:
        told = _("%(name)s can no longer sign in. Their sessions, API tokens, open invitations and links have ended.")
        messages.success(request, told % {"name": found.name})
    return redirect("office_person", key=key)


@admitted
@require_POST
def return_(request: Admitted, key: int) -> HttpResponseBase:
    """Let a person in again."""
    found = get_object_or_404(Person, pk=key)
    try:
        roles.come_back(found, by=request.person, at=request.at, address=address_of(request))
    except RoleRefused as problem:
        messages.error(request, str(PROBLEMS[problem.rule]))
    else:
        messages.success(request, _("%(name)s may sign in again.") % {"name": found.name})
    return redirect("office_person", key=key)


def _accepted(found: Person) -> QuerySet[Invitation, int | None]:
    """Return who came in by an invitation of somebody: where they let themselves in a second time, it shows here."""
    return Invitation.objects.filter(made_by=found, accepted_by__isnull=False).values_list("accepted_by", flat=True)


def _places(found: Person) -> list[Place]:
    return list(Place.objects.filter(person=found, layer__rota__retired_at=None).select_related("layer__rota"))
