"""The queues as the desk lists them: what they are called, the key that leads there, how many tickets stand in them."""

from dataclasses import dataclass

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from puntuale.desk.trail import Trail
from puntuale.tickets.queues import COUNTED_TO, Counts, Summary, View

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


def summed(summary: Summary) -> str:
    """Return what stands above a queue, in words; nothing where nobody counts."""
    if summary.total is None:
        return ""
    if summary.missed is None or summary.within_the_hour is None:
        return ngettext("%(number)s ticket", "%(number)s tickets", summary.total) % {"number": at_most(summary.total)}
    parts = (
        ngettext("%(missed)s missed", "%(missed)s missed", summary.missed) % {"missed": at_most(summary.missed)},
        ngettext(
            "%(within_the_hour)s due within the hour",
            "%(within_the_hour)s due within the hour",
            summary.within_the_hour,
        )
        % {"within_the_hour": at_most(summary.within_the_hour)},
        ngettext("%(waiting)s open", "%(waiting)s open", summary.total) % {"waiting": at_most(summary.total)},
    )
    return " · ".join(parts)


def _count(counts: Counts | None, view: View) -> str:
    number = getattr(counts, view.name.lower(), 0) if counts else 0
    return at_most(number) if number else ""
