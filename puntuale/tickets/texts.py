"""What people write: made uniform, and refused when there is nothing or too much of it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from puntuale.guarantee import visible

LONGEST_SUBJECT = 255
LONGEST_BODY = 200_000
LONGEST_EXPLANATION = 5_000
_LONGEST_SIGNATURE = 10
_QUOTED = re.compile(r"[\s\d.*+()-]*>")
_DATE = re.compile(r"\b(19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HALF = re.compile(r"[\ud800-\udfff]")
_TIME = re.compile(r"\d{1,2}[:.h]\d\d")


class TextRefused(ValueError):
    """A text that cannot be taken: which field, the rule, and the numbers of the case."""

    def __init__(self, field: str, rule: str, **details: int) -> None:
        super().__init__(field, rule, details)
        self.field = field
        self.rule = rule
        self.details = details


def subject(written: str) -> str:
    """Return a subject on one line, composed (NFC). Raises TextRefused when it is empty or too long, or no text."""
    return _within("subject", " ".join(_storable("subject", written).split()), LONGEST_SUBJECT)


def body(written: str, *, is_plain: bool = False) -> str:
    """Return a message with its line ends made uniform, composed (NFC). Raises TextRefused likewise.

    It is empty when nothing of it would be seen once it is drawn: a comment, an empty block of code, a bare link. Plain
    text is drawn as it stands.
    """
    said = uniform(_storable("body", written))
    return _within("body", said, LONGEST_BODY, visible.is_visible if is_plain else is_seen)


def answer(written: str) -> str:
    """Return an answer likewise. Raises TextRefused also for one that says nothing of its own."""
    text = _within("body", uniform(_storable("body", written)), LONGEST_BODY)
    if not says_something(text):
        raise TextRefused("body", "text.says_nothing")
    return text


def is_seen(text: str) -> bool:
    """Tell whether anything of a message is seen once it is drawn.

    HTML is shown as it was written, but a comment alone is nothing.
    """
    return any(visible.is_visible(part) for part in _drawn(text, _without_comments))


def says_something(text: str) -> bool:
    """Tell whether a message says something (rule 7).

    After quotes, signature, comments, empty markup and what cannot be seen are taken away, a letter, a digit or a
    symbol is left.
    """
    return any(visible.says_something(part) for part in _drawn(_own_words(text), _without_tags))


def uniform(written: str) -> str:
    """Return a text of several lines as it is kept: its line ends made uniform, composed (NFC), whatever it is.

    What no database takes is replaced: for texts of mail and programs, whose writers nobody can ask.
    """
    whole = written.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", whole).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def explanation(written: str, *, field: str = "text", may_be_empty: bool = False) -> str:
    """Return a short text that goes with a deed: why something changed, a comment. Raises TextRefused likewise."""
    said = uniform(_storable(field, written))
    return "" if may_be_empty and not visible.is_visible(said) else _within(field, said, LONGEST_EXPLANATION)


def name(written: str, *, field: str = "name", limit: int = 100) -> str:
    """Return a name on one line. Raises TextRefused likewise."""
    return _within(field, " ".join(_storable(field, written).split()), limit)


def is_storable(written: str) -> bool:
    """Tell whether the database takes a text: NUL it does not, and half of a surrogate pair is no character."""
    return "\0" not in written and not _HALF.search(written)


def _storable(field: str, written: str) -> str:
    """Return a text composed (NFC). Raises TextRefused for one that cannot be kept as it is."""
    if not is_storable(written):
        raise TextRefused(field, "text.unstorable")
    return unicodedata.normalize("NFC", written)


def _within(field: str, text: str, limit: int, is_seen: Callable[[str], bool] = visible.is_visible) -> str:
    if len(text) > limit:
        raise TextRefused(field, "text.too_long", limit=limit, length=len(text))
    if not is_seen(text):
        raise TextRefused(field, "text.empty")
    return text


@cache
def _parser() -> MarkdownIt:
    # HTML is parsed here so that it can be taken away; pages show it as text.
    return MarkdownIt("commonmark", {"html": True, "maxNesting": 20}).enable(["table", "strikethrough"])


def _drawn(text: str, of_html: Callable[[str], str]) -> Iterator[str]:
    """Yield what is seen of a text as Markdown, without its markup. `of_html` tells what of a piece of HTML counts."""
    return _words(_parser().parse(text), of_html)


def _words(tokens: Iterable[Token], of_html: Callable[[str], str]) -> Iterator[str]:
    for token in tokens:
        if token.type in {"html_block", "html_inline"}:
            yield of_html(token.content)
        elif token.children is not None:
            yield from _words(token.children, of_html)
        else:
            yield token.content


def _without_tags(html: str) -> str:
    return unescape(nh3.clean(html, tags=set(), clean_content_tags=set()))


def _without_comments(html: str) -> str:
    return _COMMENT.sub("", html)


def _own_words(text: str) -> str:
    """Return a text without the lines it quotes, what introduces them, and its signature."""
    lines = text.split("\n")
    for number in _quoted_lines(text, lines) if ">" in text else ():
        lines[number] = ""
    return "\n".join(lines[: _end_before_signature(lines)])


def _quoted_lines(text: str, lines: Sequence[str]) -> set[int]:
    # A paragraph that begins in a quote goes on in lines without its mark: those are the writer's own.
    spans = [token.map for token in _parser().parse(text) if token.type == "blockquote_open" and token.map]
    quoted = {number for begins, ends in spans for number in range(begins, ends) if _QUOTED.match(lines[number])}
    return quoted | {number for begins, _ends in spans for number in _introduction(lines, begins)}


def _introduction(lines: Sequence[str], begins: int) -> Iterable[int]:
    """Return the lines by which mail programs say who wrote when what is quoted next, in whatever language."""
    last = begins - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0 or not lines[last].rstrip().endswith(":"):
        return ()
    for first in (last, last - 1):
        said = " ".join(lines[max(first, 0) : last + 1])
        if _DATE.search(said) and _TIME.search(said):
            return range(max(first, 0), last + 1)
    return ()


def _end_before_signature(lines: Sequence[str]) -> int:
    marks = (number for number, line in enumerate(lines) if line.rstrip() == "--")
    mark = next(marks, len(lines))
    signature = [line for line in lines[mark + 1 :] if line.strip()]
    return mark if len(signature) <= _LONGEST_SIGNATURE else len(lines)
