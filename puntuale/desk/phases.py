"""The states of a ticket, told to agents."""

from django.utils.translation import gettext as _

from puntuale.guarantee.facts import Phase


def phase(key: str) -> str:
    """Tell the state of a ticket."""
    return {
        Phase.OPEN: _("open"),
        Phase.WAITING: _("waiting for the customer"),
        Phase.RESOLVED: _("resolved"),
        Phase.MERGED: _("merged"),
        Phase.CANCELLED: _("cancelled"),
    }[Phase(key)]


def phase_since(key: str) -> str:
    """Tell the state of a ticket, before the instant since which it stands."""
    return {
        Phase.OPEN: _("open since"),
        Phase.WAITING: _("waiting since"),
        Phase.RESOLVED: _("resolved"),
        Phase.MERGED: _("merged"),
        Phase.CANCELLED: _("cancelled"),
    }[Phase(key)]
