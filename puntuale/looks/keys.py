"""Keys of forms: a form that arrives twice has the same key twice, and what it asks for is done once."""

from uuid import UUID

from puntuale.looks.requests import Request


def sent_key(request: Request) -> UUID | None:
    """Return the key that a form was sent with, or None when it has none or nonsense."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
