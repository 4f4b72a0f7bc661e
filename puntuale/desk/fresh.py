"""Telling cheaply whether something has changed since a browser last asked."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse


def tag_of(*facts: object) -> str:
    """Return a tag that is the same as long as the facts are."""
    return f'"{sha256(repr(facts).encode()).hexdigest()[:32]}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """Tell whether the browser has what the tag stands for."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return tag in known


def unchanged(tag: str) -> HttpResponse:
    """Return the answer that nothing has changed."""
    return HttpResponse(status=304, headers={"ETag": tag})
