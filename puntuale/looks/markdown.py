"""What people write, as pages show it: Markdown without HTML, links that lead nowhere unasked, long quotes folded.

The text itself is kept as it was written; only its rendering goes through here. The sanitizer has the last word.
"""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LONG_QUOTE = 3
LONGEST_KEPT = 4_000
"""Longer texts are drawn anew for each page, so that what is kept stays within some megabytes."""

TAGS = {
    "a", "blockquote", "br", "code", "del", "details", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def rendered(said: str, fold: str) -> SafeString:
    """Return a text as HTML that is safe to show. `fold` is what a folded quote is called."""
    draw = _kept if len(said) <= LONGEST_KEPT else _rendered
    return mark_safe(draw(said, fold))  # noqa: S308 -- the sanitizer has cleaned it


def _rendered(said: str, fold: str) -> str:
    # Renderers find in `quotes` which of the open ones are folded, so that closing one looks for nothing.
    written = _parser().render(said, {"fold": fold, "quotes": []})
    return nh3.clean(
        written, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )


_kept = lru_cache(maxsize=2_000)(_rendered)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough"])
    # Images would tell strangers who reads what, and when: they stay links.
    parser.disable("image")
    parser.add_render_rule("blockquote_open", _quote_open)
    parser.add_render_rule("blockquote_close", _quote_close)
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    return parser


def _quote_open(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, env: EnvType
) -> str:
    is_long = _is_long(tokens[index])
    env["quotes"].append(is_long)
    if not is_long:
        return "<blockquote>\n"
    return f"<details><summary>{escape(env['fold'])}</summary><blockquote>\n"


def _quote_close(
    _renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, env: EnvType
) -> str:
    return "</blockquote></details>\n" if env["quotes"].pop() else "</blockquote>\n"


def _heading(_renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    """Headings inside a message stand below those of the page."""
    slash = "/" if tokens[index].nesting < 0 else ""
    return f"<{slash}h{min(int(tokens[index].tag[1]) + 2, 6)}>"


def _is_long(token: Token) -> bool:
    """Tell whether a quote is long enough to be folded, and not itself part of another one."""
    return token.level == 0 and token.map is not None and token.map[1] - token.map[0] > LONG_QUOTE
