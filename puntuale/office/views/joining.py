"""Who asks to join which organisation, and whose address could not be checked when she signed up."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.people import sign_up
from puntuale.people.models import JoinRequest, SignUp


@admitted
@require_safe
def joining(request: Admitted) -> HttpResponse:
    """Show all that waits for a word."""
    page = {
        "requests": JoinRequest.objects.filter(decided_at=None).select_related("organisation"),
        "marked": sign_up.to_be_reviewed().select_related("person__organisation"),
    }
    return render(request, "office/joining.html", page)


@admitted
@require_POST
def review(request: Admitted, key: int) -> HttpResponseBase:
    """Note that a sign-up is fine."""
    sign_up.review(get_object_or_404(SignUp, pk=key), by=request.person, at=request.at)
    messages.success(request, _("Saved."))
    return redirect("office_joining")
