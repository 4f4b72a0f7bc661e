"""The headers of a mail or of a part of it, each read without trust: what cannot be read is empty or shown as it came.

Python's own reader of addresses and structured headers raises on hostile mail, so that here it only sees single words.
"""

import codecs
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from puntuale.mail.incoming.limits import LONGEST_HEADER

LONGEST_SENDER = 2_000
FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
NO_TEXT = {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
WIDER = {
    "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
"""What programs write under the name of a narrower charset."""
OTHER_NAMES = (
    (re.compile(r"^x-(?=[a-z])"), ""),
    (re.compile(r"^(?:windows|cp|ibm|ms)-?(\d{3,5})$"), r"cp\1"),
    (re.compile(r"^(iso-?8859-[68])-[ie]$"), r"\1"),
    (re.compile(r"^sjis.*"), "cp932"),
    (re.compile(r"^(?:ansi|latin)$"), "cp1252"),
    (re.compile(r"^unicode-1-1-utf-[78]$|^unicode-2-0-utf-[78]$"), "utf-7"),
)
"""How programs write the names of charsets that Python knows under others."""
JAPANESE = re.compile(rb"\x1b(\$[@B]|\$\([A-Z]|\([A-Z])")
UNPROVEN = {"", "ascii", "utf-8"}
NO_ASCII = re.compile(r"[^\x00-\x7f]")
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\],;:\"\\@]{1,64}@[^\s\x00-\x1f\x7f<>()\[\],;:\"\\@]{1,253}")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\([^()]*\)")
DEEPEST_COMMENT = 5
BRACKETED = re.compile(r"<([^<>]*)(?:>|$)")
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, HeaderParseError)


class Headers:
    """The fields of a header, by their names in small letters, each as often as it came."""

    def __init__(self, raw: bytes) -> None:
        self._fields: list[tuple[str, str]] = list(_fields(raw))

    def __contains__(self, name: str) -> bool:
        return any(name == field for field, _ in self._fields)

    def all(self, name: str) -> list[str]:
        """Return what every field of a name says, unfolded, encoded words as they came."""
        return [said for field, said in self._fields if field == name]

    def first(self, name: str) -> str:
        """Return what the first field of a name says, or nothing."""
        return next(iter(self.all(name)), "")

    def text(self, name: str) -> str:
        """Return the first field of a name for people to read, on one line."""
        return " ".join(decoded(self.first(name)).split())

    def token(self, name: str) -> str:
        """Return the first word of a field in small letters: what stands before any `;`."""
        return self.first(name).strip().lower().partition(";")[0].strip()


def _fields(raw: bytes) -> Iterator[tuple[str, str]]:
    whole = re.sub(rb"\r?\n(?=[ \t])", b"", raw)
    for line in re.split(rb"\r\n|\n|\r", whole):
        if found := FIELD.fullmatch(line):
            said = as_text(found[2][:LONGEST_HEADER], "utf-8")
            yield found[1].decode("ascii").lower(), said.strip()


def decoded(said: str) -> str:
    """Return a header with its encoded words read, a character that is split between two of them too."""
    try:
        parts = decode_header(said)
    except UNREADABLE:
        return said
    return "".join(part if isinstance(part, str) else as_text(part, charset or "utf-8") for part, charset in parts)


def printable(said: str) -> str:
    """Return a text on one line, without what no database takes and no eye sees: controls, halves of characters."""
    kept = "".join(letter if letter >= " " and letter != "\x7f" else " " for letter in said)
    return " ".join(kept.encode("utf-8", "replace").decode().split())


def as_text(raw: bytes, charset: str) -> str:
    """Return bytes as text, whatever they call themselves: what is no character of theirs is a replacement."""
    codec = _codec(charset.strip().strip("'\"").lower())
    try:
        # Any bytes are Western, so that UTF-8 under that name is found first.
        return raw.decode("utf-8" if codec in {*UNPROVEN, "cp1252"} else codec, "strict")
    except UnicodeError:
        return _guessed(raw, codec)


