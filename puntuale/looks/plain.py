"""What people wrote as plain text, as it is shown: as it stands, with addresses as links and long quotes folded."""

import re
from itertools import groupby

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from puntuale.looks.markdown import LONG_QUOTE, LONGEST_DRAWN, addresses, cleaned

_QUOTE = re.compile(r"\s{0,3}> ?")
_WIDE = re.compile(r"^ +| {2,}", re.MULTILINE)
_GAP = re.compile(r"\n(?:[^\S\n]*\n)+")


def drawn(said: str, fold: str) -> SafeString:
    """Return a plain text as HTML that is safe to show. `fold` is what a folded quote is called."""
    if len(said) > LONGEST_DRAWN:
        return format_html("<pre>{}</pre>", said)
    blocks = groupby(said.expandtabs().split("\n"), key=lambda line: _QUOTE.match(line) is not None)
    html = "".join(
        _quote(list(lines), fold) if is_quote else _paragraphs("\n".join(lines)) for is_quote, lines in blocks
    )
    return mark_safe(cleaned(html))  # noqa: S308 -- it has been cleaned


def _quote(lines: list[str], fold: str) -> str:
    inside = _paragraphs("\n".join(_QUOTE.sub("", line, count=1) for line in lines))
    quote = f"<blockquote>{inside}</blockquote>"
    is_long = len(lines) > LONG_QUOTE
    return f"<details><summary>{escape(fold)}</summary>{quote}</details>" if is_long else quote


def _paragraphs(said: str) -> str:
    return "".join(f"<p>{_lines(one)}</p>" for one in _GAP.split(said.strip("\n")) if one.strip())


def _lines(said: str) -> str:
    """Return the lines of a paragraph, their spaces kept. What stands between addresses is text, whatever it is."""
    said = _WIDE.sub(_kept, said)
    html, place = [], 0
    for found in addresses(said):
        html += [_text(said[place : found.index]), f'<a href="{escape(found.url)}">{escape(found.text)}</a>']
        place = found.last_index
    return "".join([*html, _text(said[place:])])


def _text(said: str) -> str:
    return escape(said).replace("\n", "<br>")


def _kept(spaces: re.Match[str]) -> str:
    """Return spaces that stay as many. A line may be broken at the last ones."""
    return "\N{NO-BREAK SPACE}" * (len(spaces[0]) - 1) + " "
