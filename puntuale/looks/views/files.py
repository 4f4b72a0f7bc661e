"""Files: taken in before the message they go with, and handed out as downloads only, to whoever may see them."""

from urllib.parse import quote

from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.files import tell_when, why_file_refused
from puntuale.looks.requests import Admitted
from puntuale.tickets import attachments
from puntuale.tickets.attachments import FileRefused

LINK_LASTS = 15 * 60

signer = TimestampSigner(salt="puntuale.files")


@admitted
@require_POST
def upload(request: Admitted) -> HttpResponseBase:
    """Take in one file that a page sends ahead of its message, and give the key it is sent with."""
    sent = request.FILES.get("file")
    if sent is None:
        raise Http404
    try:
        kept = attachments.take_in(sent.name or "", sent.chunks(), by=request.person, at=request.at)
    except FileRefused as problem:
        tell_when(request, problem)
        return JsonResponse({"name": problem.name, "problem": why_file_refused(problem)}, status=422)
    return JsonResponse({"key": kept.key, "name": kept.name, "size": kept.size}, status=201)


@admitted
@require_safe
def file(request: Admitted, key: str) -> HttpResponseBase:
    """Send whoever may have a file to a link of her own that works for fifteen minutes."""
    found = attachments.visible(request.person, key)
    if found is None:
        raise Http404
    return redirect("file_content", signed=signer.sign(f"{found.key}.{request.person.pk}"))


@admitted
@require_safe
def content(request: Admitted, signed: str) -> HttpResponseBase:
    """Hand out a file's content by a link that is signed for this person. An old link is renewed if she still may."""
    try:
        key, _, person = signer.unsign(signed, max_age=LINK_LASTS).rpartition(".")
    except SignatureExpired:
        return redirect("file", key=signed.partition(".")[0])
    except BadSignature as problem:
        raise Http404 from problem
    found = attachments.visible(request.person, key) if person == str(request.person.pk) else None
    if found is None:
        raise Http404
    try:
        opened = attachments.path_of(found.digest).open("rb")
    except FileNotFoundError as problem:
        raise Http404 from problem
    response = FileResponse(opened, content_type="application/octet-stream")
    response["Content-Length"] = str(found.size)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return _harmless(response)


def _harmless(response: HttpResponse | FileResponse) -> HttpResponseBase:
    """Let no browser show or run what somebody sent: it is saved, and kept by no cache."""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
