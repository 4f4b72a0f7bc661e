"""A mail taken apart as it streams by: the texts in memory up to a limit, each file into a folder, nothing twice.

Written for mail of any size and any malice: no part is kept in memory whole, the number of parts, their depth and their
headers are limited while they are read, and a structure that is broken ends as text or as a file.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

from puntuale.mail.incoming.headers import Headers, as_text, decoded, parameter, printable
from puntuale.mail.incoming.limits import (
    DEEPEST,
    LARGEST_FILE,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_HEADERS,
    MOST_PARTS,
    MailRefused,
)
from puntuale.mail.incoming.transfer import decoded_by

TEXTS = {"text/plain", "text/html", "text/markdown", ""}
NO_PROSE = {
    "text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/csv", "text/rtf", "text/richtext",
    "text/css", "text/xml", "text/x-amp-html", "text/rfc822-headers",
}  # fmt: skip
HEADER_LINE = re.compile(rb"[ \t]|[!-9;-~]{1,200}[ \t]*:")
SOUND_KIND = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+_-]*")
CHARSET = re.compile(rb"<meta\s[^>]{0,200}charset\s*=\s*[\"']?((?!utf-?(?:16|32))[A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
PICTURE = re.compile(rb"(\ssrc\s*=\s*[\"'])data:(image/[a-z0-9.+-]{1,40});base64,([A-Za-z0-9+/=\s]+)", re.IGNORECASE)
LONGEST_HEAD = 4_096
OTHER_BOUNDARY = re.compile(rb"^--(\S{1,200})\r?\nContent-[a-z-]+:", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class File:
    """A part that is no text to be read: its name, what it says it is, and where its content lies, if it was kept."""

    name: str
    kind: str
    content_id: str
    inline: bool
    path: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Text:
    """A part to be read. Those of one `choice` say the same in several ways; 0 is for one that says it alone.

    What is neither HTML nor Markdown is plain text, in which no character is a mark.
    """

    choice: int
    is_html: bool
    said: str
    is_markdown: bool = False


@dataclass(slots=True)
class TakenApart:
    """What a mail consists of. `reports` are the parts of a server's report, in bytes, for reading what it says."""

    headers: Headers
    texts: list["Text"] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    reports: list[bytes] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Level:
    boundary: bytes
    kind: str
    number: int


def take_apart(source: IO[bytes], folder: Path, prefix: str = "file") -> TakenApart:
    """Return what a mail consists of, with its files written into a folder, named from a prefix. Raises MailRefused."""
    reader = _Reader(source, folder, prefix)
    found = reader.read()
    if not found.texts and not found.files and not found.reports:
        _take_what_was_passed(found, b"".join(reader.passed), folder, prefix)
    return found


def _take_what_was_passed(found: TakenApart, passed: bytes, folder: Path, prefix: str) -> None:
    """Read what stands between no boundaries, as where a mail names another boundary than it has."""
    if not passed.strip():
        return
    if other := OTHER_BOUNDARY.search(passed):
        header = b'Content-Type: multipart/mixed; boundary="' + other[1].replace(b'"', b"") + b'"\n\n'
        inside = _Reader(BytesIO(header + passed[other.start() :]), folder, prefix).read()
        found.texts, found.files = inside.texts, inside.files
    if not found.texts and not found.files:
        found.texts = [Text(0, is_html=False, said=as_text(passed, "utf-8"))]


def written(content: Iterable[bytes], folder: Path, name: str) -> File:
    """Return a file whose content lies in a folder under a name, unless it is too large."""
    path = folder / name
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as to:
        for chunk in content:
            size += len(chunk)
            if size <= LARGEST_FILE:
                digest.update(chunk)
                to.write(chunk)
    if size > LARGEST_FILE:
        path.unlink()
    kept = path.name if size <= LARGEST_FILE else ""
    return File("", "", "", inline=False, path=kept, size=size, digest=digest.hexdigest())


