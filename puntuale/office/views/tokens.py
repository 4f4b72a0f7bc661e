"""The tokens of everybody: whose programs come in, and which are to stay out."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.office import lists
from puntuale.people import tokens as verbs
from puntuale.people.models import Token


@admitted
@require_safe
def tokens(request: Admitted) -> HttpResponse:
    """Show the tokens that are good for something, the newest first."""
    found = verbs.alive(request.at).select_related("person__organisation")
    page = lists.page(found, request.GET.get("page", ""))
    return render(request, "office/tokens.html", {"page": page})


@admitted
@require_POST
def revocation(request: Admitted, key: int) -> HttpResponseBase:
    """Let somebody's token be good for nothing."""
    token = get_object_or_404(Token.objects.select_related("person"), pk=key)
    verbs.revoke(token, by=request.person, at=request.at, address=address_of(request))
    messages.success(request, _("The token works no more."))
    return redirect("office_tokens")
