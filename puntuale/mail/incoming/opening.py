"""What is packed into a part of a mail: Outlook's winmail.dat, an invitation, a mail that is passed on whole."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Component
from striprtf.striprtf import rtf_to_text
from tnefparse import TNEF

from puntuale.mail.incoming.headers import as_text, printable
from puntuale.mail.incoming.html import as_markdown
from puntuale.mail.incoming.limits import LONGEST_TEXT
from puntuale.mail.incoming.parts import File, TakenApart, Text, take_apart, written

OUTLOOK_KINDS = {"application/ms-tnef", "application/vnd.ms-tnef"}
OUTLOOK_NAME = "winmail.dat"
LARGEST_CALENDAR = 1_000_000
MOST_EVENTS = 10
NAMED = {"text/plain", "text/html"}
LARGEST_NAMED = 100_000
"""A longer text that has a name is a file, such as a log."""
PUBLISHED = "PUBLISH"


def open_parts(apart: TakenApart, folder: Path) -> None:
    """Put what is packed into files of a mail beside its texts and files, as if it had been sent unpacked."""
    for file in list(apart.files):
        if file.path and (file.kind in OUTLOOK_KINDS or file.name.lower() == OUTLOOK_NAME):
            _open_outlook(apart, file, folder)
    for file in apart.files:
        if file.path and file.kind == "text/calendar" and file.size <= LARGEST_CALENDAR:
            _read_invitation(apart, file, folder)
    if not apart.texts:
        _read_named(apart, folder)
    inner = next((file for file in apart.files if file.path and file.kind == "message/rfc822"), None)
    if inner and not _has_words(apart):
        _read_passed_on(apart, inner, folder)


def open_mail(file: File, folder: Path) -> TakenApart:
    """Return what a mail that is a file of another one consists of, with its files in the same folder."""
    with (folder / file.path).open("rb") as source:
        return take_apart(source, folder, f"{file.path}-file")


def _has_words(apart: TakenApart) -> bool:
    return any(text.said.strip() for text in apart.texts)


def _read_named(apart: TakenApart, folder: Path) -> None:
    """Read what a mail begins with, where nothing else is its text: a program may have given that a name."""
    first = next(iter(apart.files), None)
    if first and first.path and first.kind in NAMED and first.size <= LARGEST_NAMED:
        said = as_text((folder / first.path).read_bytes(), "utf-8")
        apart.texts.append(Text(0, is_html=first.kind == "text/html", said=said))


def _read_passed_on(apart: TakenApart, file: File, folder: Path) -> None:
    inner = open_mail(file, folder)
    heading = ": ".join(filter(None, (inner.headers.text("from"), inner.headers.text("subject"))))
    apart.texts = [Text(0, is_html=False, said=heading), *inner.texts]


def _open_outlook(apart: TakenApart, file: File, folder: Path) -> None:
    """Put the text and the files of a winmail.dat in its place. What cannot be read stays the file that it is."""
    raw = (folder / file.path).read_bytes()
    try:
        packed = TNEF(raw, do_checksum=False)
        text = _outlook_text(packed)
        files = [(_name(one.long_filename()), one.data) for one in packed.attachments if isinstance(one.data, bytes)]
    except Exception:
        # The library raises whatever a broken file makes it stumble over.
        apart.defects.add("unreadable_winmail")
        return
    if files or text.said.strip():
        apart.files.remove(file)
    for number, (name, data) in enumerate(files):
        inside = written([data], folder, f"{file.path}-{number}")
        inside.name, inside.kind = name or "file", "application/octet-stream"
        apart.files.append(inside)
    if text.said.strip() and not _has_words(apart):
        apart.texts.append(text)


def _outlook_text(packed: TNEF) -> Text:
    codepage = packed.codepage or "cp1252"
    if packed.htmlbody:
        return Text(0, is_html=True, said=_as_read(packed.htmlbody, codepage))
    if packed.body:
        return Text(0, is_html=False, said=_as_read(packed.body, codepage))
    if not (rtf := packed.rtfbody):
        return Text(0, is_html=False, said="")
    said: str = rtf_to_text(rtf.decode("latin-1"), errors="replace")  # type: ignore[no-untyped-call]
    return Text(0, is_html=False, said=said)


def _as_read(said: str | bytes, codepage: str) -> str:
    read = as_text(said, codepage) if isinstance(said, bytes) else said
    return read.rstrip("\0")[:LONGEST_TEXT]


def _name(said: str | bytes) -> str:
    return printable(_as_read(said, "cp1252"))[:500]


def _read_invitation(apart: TakenApart, file: File, folder: Path) -> None:
    """Tell what an invitation says: always where somebody is invited or has answered, else where no other text is."""
    raw = (folder / file.path).read_bytes()
    try:
        calendar = Calendar.from_ical(as_text(raw, "utf-8"))
        method = str(calendar.get("METHOD", PUBLISHED)).upper()
        said = "\n\n".join(_told(event, method) for event in list(calendar.walk("VEVENT"))[:MOST_EVENTS])
    except Exception:
        apart.defects.add("unreadable_calendar")
        return
    if said and (method != PUBLISHED or not _has_words(apart)):
        apart.texts.append(Text(0, is_html=False, said=said, is_markdown=True))


def _told(event: Component, method: str) -> str:
    """Return what an event says, without words of ours, as nobody knows yet in which language it is read."""
    title = _field(event, "SUMMARY")
    is_over = method == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED"
    lines = [f"~~{title}~~" if is_over and title else f"**{title}**" if title else "", _when(event)]
    lines += [_field(event, "LOCATION"), _who(event.get("ORGANIZER"))]
    if method in {"REPLY", "COUNTER", "DECLINECOUNTER"}:
        lines += list(_answers(event))
    told = [line for line in lines if line]
    description = _field(event, "DESCRIPTION")
    return "\n".join(told) + (f"\n\n{description}" if description else "")


def _field(event: Component, name: str) -> str:
    return as_markdown(str(event.get(name, "")).strip())


def _when(event: Component) -> str:
    start, end = event.get("DTSTART"), event.get("DTEND")
    if start is None:
        return ""
    begins, ends = start.dt, end.dt if end is not None else None
    said = _moment(begins)
    if isinstance(begins, datetime):
        if isinstance(ends, datetime):
            same_day = ends.date() == begins.date()
            said += f" \N{EN DASH} {ends:%H:%M}" if same_day else f" \N{EN DASH} {_moment(ends)}"
        zone = getattr(begins.tzinfo, "key", None) or begins.tzname()
        said += f" ({zone})" if zone else ""
    elif isinstance(ends, date) and (last := ends - timedelta(days=1)) > begins:
        said += f" \N{EN DASH} {_moment(last)}"
    rule = event.get("RRULE")
    return f"{said}, {rule.to_ical().decode()}" if rule is not None else said


def _moment(when: date) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:%Y-%m-%d}"


def _who(person: object) -> str:
    if person is None:
        return ""
    address = str(person).partition(":")[2] or str(person)
    name = str(getattr(person, "params", {}).get("CN", "")).strip()
    return f"{name} <{address}>" if name and name != address else address


def _answers(event: Component) -> Iterator[str]:
    invited = event.get("ATTENDEE", [])
    for person in invited if isinstance(invited, list) else [invited]:
        yield f"{_who(person)}: {person.params.get('PARTSTAT', '')}".rstrip(": ")
