"""HTML as the Markdown that pages and letters draw: what a person would read of it, and nothing that runs or loads.

A sanitizer makes it sound, a library writes it as Markdown. In between stands what neither knows of mail: tables that
only arrange, images by their names, links with their addresses, and characters that Markdown would take as its own.
"""

import re
from collections import Counter
from html import unescape

import nh3
from html_to_markdown import ConversionOptions, convert

KEPT = {
    "a", "b", "big", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
NEVER_READ = {"script", "style", "title", "head", "template", "iframe", "object", "noscript", "svg", "math", "textarea"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": {"colspan"}, "*": {"style", "hidden"}}
HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
STRUCK = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.IGNORECASE)
CLOSES_BY_ITSELF = {
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "o", "option", "p",
    "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
}  # fmt: skip
MOST_OPEN = 300
"""More tags that nobody closes make sound HTML a matter of minutes: then only what stands between them is read."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
SOUND_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>')
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
OF_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"}
NEVER_IN_CELLS = {"ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
INLINE = {"a", "sup", "sub", "span", "font", "u", "ins", "small", "big"}
STRIKES = {"s", "strike", "del"}
EMPTY = {"br", "hr", "img"}
PLACES = ("://", "www.", "@")
TAKEN_AS_MARKS = re.compile(r"\*(?=\S)|(?<=\S)\*|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|`|~~")
TAKEN_AS_BLOCK = re.compile(r"^(?:#{1,6}|\+)(?=\s)")
ESCAPE = "\ue000"
"""Stands for the backslash until the library is done, which would escape that itself."""
ORDINALS = {"st", "nd", "rd", "th", "e", "er", "re", "o", "a", "os", "as"}
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
SIGNATURE = re.compile(r"^--\s*$", re.MULTILINE)
QUOTE_MARKS = re.compile(r"(?: {0,3}> ?)*")
MARK = re.compile(r"[\\`*_\[\]<&~|]")
MARK_AT_PLACE = re.compile(r"[\[\]<`]")
LINE_MARK = re.compile(r"^(\d{1,9})([.)](?=\s|$))|^((?!--\s*$)-+\s*$|[+#=])")
"""What begins a list or a heading, or makes one of the line above. A signature's mark stays one."""
FILLERS = re.compile(r"(?:[\u034f\u200b-\u200d\ufeff\u00ad\u2007][ \t\u00a0]*){3,}")
NUMBERED = re.compile(r"^((?:> )*\s*\d{1,9})\\([.)])", re.MULTILINE)
OPTIONS = ConversionOptions(bullets="-", extract_metadata=False, autolinks=False)


def as_plain(html: str) -> str:
    """Return an HTML text as Markdown that reads well as it stands too."""
    if not _is_shallow(html):
        return between_tags(html)
    clean = nh3.clean(
        html.replace("\0", "").replace(ESCAPE, ""),
        tags=KEPT,
        clean_content_tags=NEVER_READ,
        attributes=ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        link_rel=None,
    )
    said = convert(_Prepared(clean).html, OPTIONS).content or ""
    said = NUMBERED.sub(r"\1\2", said.replace(ESCAPE, "\\"))
    said = FILLERS.sub(" ", said).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in said.split("\n"))).strip("\n")


def as_markdown(plain: str) -> str:
    """Return plain text as Markdown that draws it as it stands. Quotes stay quotes, a signature makes no heading."""
    plain = SIGNATURE.sub(r"\n\g<0>", plain)
    return "\n".join(map(_line_as_markdown, plain.expandtabs().replace("\r\n", "\n").split("\n")))


def _line_as_markdown(line: str) -> str:
    said = line[QUOTE_MARKS.match(line).end() :]  # type: ignore[union-attr]  # it matches anything
    quote, words = line[: len(line) - len(said)], said.lstrip(" ")
    kept = LINE_MARK.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", re.sub(r"\S+", _word, words))
    return quote + "\N{NO-BREAK SPACE}" * (len(said) - len(words)) + kept


def _word(word: re.Match[str]) -> str:
    if "[cid:" in word[0]:
        return word[0]
    marks = MARK_AT_PLACE if any(place in word[0] for place in PLACES) else MARK
    return marks.sub(r"\\\g<0>", word[0])


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


def _filtered(_tag: str, name: str, value: str) -> str | None:
    """Return an attribute as it is kept: of a style only what hides, or strikes out."""
    if name == "style":
        return "display:none" if HIDDEN.search(value) else "line-through" if STRUCK.search(value) else None
    return value


class _Table:
    """What is known of a table: whether it holds data, or only arranges what stands in it."""

    def __init__(self) -> None:
        self.rows = self.cells = self.columns = 0
        self.arranges = False

    def see(self, name: str) -> None:
        """Take note of a tag that opens within it."""
        if name == "tr":
            self.rows, self.cells = self.rows + 1, 0
        elif name in {"td", "th"}:
            self.cells += 1
            self.columns = max(self.columns, self.cells)
        elif name in NEVER_IN_CELLS:
            self.arranges = True


