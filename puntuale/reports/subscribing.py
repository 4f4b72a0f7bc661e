"""The form with which somebody has reports sent to her, the same in the office and in the portal."""

from django.contrib import messages
from django.utils.translation import gettext as _

from puntuale.looks.requests import Admitted
from puntuale.reports import mailing


def take_subscription(request: Admitted) -> None:
    """Send whoever asks her report after each week or month, or not any more, and tell her so."""
    try:
        mailing.subscribe(request.person, mailing.chosen(request.POST.get("every", "")), at=request.at)
    except mailing.NoSuchTime as problem:
        messages.error(request, _("Reports come after each week or month, not “%(every)s”.") % {"every": problem})
    else:
        messages.success(request, _("Saved."))
