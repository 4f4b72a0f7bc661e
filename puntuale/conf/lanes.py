"""Django, called in a fixed number of threads, so that the connections to the database stay bounded.

Each thread is a lane. One is spare: however slow what the others do is, pages that wake people and what machines ask
are answered in it.
"""

import logging
import re
from asyncio import get_running_loop
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import signals
from django.core.handlers.asgi import ASGIRequest, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.urls import ResolverMatch, set_script_prefix

from puntuale.conf import clock
from puntuale.conf.scopes import Scope, header
from puntuale.people import tokens
from puntuale.people.access import who_may_enter
from puntuale.people.models import Person
from puntuale.webhooks import incoming

WIDTH = 4
SPARE = re.compile(r"/(readyz|metrics|static/.*|[a-z]{2}/page/.*)\Z")
"""What is answered in the spare lane, by its address: quick things that must not wait for slow ones."""
PIECE = 65_536
IN_MEMORY = 1_000_000

log = logging.getLogger("django.request")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of Django: in memory, or to be read piece by piece and then closed, in any thread."""

    status: int
    headers: list[tuple[bytes, bytes]]
    content: bytes | Iterator[bytes]
    close: Callable[[], None]


class Lanes(BaseHandler):
    """Django's stack of middleware and views, with the threads it runs in."""

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()
        self._main = ThreadPoolExecutor(WIDTH, "lane")
        self._spare = ThreadPoolExecutor(1, "spare-lane")

    async def answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        """Return Django's answer to a request that is complete."""
        lane = self._spare if SPARE.match(scope["path"]) else self._main
        return await get_running_loop().run_in_executor(lane, self._answer, scope, body)

    async def sender_of(self, scope: Scope, match: ResolverMatch) -> str:
        """Return a name for who sends a request, when they may use its route; nothing when we do not know them."""
        return await get_running_loop().run_in_executor(self._spare, _sender, scope, match)

    def close(self) -> None:
        """Take nothing more. What is being answered is finished."""
        self._main.shutdown(wait=False)
        self._spare.shutdown(wait=False)

    def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        try:
            response: HttpResponseBase = self.get_response(ASGIRequest(scope, body))
        except UnicodeDecodeError:
            response = HttpResponseBadRequest()
        try:
            return complete(response)
        except Exception:
            # As wherever a page fails: told in the log, and nothing of it to the client.
            log.exception("An answer could not be finished")
            response.close()
            return complete(HttpResponse(status=HTTPStatus.INTERNAL_SERVER_ERROR))
        finally:
            close_old_connections()


def complete(response: HttpResponseBase) -> Answer:
    """Return an answer that needs this thread and its connection no more.

    Pages and files are sent as they are. Whatever is made while it is sent is made now, and waits in a temporary file.
    """
    if isinstance(response, FileResponse):
        response.block_size = PIECE
        if int(response.get("Content-Length", str(PIECE + 1))) <= PIECE:
            content = b"".join(response)
            response.close()
            return Answer(response.status_code, _headers(response), content, response.close)
        return Answer(response.status_code, _headers(response), iter(response), response.close)
    if isinstance(response, HttpResponse):
        response.close()
        return Answer(response.status_code, _headers(response), response.content, response.close)
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed when it has been sent
    try:
        made.writelines(response)
    except BaseException:
        made.close()
        raise
    response.close()
    response["Content-Length"] = str(made.tell())
    made.seek(0)
    return Answer(response.status_code, _headers(response), iter(lambda: made.read(PIECE), b""), made.close)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    cookies = [("set-cookie", cookie.output(header="").strip()) for cookie in response.cookies.values()]
    lines: Iterable[tuple[str, str]] = [*response.items(), *cookies]
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in lines]


def _sender(scope: Scope, match: ResolverMatch) -> str:
    """Return a name for the person or the hook that a request is from."""
    try:
        if match.view_name == "incoming_hook":
            hook = incoming.hook_of(match.kwargs["secret"])
            return f"hook {hook.pk}" if hook else ""
        person = _bearer(scope) if match.view_name == "api" else _signed_in(scope)
        who = who_may_enter(match.view_name)
        return f"person {person.pk}" if person and who and who.admits(person) else ""
    finally:
        close_old_connections()


def _bearer(scope: Scope) -> Person | None:
    scheme, _, secret = header(scope, b"authorization").decode("latin-1").partition(" ")
    token = tokens.shown(secret.strip(), at=clock.now()) if scheme.lower() == "bearer" else None
    return token.person if token else None


def _signed_in(scope: Scope) -> Person | None:
    request: Any = ASGIRequest({**scope, "query_string": b""}, BytesIO())
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    person = get_user(request)
    return person if isinstance(person, Person) else None
