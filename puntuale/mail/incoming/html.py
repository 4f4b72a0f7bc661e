"""HTML as plain text: what a person would read of it, and nothing that runs, loads or hides."""

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import nh3

KEPT = {
    "a", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "table",
    "td", "th", "tr", "ul",
}  # fmt: skip
NEVER_READ = {"script", "style", "title", "head", "template", "iframe", "object", "noscript", "svg", "math", "textarea"}
ON_ITS_OWN_LINE = {
    "blockquote",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
}
APART = {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table", "ul", "ol"}
DEEPEST_QUOTE = 8
CLOSES_BY_ITSELF = {
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "o", "option", "p",
    "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
}  # fmt: skip
MOST_OPEN = 300
"""More tags that nobody closes make sound HTML a matter of minutes: then only what stands between them is read."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")


def as_plain(html: str) -> str:
    """Return an HTML text as plain text: paragraphs apart, quotes marked, links told, images by their names."""
    if not _is_shallow(html):
        return between_tags(html)
    clean = nh3.clean(
        html.replace("\0", ""),
        tags=KEPT,
        clean_content_tags=NEVER_READ,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def between_tags(html: str) -> str:
    """Return what stands between the tags, in one pass over the text, whatever they are."""
    kept: list[str] = []
    small, place = html.lower(), 0
    while (start := html.find("<", place)) >= 0:
        kept.append(html[place:start])
        name = TAG.match(html, start)
        end = html.find(">", start)
        if name and not name[1] and name[2].lower() in NEVER_READ:
            end = small.find(">", max(small.find(f"</{name[2].lower()}", start), 0) or len(small))
        if end < 0:
            return _tidied("".join(kept))
        kept.append(" ")
        place = end + 1
    kept.append(html[place:])
    return _tidied("".join(kept))


def _tidied(said: str) -> str:
    lines = (" ".join(line.split()) for line in unescape(said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _is_shallow(html: str) -> bool:
    """Tell whether not too many tags stand open at once."""
    still_open: Counter[str] = Counter()
    total = 0
    for closes, written in TAG.findall(html):
        name = written.lower()
        if name in CLOSES_BY_ITSELF:
            continue
        if not closes:
            still_open[name] += 1
            total += 1
        elif still_open[name]:
            still_open[name] -= 1
            total -= 1
        if total > MOST_OPEN:
            return False
    return True


class _Reader(HTMLParser):
    """Reads what the sanitizer has made sound."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0
        self.pre = 0
        self.link = ""
        self.since_link: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ON_ITS_OWN_LINE:
            self._break(apart=tag in APART)
        if tag == "br":
            self._end_line()
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "li":
            self.line.append("- ")
        elif tag in {"td", "th"} and self.line:
            self.line.append(" ")
        elif tag == "a":
            self.link, self.since_link = said.get("href") or "", []
        elif tag == "img":
            self._image(said.get("src") or "", said.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ON_ITS_OWN_LINE:
            self._break(apart=tag in APART)
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)
        elif tag == "a" and self.link:
            shown = "".join(self.since_link).strip()
            if self.link.removeprefix("mailto:").rstrip("/") not in shown and shown:
                self.line.append(f" <{self.link[:2_000]}>")
            self.link = ""

    def handle_data(self, data: str) -> None:
        if self.pre:
            first, *rest = data.split("\n")
            self.line.append(first)
            for more in rest:
                self._end_line()
                self.line.append(more)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.line.append(words.lstrip(" ") if not self.line else words)
        self.since_link.append(words)

    def text(self) -> str:
        """Return what was read."""
        self._break(apart=False)
        joined = "\n".join(self.lines).replace("\N{NO-BREAK SPACE}", " ")
        return re.sub(r"\n{3,}", "\n\n", joined).strip("\n")

    def _image(self, source: str, alt: str) -> None:
        if source.startswith("cid:"):
            self.line.append(f"[cid:{source[4:204]}]")
        elif alt.strip():
            self.line.append(f"[{' '.join(alt.split())[:200]}]")

    def _break(self, *, apart: bool) -> None:
        if "".join(self.line).strip():
            self._end_line()
        else:
            self.line = []
        if apart and self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.quotes, DEEPEST_QUOTE)).rstrip())

    def _end_line(self) -> None:
        said = "".join(self.line)
        marked = "> " * min(self.quotes, DEEPEST_QUOTE) + (said if self.pre else said.strip(" "))
        self.lines.append(marked.rstrip())
        self.line = []
