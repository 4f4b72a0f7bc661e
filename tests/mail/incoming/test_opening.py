"""What is packed into mail is read as if it had been sent unpacked: winmail.dat, invitations, mail within mail."""

import base64
import io
import struct

import pytest
from compressed_rtf import compress

from puntuale.mail.incoming import parsing
from puntuale.mail.incoming.parsing import Wanted
from tests.mail.post import HOST
from tests.mail.ugly import worse

BODY, RENDERED, TITLE, DATA = 0x0002_800C, 0x0006_9002, 0x0001_8010, 0x0006_800F
PROPERTIES, CODEPAGE = 0x0006_9003, 0x0006_9007
HTML, RTF = 0x1013, 0x1009


def read(raw, folder, **wanted):
    return parsing.read(io.BytesIO(raw), folder, Wanted(HOST, "vendor.example", **wanted))


def mixed(*parts, header="Subject: x"):
    """Return a mail of parts, each a header and what stands below it."""
    lines = [f"From: anna@northwind.test\n{header}\nContent-Type: multipart/mixed; boundary=BB\n"]
    for head, body in parts:
        lines += ["--BB", head, "", body]
    return "\n".join([*lines, "--BB--", ""]).encode()


def attribute(level, name, data):
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(**binary):
    """Return the attribute of MAPI properties, all of them binary."""
    out = struct.pack("<I", len(binary))
    for name, data in binary.items():
        out += struct.pack("<HHII", 0x0102, {"html": HTML, "rtf": RTF}[name], 1, len(data))
        out += data + b"\0" * (-len(data) % 4)
    return attribute(1, PROPERTIES, out)


def winmail(*attributes, files=()):
    out = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, CODEPAGE, struct.pack("<II", 1252, 0)) + b"".join(attributes)
    for name, data in files:
        out += attribute(2, RENDERED, b"\0" * 14)
        out += attribute(2, TITLE, name.encode("cp1252") + b"\0") + attribute(2, DATA, data)
    return out


def sent(raw, kind="application/ms-tnef", text=None):
    plain = [("Content-Type: text/plain", text)] if text is not None else []
    head = f'Content-Type: {kind}; name="winmail.dat"\nContent-Transfer-Encoding: base64'
    return mixed(*plain, (head, base64.encodebytes(raw).decode()))


