"""Where a ticket stands, as its customer is told: an icon and a word."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puntuale.guarantee.facts import Phase


@dataclass(frozen=True, slots=True)
class ShownPhase:
    """A phase with its icon and what people call it."""

    key: str
    icon: str
    name: str


def phase(key: str) -> ShownPhase:
    """Return a phase as customers are told it."""
    icon, name = _TOLD[Phase(key)]
    return ShownPhase(key, icon, _(name))


def phases() -> list[ShownPhase]:
    """Return all phases in the order of a ticket's life."""
    return [phase(key) for key in _TOLD]


_TOLD = {
    Phase.OPEN: ("message-square", gettext_noop("open")),
    Phase.WAITING: ("reply", gettext_noop("waiting for you")),
    Phase.RESOLVED: ("circle-check", gettext_noop("resolved")),
    Phase.CANCELLED: ("ban", gettext_noop("cancelled")),
    Phase.MERGED: ("git-merge", gettext_noop("merged")),
}
