"""The queues as the desk lists them: what they are called, the key that leads there, how many tickets stand in them."""

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from puntuale.desk.trail import Trail
from puntuale.tickets.queues import COUNTED_TO, Counts, View

TITLES: dict[View, Lazy | str] = {
    View.DUE: _("Due next"),
    View.MINE: _("Mine"),
    View.UNASSIGNED: _("Unassigned"),
    View.MISSED: _("Missed"),
    View.NO_GUARANTEE: _("No guarantee"),
    View.WAITING: _("Waiting"),
    View.REVIEW: _("To review"),
    View.MENTIONS: _("Mentions"),
    View.RESOLVED: _("Resolved"),
    View.ALL: _("All tickets"),
}
"""What each queue is called, in the order in which they are listed."""

KEYS = {
    View.DUE: "d",
    View.MINE: "m",
    View.UNASSIGNED: "u",
    View.MISSED: "s",
    View.NO_GUARANTEE: "n",
    View.WAITING: "w",
    View.REVIEW: "v",
    View.MENTIONS: "i",
    View.RESOLVED: "r",
    View.ALL: "a",
}
"""The key that leads to each queue, after `g`."""


@dataclass(frozen=True)
class Item:
    """A queue in the list. `count` is empty where nothing stands in it or nobody counts."""

    view: View
    title: Lazy | str
    key: str
    address: str
    count: str = ""


def menu(counts: Counts | None = None) -> list[Item]:
    """Return the queues, with how many tickets stand in them when they have been counted."""
    return [Item(view, title, KEYS[view], Trail(view).address, _count(counts, view)) for view, title in TITLES.items()]


def at_most(number: int) -> str:
    """Return a count as it is told: counting stops at a thousand, which is `999+`."""
    return f"{COUNTED_TO - 1}+" if number >= COUNTED_TO else str(number)


def _count(counts: Counts | None, view: View) -> str:
    number = getattr(counts, view.name.lower(), 0) if counts else 0
    return at_most(number) if number else ""