@pytest.mark.parametrize(
    ("packed", "said"),
    [
        (attribute(1, BODY, "Das Tor für Süd ist zu.\0".encode("cp1252")), "Das Tor für Süd ist zu."),
        (properties(html=b"<p>It <s>works</s> fails</p><ol start=3><li>a</ol>"), "It ~~works~~ fails\n\n3. a"),
        (properties(rtf=compress(rb"{\rtf1\ansi The gate is \b shut\b0.\par Since noon.}")), "The gate is shut.\nSince noon."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/ms-tnef", "application/vnd.ms-tnef", "application/octet-stream"])
def test_outlooks_package_is_its_text_and_its_files(tmp_path, packed, said, kind):
    contents = read(sent(winmail(packed, files=[("plan.pdf", b"%PDF"), ("log.txt", b"down")]), kind), tmp_path)
    assert contents.text == said
    assert [(file.name, file.size) for file in contents.files] == [("plan.pdf", 4), ("log.txt", 4)]
    assert (tmp_path / contents.files[1].path).read_bytes() == b"down"


def test_what_was_written_plainly_beside_it_is_the_text(tmp_path):
    raw = winmail(attribute(1, BODY, b"From the package"), files=[("plan.pdf", b"%PDF")])
    contents = read(sent(raw, text="Written plainly"), tmp_path)
    assert contents.text == "Written plainly"
    assert [file.name for file in contents.files] == ["plan.pdf"]


@pytest.mark.parametrize(
    "raw", [b"no package", winmail(attribute(1, BODY, b"x"))[:20] + b"\xff" * 40, b"\x78\x9f\x3e\x22"]
)
def test_a_package_that_cannot_be_read_stays_a_file(tmp_path, raw):
    contents = read(sent(raw), tmp_path)
    assert [file.name for file in contents.files] == ["winmail.dat"] or contents.text


@pytest.mark.parametrize("seed", range(30))
def test_no_broken_package_ends_the_reading(tmp_path, seed):
    raw = winmail(attribute(1, BODY, b"Body"), properties(html=b"<p>x"), files=[("plan.pdf", b"%PDF" * 50)])
    assert read(sent(worse(raw, f"tnef {seed}") or b"x"), tmp_path).sender == "anna@northwind.test"


def calendar(*lines, method="REQUEST"):
    event = ["BEGIN:VEVENT", "UID:1", "DTSTAMP:20261120T150000Z", *lines, "END:VEVENT"]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", f"METHOD:{method}", *event, "END:VCALENDAR", ""]
    return f"Content-Type: text/calendar; method={method}; charset=utf-8", "\r\n".join(whole)


INVITED = (
    "SUMMARY:Gate in Zürich", "DTSTART;TZID=Europe/Rome:20261201T100000", "DTEND;TZID=Europe/Rome:20261201T113000",
    "LOCATION:Room 4\\, Milan", "ORGANIZER;CN=Anna Conti:mailto:anna@northwind.test", "DESCRIPTION:Bring the log.\\nAll of it.",
)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "method", "said"),
    [
        (INVITED, "REQUEST",
         "**Gate in Zürich**\n2026-12-01 10:00 – 11:30 (Europe/Rome)\nRoom 4, Milan\nAnna Conti <anna@northwind.test>\n\n"
         "Bring the log.\nAll of it."),
        (("SUMMARY:Call", "DTSTART:20261201T090000Z", "DTEND:20261202T100000Z"), "REQUEST",
         "**Call**\n2026-12-01 09:00 – 2026-12-02 10:00 (UTC)"),
        (("SUMMARY:Closed", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"), "PUBLISH",
         "**Closed**\n2026-12-24 – 2026-12-26"),
        (("SUMMARY:Call", "DTSTART:20261201T090000Z"), "CANCEL", "~~Call~~\n2026-12-01 09:00 (UTC)"),
        (("SUMMARY:Call", "DTSTART:20261201T090000Z", "RRULE:FREQ=WEEKLY;COUNT=4"), "REQUEST",
         "**Call**\n2026-12-01 09:00 (UTC), FREQ=WEEKLY;COUNT=4"),
        (("SUMMARY:Call", "DTSTART:20261201T090000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@northwind.test"), "REPLY",
         "**Call**\n2026-12-01 09:00 (UTC)\nbo@northwind.test: DECLINED"),
    ],
)  # fmt: skip
def test_an_invitation_says_what_when_and_where(tmp_path, lines, method, said):
    contents = read(mixed(calendar(*lines, method=method)), tmp_path)
    assert contents.text == said
    assert [file.name for file in contents.files] == ["text.ics"]


def test_an_invitation_stands_below_the_text_and_a_calendar_that_is_only_sent_along_does_not(tmp_path):
    text = ("Content-Type: text/plain", "See you there.")
    assert read(mixed(text, calendar(*INVITED)), tmp_path).text.startswith("See you there.\n\n**Gate in Zürich**")
    assert read(mixed(text, calendar(*INVITED, method="PUBLISH")), tmp_path).text == "See you there."


@pytest.mark.parametrize("said", ["", "BEGIN:VCALENDAR", "BEGIN:VEVENT\nDTSTART:never\nEND:VEVENT", "x" * 1_000])
def test_a_broken_calendar_stays_a_file(tmp_path, said):
    contents = read(mixed(("Content-Type: text/calendar", said or " ")), tmp_path)
    assert [file.name for file in contents.files] == ["text.ics"]
    assert contents.text == ""


INNER = "From: Bo <bo@carrier.example>\nSubject: Cut\nContent-Type: text/plain\n\nThe line is cut."


def test_a_mail_that_is_only_passed_on_says_what_it_says(tmp_path):
    contents = read(mixed(("Content-Type: message/rfc822", INNER)), tmp_path)
    assert contents.text == "Bo <bo@carrier.example>: Cut\n\nThe line is cut."
    assert [file.name for file in contents.files] == ["message.eml"]
    assert read(mixed(("Content-Type: message/rfc822", "X-Mailer: x\n\nIt drops.")), tmp_path).text == "It drops."
    with_words = read(mixed(("Content-Type: text/plain", "Look"), ("Content-Type: message/rfc822", INNER)), tmp_path)
    assert with_words.text == "Look"


@pytest.mark.parametrize(
    "raw",
    [
        b"Content-Type: multipart/mixed; boundary=AA\n\nIt drops.\n",
        b"Content-Type: multipart/mixed; boundary=AA\n\n--BB\nContent-Type: text/plain\n\nIt drops.\n--BB--\n",
        b"Content-Type: multipart/alternative; boundary=AA\n\n--BB\nContent-Type: text/html\n\n<p>It drops.\n--BB--\n",
        b"Content-Type: multipart/mixed; boundary=AA\n\n--AA\nContent-Type: text/plain\nIt drops.\n--AA--\n",
        b"Content-Type: multipart/mixed\n\nIt drops.\n",
        b"Content-Type: text; charset=utf-8\n\nIt drops.\n",
        b"Content-Type: text/text\n\nIt drops.\n",
        b"Content-Type: text/\xe9\xbb\n\nIt drops.\n",
        b"Content-Type: ;;;\n\nIt drops.\n",
        b"Content-Type: text/markdown\n\nIt drops.\n",
    ],
)
def test_what_stands_in_a_broken_mail_is_shown(tmp_path, raw):
    assert "It drops." in read(b"From: anna@northwind.test\n" + raw, tmp_path).text


PICTURE = "<img alt='Fault' src='data:image/{kind};base64,{data}'>"


@pytest.mark.parametrize(
    ("kind", "name", "data"),
    [
        ("png", "image.png", "iVBORw0KGgo="),
        ("JPEG", "image.jpeg", "/9j/\n4AAQ"),
        ("svg+xml", "image.svgxml", "PHN2Zz4="),
    ],
)
def test_a_picture_that_is_written_into_html_is_a_file(tmp_path, kind, name, data):
    body = f"<p>See</p>{PICTURE.format(kind=kind, data=data)}<p>below</p>"
    told = read(mixed(("Content-Type: text/html", body)), tmp_path)
    assert told.text == f"See\n\n[{name}]\n\nbelow"
    assert [(one.name, (tmp_path / one.path).read_bytes()) for one in told.files] == [(name, base64.b64decode(data))]


def test_words_behind_a_large_picture_are_read(tmp_path):
    body = "\n".join(
        [PICTURE.format(kind="png", data="\n".join(["iVBORw0K" * 9] * 40_000)), "<p>It is the red one.</p>"]
    )
    told = read(mixed(("Content-Type: text/html", body)), tmp_path)
    assert (told.text, told.defects, told.files[0].size) == ("[image.png]\n\nIt is the red one.", (), 2_160_000)


def test_more_pictures_than_parts_are_not_written(tmp_path):
    read(mixed(("Content-Type: text/html", PICTURE.format(kind="png", data="AAAA") * 1_000)), tmp_path)
    assert len(list(tmp_path.iterdir())) <= 200


@pytest.mark.parametrize(
    "head",
    [
        'Content-Type: text/plain; name="body.txt"',
        "Content-Type: text/plain\nContent-Disposition: inline; filename=message.txt",
        "Content-Type: text/plain; charset=utf-8\nContent-Disposition: attachment",
        "Content-Type: text/html; name=mail.html",
    ],
)
def test_a_text_that_has_a_name_is_read_where_it_is_all_there_is(tmp_path, head):
    told = read(f"From: anna@northwind.test\n{head}\n\nThe line is down, caffè\n".encode(), tmp_path)
    assert (told.text, len(told.files)) == ("The line is down, caffè", 1)


def test_a_file_beside_a_text_stays_a_file(tmp_path):
    told = read(mixed(("Content-Type: text/plain", ""), ("Content-Type: text/plain; name=a.log", "1\n2")), tmp_path)
    assert (told.text, [one.name for one in told.files]) == ("", ["a.log"])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("SGVsbG8gd29ybGQ=\n\nSGVsbG8gYWdhaW4=\n", "Hello worldHello again"),
        ("SGVsbG8=SGVsbG8h\n", "HelloHello!"),
        ("SGVsbG8gd28=\nIQ==\nIQ==", "Hello wo!!"),
        ("SGVsbG8gd29ybGQ=\n\n____________\nOur list, https://x.example\n", "Hello world"),
        ("SGVs=\nbG8h\n", "Hello!"),
        ("SGVsbG8", "Hello"),
    ],
)
def test_base64_in_pieces_is_read_piece_by_piece(tmp_path, written, said):
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64"
    assert read(mixed((head, written)), tmp_path).text == said
