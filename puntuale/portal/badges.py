"""The badge of the guarantee, measured: a word on the left, and on the right whether we are open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from puntuale.looks.published import Page
from puntuale.wording import moments

SIGN, MARGIN = 7.2, 20
"""How wide a sign is at eleven pixels, about, and what stands left and right of a word."""


@dataclass(frozen=True, slots=True)
class Badge:
    """Two words with their widths in pixels, and whether the right one is good news."""

    left: str
    right: str
    is_open: bool

    @property
    def left_width(self) -> int:
        """Return how wide the left part is."""
        return _width(self.left)

    @property
    def right_width(self) -> int:
        """Return how wide the right part is."""
        return _width(self.right)

    @property
    def width(self) -> int:
        """Return how wide the badge is."""
        return self.left_width + self.right_width

    @property
    def left_middle(self) -> float:
        """Return where the left word stands."""
        return self.left_width / 2

    @property
    def right_middle(self) -> float:
        """Return where the right word stands."""
        return self.left_width + self.right_width / 2


def badge(page: Page, language: str, at: datetime) -> Badge:
    """Return what the badge says: open now, or when we open, in the zone of the hours."""
    desk = page.agreement.desk_hours
    if desk is None:
        return Badge(_("Support"), _("day and night"), is_open=True)
    calendar = page.agreement.calendar(desk.key)
    if calendar.is_open(at):
        return Badge(_("Support"), _("open now"), is_open=True)
    opens = moments.near(calendar.next_open(at), language, desk.zone, now=at)
    return Badge(_("Support"), _("opens %(time)s") % {"time": opens}, is_open=False)


def _width(said: str) -> int:
    return round(len(said) * SIGN) + MARGIN
