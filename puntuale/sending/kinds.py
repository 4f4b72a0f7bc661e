"""What there is to tell. Each room that tells something says how it is written, and when it is no longer wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing to tell.

    `unwanted` looks again, right before sending: it returns, for the keys of those intents that need not be told any
    more, why not. `write` returns one letter for intents to one address, however many. What is `for_managers` is told
    to nobody who is none any more.
    """

    name: str
    unwanted: Callable[[Sequence[Intent]], Mapping[int, str]]
    write: Callable[[Sequence[Intent], datetime], Letter]
    for_managers: bool = False


class UnknownKind(LookupError):
    """Nobody knows how to tell this."""


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let a kind be told. A later one of the same name takes its place."""
    _KINDS[kind.name] = kind


def kind_of(name: str) -> Kind:
    """Return a kind by its name. Raises UnknownKind."""
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None