def _codec(name: str) -> str:
    """Return the codec of a charset, the widest that holds it; nothing where there is none, or it is none of texts."""
    other = name
    for pattern, known in OTHER_NAMES:
        other = pattern.sub(known, other)
    for one in (name, other):
        try:
            codec = codecs.lookup(one)
        except (LookupError, ValueError):
            continue
        is_text = getattr(codec, "_is_text_encoding", True) and codec.name not in NO_TEXT and one not in NO_TEXT
        return WIDER.get(codec.name, codec.name) if is_text else ""
    return ""


def _guessed(raw: bytes, codec: str) -> str:
    """Return bytes that are not what they are called: as UTF-8 if most of them are that."""
    if codec.startswith(("utf-16", "utf-32")):
        return raw.decode(codec, "replace")
    if codec.startswith("iso2022_jp") and JAPANESE.search(raw):
        return _japanese(raw)
    utf8 = raw.decode("utf-8", "replace")
    broken = utf8.count("\N{REPLACEMENT CHARACTER}")
    sound = len(NO_ASCII.findall(utf8)) - broken
    if sound >= broken and (sound or raw.isascii() or codec != "utf-7"):
        return utf8
    return raw.decode("cp1252" if codec in UNPROVEN else codec, "replace")


def _japanese(raw: bytes) -> str:
    """Return what is written in JIS with signs that its standard lacks: circled figures, kana of half the width."""
    parts = JAPANESE.split(raw)
    said = [parts[0].decode("ascii", "replace")]
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        codec = "euc_jis_2004" if mark.startswith(b"$") else "cp932" if mark == b"(I" else "ascii"
        # A line end stands for itself.
        bits = bytes(byte | 0x80 if byte > 0x20 else byte for byte in part) if codec != "ascii" else part
        said.append(bits.decode(codec, "replace"))
    return "".join(said)


def sender(headers: Headers) -> tuple[str, str]:
    """Return the one address that a mail says it is from, and the name beside it; nothing where it is not one.

    A name may hold commas and look like an address. Where a header names several people, nobody knows whom it is from.
    """
    said = headers.all("from")
    if len(said) != 1 or len(said[0]) > LONGEST_SENDER:
        return "", ""
    bare = _without_names(said[0])
    bracketed = [one for one in BRACKETED.findall(bare) if "@" in one]
    named = {_bare_address(one).lower(): _bare_address(one) for one in bracketed or [bare]}
    address = next(iter(named.values()))
    if len(named) != 1 or not ADDRESS.fullmatch(address):
        return "", ""
    beside = ADDRESS.findall(BRACKETED.sub(" ", bare)) if bracketed else []
    if any(_bare_address(one).lower() != address.lower() for one in beside):
        return "", ""
    name = decoded(BRACKETED.sub(" ", said[0])).replace('"', " ") if bracketed else ""
    return address, " ".join(name.split()).strip(" ,;").replace(" ,", ",")[:200]


def _without_names(said: str) -> str:
    """Return a header without quoted names and comments, in which anything may stand."""
    bare = QUOTED.sub(" ", said)
    for _ in range(DEEPEST_COMMENT):
        bare = COMMENT.sub(" ", bare)
    return bare


def _bare_address(said: str) -> str:
    return said.strip(" \t,;'").removeprefix("mailto:").removeprefix("MAILTO:").rstrip(".")


def addresses(headers: Headers, *names: str) -> list[str]:
    """Return the addresses in some fields, in order, each once."""
    found = (one for name in names for said in headers.all(name) for one in ADDRESS.findall(said))
    return list(dict.fromkeys(found))


def parameter(said: str, name: str) -> str:
    """Return a parameter of a Content-Type or Content-Disposition, or nothing."""
    carrier = Message()
    carrier["X"] = said.replace("\r", " ").replace("\n", " ")
    try:
        found = carrier.get_param(name, header="X")
        if isinstance(found, tuple):
            charset, _, value = found
            return as_text(value.encode("latin-1", "replace"), charset or "utf-8")
    except UNREADABLE:
        return ""
    return found if isinstance(found, str) else ""