class _Reader:
    """Reads one mail, line by line."""

    def __init__(self, source: IO[bytes], folder: Path, prefix: str) -> None:
        self.lines = _Lines(source)
        self.folder, self.prefix = folder, prefix
        self.passed: list[bytes] = []
        self.passed_left = LONGEST_TEXT
        self.levels: list[_Level] = []
        self.parts = 0
        self.headers_left = MOST_HEADERS

    def read(self) -> TakenApart:
        """Read all of it."""
        found = TakenApart(Headers(self._header()))
        self._part(found.headers, found)
        while self.levels:
            ended = self._to_next_boundary()
            if ended is None:
                found.defects.add("never_closed")
                break
            if not ended:
                self._part(Headers(self._header()), found)
        return found

    def _header(self) -> bytes:
        kept: list[bytes] = []
        for line in self.lines:
            if not line.strip(b"\r\n"):
                break
            if self._boundary(line) is not None or (self.parts and not HEADER_LINE.match(line)):
                self.lines.push_back(line)
                break
            self.headers_left -= len(line)
            if self.headers_left < 0:
                raise MailRefused("mail.headers_too_long")
            kept.append(line)
        return b"".join(kept)

    def _part(self, headers: Headers, found: TakenApart) -> None:
        """Read one part after its header: the beginning of parts of its own, a text, or a file."""
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise MailRefused("mail.too_many_parts")
        kind = headers.token("content-type")
        kind = kind if SOUND_KIND.fullmatch(kind) else ""
        if kind.startswith("multipart/"):
            boundary = parameter(headers.first("content-type"), "boundary").rstrip()
            if boundary:
                if len(self.levels) >= DEEPEST:
                    raise MailRefused("mail.too_deep")
                self.levels.append(_Level(b"--" + boundary.encode("utf-8", "surrogateescape"), kind, self.parts))
                return
            found.defects.add("no_boundary")
            kind = "text/plain"
        self._leaf(headers, kind, found)

    def _leaf(self, headers: Headers, kind: str, found: TakenApart) -> None:
        name = _name(headers)
        disposition = headers.token("content-disposition")
        in_report = any(level.kind == "multipart/report" for level in self.levels)
        is_text = kind in TEXTS or (kind.startswith("text/") and kind not in NO_PROSE and not self._choice())
        content = decoded_by(self._content(), headers.token("content-transfer-encoding"))
        if in_report and not is_text:
            found.reports.append(_start(content, LONGEST_LINE))
        elif is_text and disposition != "attachment" and not name:
            self._text(content, headers, kind, found)
        else:
            file = written(content, self.folder, f"{self.prefix}-{len(found.files)}")
            file.name, file.kind, file.inline = name or _usual_name(kind), kind, disposition == "inline"
            file.content_id = headers.first("content-id").strip().strip("<>")[:200]
            found.files.append(file)

    def _text(self, content: Iterable[bytes], headers: Headers, kind: str, found: TakenApart) -> None:
        raw = _start(content, LARGEST_FILE if kind == "text/html" else LONGEST_TEXT + 1)
        if kind == "text/html":
            raw = PICTURE.sub(lambda picture: self._picture(picture, found), raw, count=MOST_PARTS)
        if len(raw) > LONGEST_TEXT:
            found.defects.add("text_cut")
        told_within = CHARSET.search(raw[:LONGEST_HEAD]) if kind == "text/html" else None
        within = told_within[1].decode("ascii") if told_within else "utf-8"
        charset = parameter(headers.first("content-type"), "charset") or within
        said = as_text(raw[:LONGEST_TEXT], charset)
        found.texts.append(Text(self._choice(), kind == "text/html", said, kind == "text/markdown"))

    def _picture(self, picture: re.Match[bytes], found: TakenApart) -> bytes:
        """Make a file of a picture that is written into HTML, and return what names it there instead."""
        number, kind = len(found.files), picture[2].decode("ascii").lower()
        file = written(decoded_by([picture[3]], "base64"), self.folder, f"{self.prefix}-{number}")
        file.name, file.kind, file.inline, file.content_id = _usual_name(kind), kind, True, f"picture-{number}"
        found.files.append(file)
        return picture[1] + f"cid:{file.content_id}".encode("ascii")

    def _choice(self) -> int:
        """Return the number of the outermost level whose parts say the same in several ways, or 0."""
        return next((level.number for level in self.levels if level.kind == "multipart/alternative"), 0)

    def _content(self) -> Iterator[bytes]:
        """Give the lines of a part up to the next boundary. The end of line before that belongs to the boundary."""
        held = b""
        for line in self.lines:
            if self._boundary(line) is not None:
                self.lines.push_back(line)
                yield held.removesuffix(b"\n").removesuffix(b"\r")
                return
            yield held
            held = line
        yield held

    def _to_next_boundary(self) -> bool | None:
        """Go past the next boundary: False when a part begins, True when a level ended, None at the end of the mail."""
        for line in self.lines:
            level = self._boundary(line)
            if level is None and self.passed_left > 0:
                self.passed.append(line)
                self.passed_left -= len(line)
            if level is not None:
                del self.levels[level + 1 :]
                closes = line.rstrip().endswith(b"--") and line.rstrip() == self.levels[level].boundary + b"--"
                if closes:
                    del self.levels[level:]
                return closes
        return None

    def _boundary(self, line: bytes) -> int | None:
        """Return the level whose boundary a line is, innermost first, or None."""
        if not line.startswith(b"--") or self.lines.in_the_middle:
            return None
        bare = line.rstrip()
        for number in range(len(self.levels) - 1, -1, -1):
            boundary = self.levels[number].boundary
            if bare in {boundary, boundary + b"--"}:
                return number
        return None


class _Lines:
    """The lines of a mail; one that is very long comes in pieces. `in_the_middle`: the last one was no start."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.waiting: list[bytes] = []
        self.in_the_middle = False
        self._goes_on = False

    def push_back(self, line: bytes) -> None:
        """Let a line come again."""
        self.waiting.append(line)

    def __iter__(self) -> Iterator[bytes]:
        while True:
            if self.waiting:
                yield self.waiting.pop()
                continue
            line = self.source.readline(LONGEST_LINE)
            if not line:
                return
            self.in_the_middle = self._goes_on
            self._goes_on = not line.endswith(b"\n")
            yield line


def _start(content: Iterable[bytes], limit: int) -> bytes:
    """Return the first bytes, and let the rest go by."""
    kept: list[bytes] = []
    size = 0
    for chunk in content:
        if size < limit:
            kept.append(chunk[: limit - size])
            size += len(kept[-1])
    return b"".join(kept)


def _name(headers: Headers) -> str:
    """Return the name that a part gives itself, or nothing."""
    disposition, kind = headers.first("content-disposition"), headers.first("content-type")
    said = parameter(disposition, "filename") or parameter(kind, "name")
    return printable(decoded(said))[:500]


def _usual_name(kind: str) -> str:
    ending = {"message/rfc822": "eml", "text/calendar": "ics", "text/html": "html", "text/plain": "txt"}
    main, _, sub = kind.partition("/")
    if kind in ending:
        return f"{main}.{ending[kind]}"
    clean = re.sub(r"[^a-z0-9]", "", sub.removeprefix("x-"))[:10]
    return f"{main}.{clean}" if main in {"image", "audio", "video", "application"} and clean else "file"
