"""Files that go with messages."""

from collections.abc import Iterator
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from puntuale.api.calls import Call
from puntuale.api.door import BYTES, does, reads
from puntuale.api.told.conversation import FileTold
from puntuale.api.values import Asked
from puntuale.tickets import attachments

router = Router(tags=["Files"])
AT_ONCE = 65_536


class FileAsked(Asked):
    """What a file is called."""

    name: str = Field(min_length=1, max_length=1_000)


@does(router, "/files", gives=FileTold, status=201, takes=BYTES)
def upload_file(request: Call, asked: Query[FileAsked]) -> FileTold:
    """Upload a file, as the body of the request. Its key goes with a message within a day, or it is dropped."""
    return FileTold.of(attachments.take_in(asked.name, _sent(request), by=request.person, at=request.at))


@reads(router, "/files/{key}", gives=BYTES)
def download_file(request: Call, key: str) -> HttpResponseBase:
    """Download a file that goes with a message you may read."""
    found = attachments.visible(request.person, key)
    if found is None:
        raise Http404
    try:
        opened = attachments.path_of(found.digest).open("rb")
    except FileNotFoundError as problem:
        raise Http404 from problem
    answer = FileResponse(opened, content_type=BYTES)
    answer["Content-Length"] = str(found.size)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _sent(call: Call) -> Iterator[bytes]:
    while chunk := call.read(AT_ONCE):
        yield chunk
