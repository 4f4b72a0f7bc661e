"""A client of the desk as the web server sees it: what comes in part by part, and what was answered."""

import asyncio
from concurrent.futures import Future
from contextlib import contextmanager

from puntuale.conf import bodies
from puntuale.conf.asgi import Application

HANGS = object()
"""A part that never comes."""


class Inline:
    """Threads that are none, so that what is asked in them sees the transaction of the test."""

    def submit(self, function, *arguments):
        future, loop = Future(), asyncio.get_running_loop()
        # Django gives whoever is in a loop a connection of its own; a thread is in none.
        asyncio._set_running_loop(None)
        try:
            future.set_result(function(*arguments))
        except BaseException as problem:
            future.set_exception(problem)
        finally:
            asyncio._set_running_loop(loop)
        return future

    def shutdown(self, wait=True):
        pass


class Web:
    def __init__(self):
        self.app = Application()
        self.app.lanes._main = self.app.lanes._spare = Inline()
        self.reads = 0

    def request(self, method, path, parts=(), headers=(), query=b"", hangs_up=False, takes=None):
        """Send a request and return its answer: status, headers, body, and whether it was complete."""
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query,
            "scheme": "http",
            "root_path": "",
            "client": ("192.0.2.7", 4711),
            "server": ("127.0.0.1", 8000),
            "headers": [(b"host", b"localhost"), *headers],
        }
        return asyncio.run(self._run(scope, list(parts), hangs_up, takes))

    async def _run(self, scope, parts, hangs_up, takes):
        answer = Answered()
        self.reads = 0

        async def receive():
            self.reads += 1
            if parts and parts[0] is HANGS:
                await asyncio.Event().wait()
            if not parts:
                return {"type": "http.disconnect"}
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts) or hangs_up}

        async def send(message):
            if takes is not None and len(answer.messages) >= takes:
                await asyncio.Event().wait()
            answer.messages.append(message)

        await self.app(scope, receive, send)
        return answer

    def post(self, path, *parts, **more):
        """Send a form whose length is declared."""
        headers = [(b"content-length", str(sum(map(len, parts))).encode()), *more.pop("headers", FORM)]
        return self.request("POST", path, parts, headers, **more)

    def post_in_chunks(self, path, *parts, **more):
        """Send a form whose length is not declared."""
        return self.request(
            "POST", path, parts, [(b"transfer-encoding", b"chunked"), *more.pop("headers", FORM)], **more
        )


FORM = ((b"content-type", b"application/x-www-form-urlencoded"),)


class Answered:
    def __init__(self):
        self.messages = []

    @property
    def status(self):
        return self.messages[0]["status"] if self.messages else None

    def header(self, name):
        return [value.decode("latin-1") for key, value in self.messages[0]["headers"] if key == name.encode()]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def is_whole(self):
        return not self.messages[-1].get("more_body", False) and len(self.messages) > 1


@contextmanager
def nothing_left():
    """Look that all room is given back."""
    yield
    assert (bodies.Body.memory.taken.total(), bodies.Body.disk.taken.total()) == (0, 0)
