"""Mails as they came."""

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.mail.incoming import keeping
from puntuale.mail.models import Incoming


@admitted
@require_safe
def original(request: Admitted, key: int) -> HttpResponseBase:  # noqa: ARG001
    """Hand out a mail as it came, to be saved: no browser shows or runs anything in it."""
    mail = get_object_or_404(Incoming, pk=key, forgotten_at=None)
    try:
        opened = keeping.path_of(mail.digest).open("rb")
    except FileNotFoundError as problem:
        raise Http404 from problem
    response = FileResponse(opened, content_type="application/octet-stream")
    response["Content-Disposition"] = f"attachment; filename=mail-{mail.pk}.eml"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
