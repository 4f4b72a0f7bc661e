"""Numbers as people write them, with a point or a comma; what can be read in two ways is refused."""

import re

_WRITTEN = re.compile(r"(\d{1,9})(?:([.,])(\d{1,9}))?", re.ASCII)
OF_A_GROUP = 3


class Unreadable(ValueError):
    """A text that is no number."""


class Ambiguous(Unreadable):
    """A number that is a thousand to one reader and one to another, with both as nobody can misread them."""

    def __init__(self, written: str, whole: str, part: str) -> None:
        super().__init__(written)
        self.whole, self.part = whole, part


def number(written: str) -> float:
    """Return a number that is not negative. Raises Unreadable, and Ambiguous for the likes of `1,000`."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise Unreadable(written)
    whole, mark, part = found[1], found[2], found[3]
    if mark is None:
        return float(whole)
    if len(part) == OF_A_GROUP and len(whole) <= OF_A_GROUP and not whole.startswith("0"):
        raise Ambiguous(written, f"{whole}{part}", f"{whole}{mark}{part}0")
    return float(f"{whole}.{part}")
