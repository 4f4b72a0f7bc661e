"""`puntuale quote --input`: the same rows, in order, with what is promised; bad ones reported, good ones written."""

import csv
import io
import random
from datetime import UTC, datetime, timedelta, timezone

import pytest

from puntuale.cli.asking import agreement_from
from puntuale.cli.quoted_rows import Rows
from puntuale.guarantee.promise import quote

AGREEMENT = agreement_from(None)


def quoted(text):
    """The rows that come out, what is reported, and whether all was sound."""
    told, out = [], io.StringIO()
    source = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    sound = Rows(AGREEMENT, "production", report=told.append).quote(source, out, name="the file")
    return out.getvalue().splitlines(), told, sound


def test_the_rows_come_out_in_order_with_two_columns_more():
    rows, told, sound = quoted(
        "ticket,submitted_at,plan,priority,environment,product_stage\n"
        "a,2026-12-24T15:30:00+01:00,advanced,2,production,released\n"
        "b,2026-12-24T15:30:00+01:00,basic,2,,\n"
        "c,2026-12-24T15:30:00+01:00,advanced,1,production,beta\n"
        "d,2026-12-24T15:30:00+01:00,advanced,,staging,\n"
    )
    assert (told, sound) == ([], True)
    assert rows == [
        "ticket,submitted_at,plan,priority,environment,product_stage,due_at,no_guarantee",
        "a,2026-12-24T15:30:00+01:00,advanced,2,production,released,2026-12-28T09:30:00Z,",
        "b,2026-12-24T15:30:00+01:00,basic,2,,,,plan",
        "c,2026-12-24T15:30:00+01:00,advanced,1,production,beta,,product_stage",
        "d,2026-12-24T15:30:00+01:00,advanced,,staging,,2026-12-28T12:30:00Z,",
    ]


def test_each_row_gets_what_a_quote_gets():
    pick = random.Random(3)
    rows = []
    for _ in range(400):
        zone = timezone(timedelta(minutes=pick.randrange(-720, 721, 15)))
        at = datetime.fromtimestamp(pick.randrange(1_700_000_000, 1_900_000_000), zone)
        rows.append([at.isoformat(), pick.choice(["basic", "professional", "advanced"]), pick.choice("123")])
    text = io.StringIO()
    csv.writer(text).writerows([["submitted_at", "plan", "priority"], *rows])
    out, told, sound = quoted(text.getvalue())
    assert (told, sound) == ([], True)
    for row, (at, plan, priority) in zip(csv.DictReader(out), rows, strict=True):
        promise = quote(
            AGREEMENT,
            plan=plan,
            priority=priority,
            environment="production",
            stage="released",
            at=datetime.fromisoformat(at),
        )
        expected = promise.due_at.astimezone(UTC).isoformat().replace("+00:00", "Z") if promise.due_at else ""
        assert (row["due_at"], row["no_guarantee"]) == (expected, promise.reason.value if promise.reason else "")


BAD_ROWS = {
    "2026-02-30T10:00:00Z,advanced,1": 'line 3: submitted_at: "2026-02-30T10:00:00Z" is no instant; write 2026-12-24T15:30:00+01:00 [date.invalid]',
    "2026-02-20T10:00:00,advanced,1": 'line 3: submitted_at: "2026-02-20T10:00:00" has no zone; add Z or an offset such as +01:00 [date.zone_required]',
    ",advanced,1": 'line 3: submitted_at: "" is no instant; write 2026-12-24T15:30:00+01:00 [date.invalid]',
    "9999-01-01T00:00:00Z,advanced,1": 'line 3: submitted_at: "9999-01-01T00:00:00Z": the clock knows the years 1970 to 2199 [date.out_of_range]',
    "2026-03-20T10:00:00Z,Gold,1": 'line 3: plan: "Gold" is not one of basic, professional, advanced [plan.unknown]',
    "2026-03-20T10:00:00Z,advanced ,1": 'line 3: plan: "advanced " is not one of basic, professional, advanced [plan.unknown]',
    "2026-03-20T10:00:00Z,advanced,4": 'line 3: priority: "4" is not one of 1, 2, 3 [priority.unknown]',
    "2026-03-20T10:00:00Z,advanced": "line 3: has 2 cells, the header has 3 [csv.cells]",
    "2026-03-20T10:00:00Z,advanced,1,x": "line 3: has 4 cells, the header has 3 [csv.cells]",
    '2026-03-20T10:00:00Z,advanced,"1"x': "line 3: ',' expected after '\"' [csv.syntax]",
    "x" * 200_000 + ",advanced,1": "line 3: field larger than field limit (131072) [csv.syntax]",
}


