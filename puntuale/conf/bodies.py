"""What people send, gathered before a thread has to wait for it: under limits of size, time and room.

A body is read in the event loop and handed to Django when it is complete, so that a client that is slow, silent or
endless costs a few bytes of memory and nothing else (decision 0042).
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from time import monotonic

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from puntuale.api import hooks
from puntuale.conf.scopes import Receive, Scope, header
from puntuale.people.access import who_may_enter
from puntuale.tickets.attachments import LARGEST, MOST_A_MESSAGE

SMALL = 64_000
"""What anybody may send, in bytes. It stays in memory; more is taken only from senders whom we know."""
FORM: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
"""What a form without files, or a call of the API, may have."""
FILE = LARGEST + SMALL
WITH_FILES = MOST_A_MESSAGE * LARGEST + FORM
TAKES_FILES = frozenset({"new_ticket", "follow_up", "desk_new_ticket", "desk_answer", "desk_note", "office_what_if"})
"""The routes of forms in which files can come along."""

PATIENCE = 15.0
"""For how many seconds nothing may come."""
GRACE, SLOWEST = 20.0, 4_000
"""How many seconds every body has, and how many bytes earn it a further one."""

MEMORY_ROOM, DISK_ROOM = 64_000_000, 800_000_000
"""How much one web process holds of what is being received: small bodies in memory, others in temporary files."""

SenderOf = Callable[[Scope, ResolverMatch], Awaitable[str]]


class Refused(Exception):
    """A body that is not taken, with the status that says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class ClientGone(Exception):
    """The client went away before its request was complete."""


@dataclass(slots=True)
class Room:
    """Room for bytes that are being received. One sender who is named may have half of it."""

    size: int
    taken: Counter[str] = field(default_factory=Counter)

    def take(self, count: int, sender: str = "") -> None:
        """Set bytes aside. Raises Refused when there is no room for them."""
        if self.taken.total() + count > self.size or (sender and self.taken[sender] + count > self.size // 2):
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        self.taken[sender] += count

    def give_back(self, count: int, sender: str = "") -> None:
        """Let others have the room again."""
        self.taken[sender] -= count
        if not self.taken[sender]:
            del self.taken[sender]


class Body:
    """The body of one request: in memory while it is small, in a temporary file when it grows."""

    memory, disk = Room(MEMORY_ROOM), Room(DISK_ROOM)

    def __init__(self) -> None:
        self.size = 0
        self.sender = ""
        self.in_memory, self.on_disk = 0, 0
        self.file = SpooledTemporaryFile(max_size=SMALL)  # noqa: SIM115 -- closed with the request

    async def add(self, chunk: bytes) -> None:
        """Keep one more part. Raises Refused when there is no room for it."""
        size = self.size + len(chunk)
        if size <= SMALL:
            self.memory.take(len(chunk))
            self.in_memory = self.size = size
            self.file.write(chunk)
            return
        self.disk.take(size - self.on_disk, self.sender)
        self.on_disk = self.size = size
        try:
            await self.write_to_disk(chunk)
        except OSError as problem:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE) from problem

    async def write_to_disk(self, chunk: bytes) -> None:
        """Write a part where the loop need not wait for the disk."""
        await asyncio.to_thread(self.file.write, chunk)

    def close(self) -> None:
        """Forget the body, and let others have its room."""
        self.file.close()
        self.memory.give_back(self.in_memory)
        self.disk.give_back(self.on_disk, self.sender)
        self.in_memory = self.on_disk = 0


async def gather(scope: Scope, receive: Receive, sender_of: SenderOf) -> Body:
    """Return the whole body of a request. Raises Refused for one that is too large or too slow, and ClientGone.

    `sender_of` names who is known to send it, or nobody, and is asked only about a body that is not small.
    """
    body = Body()
    if not has_body(scope):
        return body
    try:
        await _fill(body, scope, receive, sender_of)
    except BaseException:
        body.close()
        raise
    body.file.seek(0)
    return body


async def _fill(body: Body, scope: Scope, receive: Receive, sender_of: SenderOf) -> None:
    match = _route(scope["path"])
    limit = most_bytes(scope["method"], match)

    async def admit(size: int) -> None:
        if SMALL < size <= limit and match and not body.sender:
            body.sender = await sender_of(scope, match)
        if size > (limit if body.sender else min(limit, SMALL)):
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    length = header(scope, b"content-length")
    await admit(int(length) if length.isdigit() else 0)
    began, more = monotonic(), True
    while more:
        chunk, more = await _next_part(receive)
        await admit(body.size + len(chunk))
        await body.add(chunk)
        if more and monotonic() - began > GRACE + body.size / SLOWEST:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT)


def as_gathered(scope: Scope, body: Body) -> Scope:
    """Return what a request says of itself, with the length that its body turned out to have."""
    if not has_body(scope):
        return scope
    about_length = (b"content-length", b"transfer-encoding")
    headers = [(name, value) for name, value in scope["headers"] if name not in about_length]
    return {**scope, "headers": [*headers, (b"content-length", b"%d" % body.size)]}


def has_body(scope: Scope) -> bool:
    """Tell whether a request says that a body comes with it."""
    return header(scope, b"content-length") not in {b"", b"0"} or bool(header(scope, b"transfer-encoding"))


def most_bytes(method: str, match: ResolverMatch | None) -> int:
    """Return how large the body of a request for a route may be, when its sender is known."""
    if match is None or method in {"GET", "HEAD"}:
        return SMALL
    name = match.view_name
    who = who_may_enter(name)
    others = SMALL if who is None or who.is_open else FORM
    if name == "api":
        return FILE if match.kwargs["path"] == "files" else FORM
    return {"upload": FILE, "incoming_hook": hooks.LONGEST, **dict.fromkeys(TAKES_FILES, WITH_FILES)}.get(name, others)


async def _next_part(receive: Receive) -> tuple[bytes, bool]:
    """Return the next part of a body, and whether more comes. Raises Refused when it does not come soon."""
    try:
        message = await asyncio.wait_for(receive(), PATIENCE)
    except TimeoutError as problem:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from problem
    if message["type"] != "http.request":
        raise ClientGone
    return message.get("body", b""), message.get("more_body", False)


def _route(path: str) -> ResolverMatch | None:
    # Routes have other names in each language, and the language stands in the path.
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return resolve(path)
        except Resolver404:
            return None
