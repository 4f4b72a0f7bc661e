"""Requests that are sent again: done once, and answered every time as the first time."""

import hashlib
import re
from collections.abc import Callable
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from puntuale.api.calls import Call
from puntuale.api.models import KeptAnswer
from puntuale.api.problems import Refused, of_field

HEADER, LONGEST = "Idempotency-Key", 255
# The lock is let go with the transaction. Whoever has it looks whether somebody else had it before.
_LOOK = """
    SELECT ours, asked, status, body, etag
    FROM (SELECT pg_try_advisory_xact_lock(%s) AS ours) AS locked
    LEFT JOIN api_keptanswer ON token_id = %s AND key = %s
"""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(call: Call, deed: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Return the answer to a request, doing what it asks unless its key says that it was done.

    Deed and answer are stored in one transaction: whoever dies in between has done nothing. A refusal is not kept,
    since it changed nothing. Raises Refused for a key that another request has, or has just now.
    """
    key = _key(call)
    try:
        with transaction.atomic():
            if key and (earlier := _earlier(call, key)):
                return _again(earlier)
            answer = deed()
            if key:
                _keep(call, key, answer)
            return answer
    except IntegrityError as problem:
        if "one_answer_a_key" not in str(problem):
            raise
        # It was answered between our look and our turn; what was done here is undone.
        raise Refused("in-progress", headers={"Retry-After": "1"}) from problem


def key_for_rows(call: Call) -> UUID:
    """Return the key that what this request makes is stored with: the same whenever it is sent again."""
    key = _key(call)
    return uuid5(NAMESPACE_URL, f"puntuale:{call.token.pk}:{call.path}:{key}") if key else uuid4()


def _key(call: Call) -> str:
    if HEADER not in call.headers:
        return ""
    key = call.headers[HEADER]
    if not _KEY.fullmatch(key):
        raise of_field(
            f"header.{HEADER}", "key.form", _("An Idempotency-Key has up to 255 visible characters of ASCII.")
        )
    return key


def _earlier(call: Call, key: str) -> KeptAnswer | None:
    """Return what the request was answered before. Raises Refused while that is still being found out."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [_lock(call, key), call.token.pk, key])
        ours, asked, status, body, etag = cursor.fetchone()
    if not ours:
        raise Refused("in-progress", headers={"Retry-After": "1"})
    if asked is None:
        return None
    if asked != _asked(call):
        raise Refused("key-spent")
    return KeptAnswer(token=call.token, key=key, asked=asked, status=status, body=body, etag=etag)


def _again(earlier: KeptAnswer) -> HttpResponse:
    answer = HttpResponse(earlier.body, status=earlier.status, content_type="application/json")
    answer["Idempotency-Replayed"] = "true"
    if earlier.etag:
        answer["ETag"] = earlier.etag
    return answer


def _keep(call: Call, key: str, answer: HttpResponseBase) -> None:
    assert isinstance(answer, HttpResponse)
    KeptAnswer.objects.create(
        token=call.token,
        key=key,
        asked=_asked(call),
        status=answer.status_code,
        body=answer.content.decode(),
        etag=answer.get("ETag", ""),
        given_at=call.at,
    )


def _asked(call: Call) -> str:
    # The content of a file is not kept in memory to be compared: its name and length have to do.
    body = call.headers.get("Content-Length", "").encode() if call.is_streamed else call.body
    said = f"{call.method} {call.get_full_path()}\n".encode() + body
    return hashlib.sha256(said).hexdigest()


def _lock(call: Call, key: str) -> int:
    """Return the number that stands for a key while its request is answered."""
    digest = hashlib.sha256(f"puntuale.api {call.token.pk} {key}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
