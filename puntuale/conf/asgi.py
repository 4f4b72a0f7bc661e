"""What the web server calls: bodies are gathered and answers sent in its event loop, and Django works in threads.

Whatever holds a connection for long, such as a stream of events, belongs here too: as a route that is answered before
Django is asked, and without a thread.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import django
from django.http import HttpResponse

from puntuale.conf.scopes import Receive, Scope, Send, header
from puntuale.guarantee import zones

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntuale.conf.settings")
zones.use_newest_rules()
django.setup(set_prefix=False)

from puntuale.conf import bodies, refusals  # noqa: E402 -- they need the settings
from puntuale.conf.lanes import PIECE, Answer, Lanes, complete  # noqa: E402

READER_PATIENCE = 60.0
"""For how many seconds a client may take nothing of an answer."""
LINGER, LINGER_BYTES = 10.0, 64_000_000
"""How long, and for how many bytes, the rest of a refused body is read and dropped: clients listen after they spoke."""


class Application:
    """The desk as an application of ASGI."""

    def __init__(self) -> None:
        self.lanes = Lanes()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/healthz":
            # That this process answers is told by the loop: it is true however busy the threads are.
            await _send(complete(HttpResponse("ok\n", content_type="text/plain")), scope, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await bodies.gather(scope, receive, self.lanes.sender_of)
        except bodies.ClientGone:
            return
        except bodies.Refused as problem:
            await _refuse(problem, scope, receive, send)
            return
        try:
            answer = await self.lanes.answer(bodies.as_gathered(scope, body), body.file)
        finally:
            body.close()
        await _send(answer, scope, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2, "disk"))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.lanes.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _refuse(problem: bodies.Refused, scope: Scope, receive: Receive, send: Send) -> None:
    response = refusals.refusal(scope, problem.status)
    response["Connection"] = "close"
    await _send(complete(response), scope, send)
    if not header(scope, b"expect"):
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                await _drop_rest(receive)


async def _drop_rest(receive: Receive) -> None:
    dropped, more = 0, True
    while more and dropped < LINGER_BYTES:
        message = await receive()
        more = message.get("more_body", False)
        dropped += len(message.get("body", b""))


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    """Send an answer piece by piece, as fast as the client takes it; let go of a client that takes nothing any more."""
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body"})
        elif isinstance(answer.content, bytes) and len(answer.content) <= PIECE:
            await send({"type": "http.response.body", "body": answer.content})
        else:
            async for piece in _pieces(answer.content):
                part = {"type": "http.response.body", "body": piece, "more_body": True}
                await asyncio.wait_for(send(part), READER_PATIENCE)
            await send({"type": "http.response.body"})
    except TimeoutError:
        # It ends before it is whole, so the server closes the connection.
        return
    finally:
        if not isinstance(answer.content, bytes):
            await asyncio.to_thread(answer.close)


async def _pieces(content: bytes | Iterator[bytes]) -> AsyncIterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), PIECE):
            yield content[start : start + PIECE]
        return
    while (piece := await asyncio.to_thread(next, content, None)) is not None:
        yield piece


application = Application()
