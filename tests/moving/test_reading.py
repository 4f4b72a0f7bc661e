"""Files of tickets as rows: what is refused, with the line and why, and what is told to be otherwise than it was."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from puntuale.moving.mapping import Mapping, read_mapping
from puntuale.moving.records import RowRefused, record_of
from puntuale.moving.rows import MOST_ROWS, FileRefused, Row, Source, portions, together
from puntuale.tickets import texts
from tests.guarantee.test_story import on

AT = on("fri 16:00")
ROME = Mapping(zone=ZoneInfo("Europe/Rome"))
SENT = "2026-03-02T10:00:00Z"
ROW = {
    "id": "7",
    "subject": "Calls drop",
    "body": "Since today.",
    "requester_email": "lena@newco.example",
    "submitted_at": SENT,
}


def record(mapping=ROME, **told):
    return record_of([Row(2, ROW | told)], mapping, now=AT)


def changes(found):
    return [(one.field, one.rule) for one in found.changes]


def refused(**told):
    with pytest.raises(RowRefused) as problem:
        record(**told)
    return [(one.line, one.field, one.rule) for one in problem.value.problems]


def source(tmp_path, content, name="tickets.csv", mapping=ROME, **more):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Source(file, mapping, **more)


CSV = "id;Subject;requester email;Submitted At\n1;Perché è così?;a@b.example;2026-03-02 10:00\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_a_file_of_a_spreadsheet_gives_the_ticket_that_was_in_it(tmp_path, encoding):
    (rows,) = source(tmp_path, CSV.encode(encoding)).tickets()
    found = record_of(rows, ROME, now=AT)
    assert (found.subject, found.submitted_at) == ("Perché è così?", datetime(2026, 3, 2, 9, tzinfo=UTC))


@pytest.mark.parametrize("name", ["tickets.xlsx", "tickets.csv", "tickets"])
def test_a_workbook_is_read_whatever_it_is_called(tmp_path, name):
    book = Workbook()
    for row in (
        ["ID", "Subject", "Requester E-Mail", "Submitted at"],
        [7, "Größe", "a@b.example", datetime(2026, 3, 2, 10, 0)],  # noqa: DTZ001 -- a cell has no zone
    ):
        book.active.append(row)
    book.save(tmp_path / name)
    mapping = Mapping(zone=ROME.zone, columns={"requester_email": "Requester E-Mail"})
    (rows,) = Source(tmp_path / name, mapping).tickets()
    found = record_of(rows, mapping, now=AT)
    assert (found.id, found.subject, found.submitted_at) == ("7", "Größe", datetime(2026, 3, 2, 9, tzinfo=UTC))


LOST_ROWS = [
    ("1;lost \ufffd;a@b.example;x\n".encode(), ""),
    ("2;größer;a@b.example;x\n".encode() + b"1;lost \xff;a@b.example;x\n", ""),
    (b"2;fine;a@b.example;x\n1;ab\x81c;a@b.example;x\n", "cp1252"),
    (b"1;\xfcber;a@b.example;x\n", "ascii"),
]


@pytest.mark.parametrize(("content", "encoding"), LOST_ROWS)
def test_characters_that_got_lost_refuse_their_line_and_no_other(tmp_path, content, encoding):
    head = b"id;subject;requester_email;submitted_at\n"
    rows = list(source(tmp_path, head + content, encoding=encoding).rows())
    assert [row.told["id"] for row in rows if row.problem] == ["1"]
    assert "U+FFFD" in next(row.problem for row in rows if row.problem)


def test_lost_characters_of_json_lines_refuse_their_line(tmp_path):
    lines = [
        json.dumps(ROW | {"id": "1", "subject": "a\ufffd"}),
        json.dumps(ROW),
        json.dumps(ROW | {"body": "\ufffd"}, ensure_ascii=False),
    ]
    assert [bool(row.problem) for row in source(tmp_path, "\n".join(lines), "t.jsonl").rows()] == [True, False, True]
    assert [row.told["id"] for row in source(tmp_path, json.dumps(ROW).encode("utf-16"), "t.jsonl").rows()] == ["7"]


def test_half_a_character_refuses_its_line():
    assert refused(subject="a\ud83d") == [(2, "subject", "has half of a character")]


def test_a_header_without_what_is_needed_is_told_once_with_what_is_there(tmp_path):
    with pytest.raises(
        FileRefused,
        match="no column id, requester_email or requester_phone or requester_id, subject or body, submitted_at; the header has nummer, betreff",
    ):
        list(source(tmp_path, "Nummer;Betreff\n1;x\n").rows())
    (tmp_path / "m.toml").write_text('[columns]\nid = "Number"\nsubject = "{What} of {Who}"\n')
    with pytest.raises(FileRefused, match="the mapping names Number, Who, and the header has what"):
        list(source(tmp_path, "What\nx\n", mapping=read_mapping(tmp_path / "m.toml")).rows())


def test_empty_rows_and_columns_of_spreadsheets_count_for_nothing(tmp_path):
    content = CSV.replace("\n", ";;\n") + ";;;;;\n\n;;;;;\n"
    assert [row.problem for row in source(tmp_path, content).rows()] == [""]
    content = CSV + "2;too;few\n3;a;b@c.example;2026-03-02;too many\n"
    assert ["columns" in row.problem for row in source(tmp_path, content).rows()] == [False, True, True]


def test_dates_of_one_file_are_read_in_one_order_which_is_told(tmp_path):
    head = "id,subject,requester_email,submitted_at\n"
    row = "{0},x,a@b.example,{1}\n"
    file = source(
        tmp_path,
        head
        + row.format(1, "03/04/2026 10:00")
        + row.format(2, "04/25/2026 1:05 PM")
        + row.format(3, "2026-03-01 7:29"),
    )
    file.settle_dates()
    found = [record_of(rows, file.mapping, now=AT).submitted_at.month for rows in file.tickets()]
    assert found == [3, 4, 3]
    assert file.notes == ["dates such as 03/04/2026 are read month-first, as others in this file show"]
    file = source(tmp_path, head + row.format(1, "03/04/2026 10:00") + row.format(2, "04/05/2026 10:00"))
    file.settle_dates()
    for rows in file.tickets():
        with pytest.raises(RowRefused) as problem:
            record_of(rows, file.mapping, now=AT)
        assert "--dates day-first or --dates month-first" in problem.value.problems[0].rule


def test_a_mapping_names_several_formats_and_the_order_of_dates(tmp_path):
    (tmp_path / "m.toml").write_text('zone = "Europe/Rome"\ntime_format = ["%d-%m-%Y %H:%M", "%Y%m%d"]\n')
    mapping = read_mapping(tmp_path / "m.toml")
    assert mapping.order == "day-first"
    assert record(mapping, submitted_at="03-04-2026 10:00").submitted_at.month == 4
    assert record(mapping, submitted_at="03/04/2026 10:00").submitted_at.month == 4
    (tmp_path / "m.toml").write_text('dates = "sideways"')
    with pytest.raises(ValueError, match="'sideways' is not one of day-first, month-first"):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"state": "resolved", "resolved_at": "2026-03-01T23:51:00Z"}, ("resolved_at", "before it was sent: read as when it was sent")),
        ({"answered_at": "2026-03-01T23:51:00Z"}, ("answered_at", "before it was sent: read as when it was sent")),
        ({"state": "waiting", "updated_at": "2030-03-01T23:51:00Z"}, ("updated_at", "in the future: read as now")),
        ({"messages": [{"at": "2020-01-01T00:00:00Z", "body": "x"}]}, ("messages", "before it was sent: read as when it was sent")),
        ({"subject": "x" * 300}, ("subject", "longer than 255 characters: cut")),
        ({"requester_name": "x" * 300}, ("requester_name", "longer than 200 characters: cut")),
        ({"body": "x" * 200_001}, ("body", "longer than 200000 characters: cut")),
        ({"subject": ""}, ("subject", "missing: taken from the body")),
        ({"submitted_at": "2026-03-29 02:30"}, ("submitted_at", "the clocks of Europe/Rome skipped this time: read as 03:30")),
        ({"submitted_at": "2025-10-26 02:30"}, ("submitted_at", "the clocks of Europe/Rome showed this time twice: read as the first, 02:30 +0200")),
        ({"attachments": ["log.txt", "a.png"]}, ("attachments", "not imported: named in the message")),
        ({"requester_email": "", "requester_phone": "+39 06 1234"}, ("requester_email", "missing: nobody can be told by e-mail")),
    ],
)  # fmt: skip
def test_what_is_otherwise_than_it_was_is_told(told, expected):
    found = record(**told)
    assert changes(found) == [expected]
    assert found.changes[0].line == 2


def test_nothing_is_told_of_a_row_that_comes_in_as_it_is():
    said = [{"at": "2026-03-02T12:00:00Z", "author": "ada@puntuale.test", "body": "We look."}]
    assert (
        changes(
            record(
                messages=said, state="resolved", resolved_at="2026-03-02T13:00:00Z", updated_at="2026-03-02T13:00:00Z"
            )
        )
        == []
    )


@pytest.mark.parametrize(
    "address", ["jürgen@neu.example", "josé.garcía@neu.example", "иван@пример.example", "ñ@neu.example"]
)
def test_letters_of_every_script_may_stand_before_the_at(address):
    assert record(requester_email=f" {address.upper()} ").requester == address


@pytest.mark.parametrize(
    "address",
    [
        "a b@neu.example",
        "ü@",
        "@neu.example",
        "a\u200bb@neu.example",
        "a\u202eb@neu.example",
        "☎@neu.example",
        "nobody",
    ],
)
def test_what_is_no_address_is_refused(address):
    assert refused(requester_email=address) == [(2, "requester_email", "not an e-mail address")]


@pytest.mark.parametrize("name", ["subject", "requester_name", "organisation"])
def test_a_name_in_which_nothing_can_be_seen_is_refused(name, monkeypatch):
    def seen(written, *, field, limit):
        if written == "HIDDEN":
            raise texts.TextRefused(field, "text.empty")
        return written

    monkeypatch.setattr(texts, "name", seen)
    assert refused(**{name: "HIDDEN"}) == [(2, name, "has nothing that can be seen")]


def test_whoever_has_no_address_is_told_apart_by_a_key_or_a_number():
    first = record(requester_email="", requester_phone="+39 06 / 12-34")
    assert (first.requester, first.has_address) == ("39-06-12-34@no-email.invalid", False)
    assert (
        record(requester_email="", requester_id="Zendesk 42", requester_phone="1").requester
        == "zendesk-42@no-email.invalid"
    )
    assert refused(requester_email="", requester_phone="--") == [(2, "requester_email", "missing")]


def test_rows_of_one_ticket_and_of_one_portion_have_a_bound():
    rows = [Row(number, ROW) for number in range(MOST_ROWS + 10)]
    (only,) = together(rows, Mapping())
    assert (len(only), only[0].problem) == (1, "more than 5000 rows tell of one ticket")
    assert [len(one) for one in portions([Row(1, ROW)] for _ in range(1100))] == [500, 500, 100]
    long = Row(1, ROW | {"body": "x" * 6_000_000, "messages": [{"body": "y" * 6_000_000}]})
    assert [len(one) for one in portions([long] for _ in range(3))] == [1, 1, 1]
