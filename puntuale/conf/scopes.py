"""The words of ASGI, as far as this house uses them."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def header(scope: Scope, name: bytes) -> bytes:
    """Return a header of a request; nothing when it has none."""
    return next((value for key, value in scope["headers"] if key == name), b"")
