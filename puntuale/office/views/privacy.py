"""What is kept about a person: handed out and erased when she asks for it."""

import logging

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.people import audit
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.privacy import erasing, exporting, journal

log = logging.getLogger("puntuale.office")


@admitted
@require_POST
def data(request: Admitted, key: int) -> HttpResponseBase:
    """Hand out everything about a person, as a ZIP file, to be given to her."""
    person = get_object_or_404(Person, pk=key)
    if person.is_erased:
        return _is_erased(request, key)
    audit.record(
        "data_exported", by=request.person, about=audit.about(person), at=request.at, address=address_of(request)
    )
    to = exporting.as_read(person, at=request.at)
    name = f"person-{person.pk}.zip"
    return FileResponse(to, as_attachment=True, filename=name, content_type="application/zip")


@admitted
@require_POST
def erasure(request: Admitted, key: int) -> HttpResponseBase:
    """Erase a person for good, when her address was typed as proof that it is meant."""
    person = get_object_or_404(Person, pk=key)
    if person.is_erased:
        return _is_erased(request, key)
    if normalised(request.POST.get("email", "")) != person.email:
        messages.error(request, _("That is not the address of this person, so nothing was erased."))
        return redirect("office_person", key)
    try:
        erasing.erase(person, by=request.person, at=request.at, address=address_of(request))
    except erasing.NotHers:
        messages.error(request, _("Only an administrator erases an administrator, and nobody herself."))
    except journal.NotJournalled as problem:
        log.error("%s", problem)  # noqa: TRY400 -- it says what to do; where it was raised helps nobody
        messages.error(request, _("The person is not erased yet: that could not be written down outside the database."))
    else:
        messages.success(request, _("The person is erased. What was promised to her organisation stays."))
    return redirect("office_person", key)


def _is_erased(request: Admitted, key: int) -> HttpResponseBase:
    messages.error(request, _("This person was erased. This can't be undone."))
    return redirect("office_person", key)
