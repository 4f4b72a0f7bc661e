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
NO_TEXT = {"utf-7", "utf7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\],;:\"\\]{1,64}@[^\s\x00-\x1f\x7f<>()\[\],;:\"\\@]{1,253}")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT = re.compile(r"\([^()]*\)")
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
    name = charset.strip().strip("'\"").lower()
    try:
        codec = codecs.lookup(name)
        if codec.name not in NO_TEXT and name not in NO_TEXT and getattr(codec, "_is_text_encoding", True):
            return raw.decode(codec.name, "strict")
    except UnicodeError:
        # It is what it says, but for some of it, or something else altogether.
        return _guessed(raw, codec.name)
    except (LookupError, ValueError):
        pass
    return _guessed(raw, "cp1252")


def _guessed(raw: bytes, charset: str) -> str:
    try:
        return raw.decode("utf-8", "strict")
    except UnicodeError:
        return raw.decode("cp1252" if charset in {"utf-8", "ascii"} else charset, "replace")


def sender(headers: Headers) -> tuple[str, str]:
    """Return the one address that a mail says it is from, and the name beside it; nothing where it is not one.

    A name may look like an address, and a header may name several: then nobody knows whom it is from.
    """
    said = headers.all("from")
    if len(said) != 1 or len(said[0]) > LONGEST_SENDER:
        return "", ""
    bare = COMMENT.sub(" ", QUOTED.sub(" ", said[0]))
    inside = re.findall(r"<([^<>]*)>", bare)
    address = (inside[0] if len(inside) == 1 else "" if inside or "<" in bare else bare).strip()
    around = "" if inside else bare.replace(address, "", 1) if address else bare
    if not ADDRESS.fullmatch(address) or "@" in around or _names_another(bare, address):
        return "", ""
    name = " ".join(decoded(re.sub(r"<[^<>]*>", " ", said[0])).replace('"', " ").split()) if inside else ""
    return address, name[:200]


def _names_another(bare: str, address: str) -> bool:
    """Tell whether a header names further addresses, as a list does: what stands beside the one in brackets."""
    rest = bare.replace(f"<{address}>", " ")
    others = ADDRESS.findall(rest) if "<" in bare else []
    return "," in rest or ";" in rest or any(other.lower() != address.lower() for other in others)


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