@pytest.mark.parametrize("bad", BAD_ROWS, ids=lambda bad: bad[:40])
def test_a_bad_row_is_reported_with_its_line_and_the_good_ones_are_written(bad):
    good = "2026-03-20T10:00:00Z,advanced,1"
    rows, told, sound = quoted(f"submitted_at,plan,priority\n{good}\n{bad}\n{good}\n")
    assert told == [BAD_ROWS[bad]]
    assert not sound
    assert rows == ["submitted_at,plan,priority,due_at,no_guarantee", *[f"{good},2026-03-20T11:00:00Z,"] * 2]


def test_an_urgent_priority_outside_production_is_a_bad_row():
    rows, told, _ = quoted("submitted_at,plan,priority,environment\n2026-03-20T10:00:00Z,advanced,1,staging\n")
    assert told == ['line 2: priority: "1" is not available for staging; available: 3 [priority.environment]']
    assert len(rows) == 1


def test_bytes_that_are_not_utf_8_spoil_their_own_row_only():
    good = b"2026-03-20T10:00:00Z,advanced,1,x\n"
    rows, told, _ = quoted(b"submitted_at,plan,priority,note\n" + good + good.replace(b"x", b"caf\xe9") + good)
    assert told == ["line 3: byte 0xe9 at column 36 is not UTF-8 [csv.encoding]"]
    assert len(rows) == 3


def test_an_unclosed_quote_is_reported_at_the_end():
    rows, told, sound = quoted('submitted_at,plan,priority\n2026-03-20T10:00:00Z,advanced,1\n"2026')
    assert (len(rows), sound) == (2, False)
    assert told == ["line 3: unexpected end of data [csv.syntax]"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty; a header with submitted_at, plan, priority is needed [csv.empty]"),
        ("submitted_at,plan\n", "line 1: priority is missing [csv.columns]"),
        ("submitted_at,plan,priority,plan\n", "line 1: plan is there twice [csv.columns]"),
        ("submitted_at,plan,priority,due_at\n", "line 1: due_at would be written over [csv.columns]"),
        (
            "submitted_at,plan,priority,enviroment\n",
            'line 1: "enviroment" is not known; did you mean environment? [csv.columns]',
        ),
        (
            "Submitted_At,plan,priority\n",
            'line 1: submitted_at is missing; "Submitted_At" is not known; did you mean submitted_at? [csv.columns]',
        ),
        ("submitted_at,plan,priority\n".encode("utf-16"), "byte 0xff at column 1 is not UTF-8"),
    ],
)
def test_a_header_that_will_not_do_stops_at_once(text, said):
    rows, told, sound = quoted(text)
    assert (rows, sound) == ([], False)
    assert said in told[0]


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_no_harm():
    rows, told, sound = quoted("\ufeffsubmitted_at,plan,priority\r\n\r\n2026-03-20T10:00:00Z,advanced,1\r\n")
    assert (told, sound) == ([], True)
    assert rows[1] == "2026-03-20T10:00:00Z,advanced,1,2026-03-20T11:00:00Z,"


def test_a_header_alone_is_done():
    assert quoted("submitted_at,plan,priority\n") == (["submitted_at,plan,priority,due_at,no_guarantee"], [], True)
