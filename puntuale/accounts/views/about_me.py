"""Everything that is kept about somebody, for herself."""

from django.http import FileResponse
from django.views.decorators.http import require_POST

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of
from puntuale.people import audit
from puntuale.privacy import exporting


@admitted
@require_POST
def about_me(request: Admitted) -> FileResponse:
    """Hand out everything about whoever asks, as a ZIP file."""
    person = request.person
    audit.record("data_exported", by=person, about=audit.about(person), at=request.at, address=address_of(request))
    to = exporting.as_read(person, at=request.at)
    return FileResponse(to, as_attachment=True, filename="about-you.zip", content_type="application/zip")