class _Prepared:
    """Sound HTML made ready for the library, tag by tag."""

    def __init__(self, clean: str) -> None:
        tags = list(SOUND_TAG.finditer(clean))
        self.tables = _tables(tags)
        self.out: list[str] = []
        self.literal = 0
        self.open: list[tuple[str, str, bool, int]] = []
        self.struck: list[str] = []
        place = 0
        for number, tag in enumerate(tags):
            self._text(clean[place : tag.start()])
            self._tag(number, tag)
            place = tag.end()
        self._text(clean[place:])
        self.html = "".join(self.out)

    def _text(self, said: str) -> None:
        if self.literal:
            self.out.append(said)
            return
        said = re.sub(r"\S+", _escaped, TAKEN_AS_BLOCK.sub(lambda found: ESCAPE + found[0], said))
        if "style" in self.struck and "tag" not in self.struck:
            said = re.sub(r"\S(?:.*\S)?", r"<s>\g<0></s>", said, flags=re.DOTALL)
        self.out.append(said)

    def _tag(self, number: int, tag: re.Match[str]) -> None:
        closes, name, attributes = bool(tag[1]), tag[2], dict(ATTRIBUTE.findall(tag[3]))
        if closes:
            del self.struck[-1:]
        elif name not in EMPTY:
            is_style = attributes.get("style") == "line-through"
            self.struck.append("tag" if name in STRIKES else "style" if is_style else "")
        if name in OF_TABLES and number in self.tables and self.tables[number].arranges:
            self.out.append(f"<{tag[1]}div>")
        elif name == "img":
            self.out.append(_image(attributes))
        elif name in INLINE:
            self._inline(name, attributes, closes=closes)
        else:
            self.literal += (-1 if closes else 1) if name in {"pre", "code", "kbd", "samp", "tt"} else 0
            self.out.append(tag[0])

    def _inline(self, name: str, attributes: dict[str, str], *, closes: bool) -> None:
        """Write a link with its address, and raised and lowered figures as such; what is hidden is left out."""
        if not closes:
            is_hidden = attributes.get("style") == "display:none"
            self.open.append((name, attributes.get("href", ""), is_hidden, len(self.out)))
            return
        if not self.open or self.open[-1][0] != name:
            return
        _, href, is_hidden, start = self.open.pop()
        inside = "".join(self.out[start:])
        if is_hidden:
            del self.out[start:]
        elif name == "a":
            shows = not re.sub(r"<[^>]*>", "", inside).strip() or _shows(inside, href)
            self.out.append("" if shows else _address(href))
        elif name in {"sup", "sub"}:
            self.out[start:] = [_shifted(inside.strip(), *((RAISED, "^") if name == "sup" else (LOWERED, "_")))]


def _tables(tags: list[re.Match[str]]) -> dict[int, _Table]:
    """Return the table that each tag of one belongs to, by the tags' numbers."""
    belongs: dict[int, _Table] = {}
    still_open: list[_Table] = []
    for number, tag in enumerate(tags):
        closes, name = bool(tag[1]), tag[2]
        if name == "table" and not closes:
            for around in still_open:
                around.arranges = True
            still_open.append(_Table())
        if still_open:
            belongs[number] = still_open[-1]
            if not closes:
                still_open[-1].see(name)
            elif name == "table":
                ended = still_open.pop()
                ended.arranges |= ended.rows < 2 or ended.columns < 2
    return belongs


def _escaped(word: re.Match[str]) -> str:
    """Return a word in which what Markdown would take for a mark of its own stands for itself."""
    if any(place in word[0] for place in PLACES):
        return word[0]
    return TAKEN_AS_MARKS.sub(lambda found: "".join(ESCAPE + mark for mark in found[0]), word[0])


def _image(attributes: dict[str, str]) -> str:
    source, alt = attributes.get("src", ""), " ".join(attributes.get("alt", "").split())
    return f"[cid:{source[4:204]}]" if source.startswith("cid:") else f"[{alt[:200]}]" if alt else ""


def _shows(shown: str, address: str) -> bool:
    return address.removeprefix("mailto:").removeprefix("tel:").rstrip("/") in shown


def _address(said: str) -> str:
    bare = said.strip().replace(" ", "%20").replace("&gt;", "%3E").replace("&lt;", "%3C")[:2_000]
    return f" &lt;{bare}&gt;" if ":" in bare else ""


def _shifted(inside: str, figures: dict[int, int], mark: str) -> str:
    """Return raised or lowered text: figures as characters of their own, anything else behind a mark."""
    if inside and all(ord(letter) in figures for letter in inside):
        return inside.translate(figures)
    if inside.lower() in ORDINALS:
        return inside
    return f"{mark}{inside}" if len(inside) < 2 else f"{mark}({inside})" if inside else ""
