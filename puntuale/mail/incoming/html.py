"""HTML as plain text: what a person would read of it, and nothing that runs, loads or hides."""

import re
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


def as_plain(html: str) -> str:
    """Return an HTML text as plain text: paragraphs apart, quotes marked, links told, images by their names."""
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
