"""The line to the desk: requests are sent, sent again where that may help, and refusals raised."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import httpx

from puntuale.client.problem import Problem

TRIES = 4
LONGEST_WAIT = 30.0
PASSING = frozenset({"in-progress", "too-many"})
"""Refusals that are over after a while."""


class Line:
    """Sends requests to one desk with one token."""

    def __init__(
        self,
        address: str,
        *,
        token: str,
        language: str = "",
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} | ({"Accept-Language": language} if language else {})
        base = f"{address.rstrip('/')}/api/v1"
        self.http = httpx.Client(base_url=base, headers=headers, timeout=timeout, transport=transport)
        self.sleep = sleep

    def get(self, path: str, asked: Mapping[str, Any] | None = None) -> httpx.Response:
        """Return the answer to a question. Raises Problem, httpx.TransportError."""
        given = {name: _written(value) for name, value in (asked or {}).items() if value is not None}
        return self._sent(lambda: self.http.get(path, params=given))

    def post(
        self,
        path: str,
        said: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        if_match: str = "",
        content: bytes | None = None,
        asked: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Return the answer to a deed, which is done once however often it has to be sent. Raises likewise."""
        headers = {"Idempotency-Key": key or str(uuid4())} | ({"If-Match": if_match} if if_match else {})
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
            return self._sent(lambda: self.http.post(path, content=content, headers=headers, params=asked))
        body = None if said is None else {name: _written(value) for name, value in said.items()}
        return self._sent(lambda: self.http.post(path, json=body, headers=headers))

    def pages(self, path: str, asked: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Yield each item of a list, page after page."""
        wanted = dict(asked or {})
        while True:
            page = self.get(path, wanted).json()
            yield from page["items"]
            if page["next"] is None:
                return
            wanted["cursor"] = page["next"]

    def _sent(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        wait = 0.25
        for left in reversed(range(TRIES)):
            try:
                answer = send()
            except httpx.TransportError:
                if not left:
                    raise
            else:
                if answer.is_success:
                    return answer
                problem = _problem(answer)
                if not left or not (answer.status_code >= 500 or problem.kind in PASSING):
                    raise problem
                wait = max(wait, _retry_after(answer))
            self.sleep(min(wait, LONGEST_WAIT))
            wait *= 2
        raise AssertionError("the last try returns or raises")


def _problem(answer: httpx.Response) -> Problem:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    return Problem(answer.status_code, told if isinstance(told, dict) else {})


def _retry_after(answer: httpx.Response) -> float:
    told = answer.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else 0.0


def _written(value: Any) -> Any:
    """Return a value as it is sent. An instant without its zone is refused here already."""
    if not hasattr(value, "isoformat"):
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value} has no zone")
    return value.isoformat()
