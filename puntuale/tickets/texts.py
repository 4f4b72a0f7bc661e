"""What people write: made uniform, and refused when there is nothing or too much of it."""

import unicodedata

LONGEST_SUBJECT = 255
LONGEST_BODY = 200_000
LONGEST_EXPLANATION = 5_000


class TextRefused(ValueError):
    """A text that cannot be taken: which field, the rule, and the numbers of the case."""

    def __init__(self, field: str, rule: str, **details: int) -> None:
        super().__init__(field, rule, details)
        self.field = field
        self.rule = rule
        self.details = details


def subject(written: str) -> str:
    """Return a subject on one line, composed (NFC). Raises TextRefused when it is empty or too long."""
    return _within("subject", " ".join(_composed(written).split()), LONGEST_SUBJECT)


def body(written: str) -> str:
    """Return a message with its line ends made uniform, composed (NFC). Raises TextRefused likewise."""
    return _within("body", uniform(written), LONGEST_BODY)


def uniform(written: str) -> str:
    """Return a text of several lines as it is kept: its line ends made uniform, composed (NFC), whatever its length."""
    return _composed(written).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def explanation(written: str, *, field: str = "text", may_be_empty: bool = False) -> str:
    """Return a short text that goes with a deed: why something changed, a comment. Raises TextRefused likewise."""
    said = uniform(written)
    return "" if may_be_empty and not said.strip() else _within(field, said, LONGEST_EXPLANATION)


def name(written: str, *, field: str = "name", limit: int = 100) -> str:
    """Return a name on one line. Raises TextRefused likewise."""
    return _within(field, " ".join(_composed(written).split()), limit)


def _composed(written: str) -> str:
    # PostgreSQL cannot store NUL, and half a surrogate pair is no character.
    clean = written.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", clean)


def _within(field: str, text: str, limit: int) -> str:
    if not text.strip():
        raise TextRefused(field, "text.empty")
    if len(text) > limit:
        raise TextRefused(field, "text.too_long", limit=limit, length=len(text))
    return text
