"""What people write, as pages show it: Markdown without HTML, addresses and pictures as links, long quotes folded.

The text itself is kept as it was written; only its rendering goes through here. The sanitizer has the last word.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

LONG_QUOTE = 3
LONGEST_KEPT = 4_000
"""Longer texts are drawn anew for each page, so that what is kept stays within some megabytes."""

LONGEST_DRAWN, MOST_MARKS = 40_000, 5_000
"""A longer text, or one of more marks, is shown as it was written: a log, or something that is to keep us busy."""
_NO_MARK = str.maketrans("", "", "[]!*_`|<>~&\\")
LONGEST_SEARCHED = 5_000
"""A longer paragraph is not searched for addresses, so that the time it takes grows with the length of a text."""
LONGEST_HOST = 253
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}(?![\w.-]*@)")

TAGS = {
    "a", "blockquote", "br", "code", "del", "details", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def rendered(said: str, fold: str) -> SafeString:
    """Return a text as HTML that is safe to show. `fold` is what a folded quote is called."""
    if len(said) > LONGEST_DRAWN or len(said) - len(said.translate(_NO_MARK)) > MOST_MARKS:
        return format_html("<pre>{}</pre>", said)
    draw = _kept if len(said) <= LONGEST_KEPT else _rendered
    return mark_safe(draw(said, fold))  # noqa: S308 -- the sanitizer has cleaned it


def _rendered(said: str, fold: str) -> str:
    # Renderers find in `quotes` which of the open ones are folded, so that closing one looks for nothing.
    written = _parser().render(said, {"fold": fold, "quotes": []})
    return cleaned(written)


def cleaned(html: str) -> str:
    """Return HTML with nothing in it that runs, loads, or looks like something else."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )


def addresses(said: str) -> Sequence[Match]:
    """Return the bare addresses in a paragraph of plain text."""
    linkify = _parser().linkify
    return linkify.match(said) or () if linkify is not None and linkify.pretest(said) else ()


_kept = lru_cache(maxsize=2_000)(_rendered)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough", "linkify"])
    # Within a line it would look at the rest of the text after each address.
    parser.inline.ruler.disable("linkify")
    parser.linkify = _Addresses()
    # Images would tell strangers who reads what, and when: they become links.
    parser.add_render_rule("image", _image)
    parser.add_render_rule("blockquote_open", _quote_open)
    parser.add_render_rule("blockquote_close", _quote_close)
    parser.add_render_rule("heading_open", _heading)
    parser.add_render_rule("heading_close", _heading)
    return parser


class _Addresses(LinkifyIt):  # type: ignore[misc]  # the library is not typed
    """Finds the bare addresses that become links: those that begin with http, https or www, and those of mail.

    Other names with a dot in them are files and versions more often than hosts: report.final.md, node.js.
    """

    def __init__(self) -> None:
        super().__init__(options={"fuzzy_link": False})
        for scheme in ("ftp:", "//"):
            self.add(scheme, None)
        self.add("www.", {"validate": _rest_of_host, "normalize": _with_scheme})

    def pretest(self, text: str) -> bool:
        """Tell whether a paragraph may have addresses. Looking through an endless one would take too long."""
        return len(text) <= LONGEST_SEARCHED and bool(super().pretest(text))


def _rest_of_host(linkify: LinkifyIt, text: str, start: int) -> int:
    """Return how many characters after `www.` belong to the address; 0 when they are none."""
    host = _HOST.match(text, start, start + LONGEST_HOST)
    if host is None:
        return 0
    path = re.compile(linkify.re["src_path"]).match(text, host.end())
    return (path.end() if path else host.end()) - start


def _with_scheme(_linkify: LinkifyIt, match: Match) -> None:
    match.url = f"http://{match.url}"


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[index]
    source = str(token.attrs["src"])
    shown = renderer.renderInlineAsText(token.children, options, env) if token.children else ""
    return f'<a href="{escape(source)}">{escape(shown or source)}</a>'


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
