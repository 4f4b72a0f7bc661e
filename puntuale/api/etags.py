"""Versions of what is read: nothing is sent twice, and nobody changes what she has not seen."""

import hashlib

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags

from puntuale.api.calls import Call
from puntuale.api.problems import Refused


def of(body: str) -> str:
    """Return what names an answer: another one whenever anything in it is different."""
    return f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'


def tell(call: Call, answer: HttpResponse, etag: str) -> HttpResponse:
    """Return the answer with its version; or 304, for a caller who has it already."""
    answer["ETag"] = etag
    if call.method == "GET":
        shortened = get_conditional_response(call, etag=etag, response=answer)
        return shortened if isinstance(shortened, HttpResponse) else answer
    return answer


def expected(call: Call) -> list[str]:
    """Return the versions that a change is meant for; none when it is meant for any."""
    said = call.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return []
    # What went over the wire compressed is marked as weak; it names the same version. A version without its quotes is
    # one all the same, and what is none is not ignored: whoever sends it means to change nothing unseen.
    return [one.removeprefix("W/") for one in parse_etags(said)] or [f'"{said.strip()}"']


def refuse_others(call: Call, etag: str) -> None:
    """Raise Refused when a change is meant for another version than the one there is."""
    if (wanted := expected(call)) and etag not in wanted:
        raise Refused("changed", headers={"ETag": etag})
