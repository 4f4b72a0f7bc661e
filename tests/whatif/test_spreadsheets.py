"""Tables of spreadsheets: whatever wrote them, the same rows come out, or a word for what it is instead."""

import io
import zipfile
from datetime import datetime

import pytest
from openpyxl import Workbook

from puntuale.whatif.encodings import encoding_of
from puntuale.whatif.spreadsheets import NotATable, names_of, opened

HEAD = ["Id", "Subject", "Submitted-At "]
WORDS = [
    "Perché non funziona più?",
    "Größe ändert sich für Müller",
    "¿Dónde está el señor Núñez?",
    "L’école où ça marche",
]
ROWS = [[str(number), words, "2026-03-02 10:00"] for number, words in enumerate(WORDS)]


def rows_of(content, **more):
    file = io.BytesIO(content)
    with opened(file, **more) as table:
        found = [row for row in table.rows if any(row)]
        notes = list(table.notes)
    assert not file.closed
    return found, notes


def text_of(separator=",", rows=ROWS):
    return "".join(separator.join(cells) + "\r\n" for cells in [HEAD, *rows])


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_with_every_usual_separator_gives_the_same_rows(separator, encoding):
    rows = [row for row in ROWS if separator not in row[1]]
    found, notes = rows_of(text_of(separator, rows).encode(encoding))
    assert found == [HEAD, *rows]
    assert notes == (["read as cp1252, which is a guess: the file is not in UTF-8"] if encoding == "cp1252" else [])


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Preis 20 € für alles", "iso8859-15"),
        ("Größe der Übertragung", "mac_roman"),
        ("Perché non funziona più", "mac_roman"),
        ("Problème réseau à l’école", "mac_roman"),
        ("mañana señal", "cp850"),
        ("Nie działa połączenie, proszę", "cp1250"),
        ("café", "cp1252"),
        ("smörgåsbord på gång", "cp1252"),
    ],
)
def test_an_encoding_is_guessed_by_how_words_look_in_it(words, encoding):
    content = f"id;subject\n1;{words}\n".encode(encoding)
    found = encoding_of(io.BytesIO(content))
    assert found.is_guess
    assert content.decode(found.name) == f"id;subject\n1;{words}\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("電話無法接通，客戶說從早上開始一直斷線", "big5"),
        ("电话打不通，客户说从早上开始一直断线", "gb18030"),
        ("朝から電話が切れるとお客様が言っています", "shift_jis"),
        ("朝から電話が切れるとお客様が言っています", "euc_jp"),
        ("아침부터 전화가 계속 끊긴다고 합니다", "euc_kr"),
        ("Не работает телефон сегодня", "cp1251"),
        ("Не работает телефон сегодня", "koi8_r"),
        ("Το τηλέφωνο δεν λειτουργεί", "cp1253"),
        ("הטלפון לא עובד מהבוקר", "cp1255"),
        ("الهاتف لا يعمل منذ الصباح الرجاء المساعدة", "cp1256"),
        ("โทรศัพท์ใช้ไม่ได้ ตั้งแต่เช้า", "cp874"),
    ],
)
def test_what_nobody_can_tell_for_certain_is_refused_and_utf_8_is_asked_for(words, encoding):
    content = f"id;subject\n1;Hello\n2;{words}\n".encode(encoding)
    with pytest.raises(
        NotATable, match=r"^it is not in UTF-8, .* \(read as cp1252 it has '.+' in it\); save it as UTF-8$"
    ):
        rows_of(content)
    for told in (f"id;subject\n1;{words}\n".encode("utf-8-sig"), f"id\tsubject\n1\t{words}\n".encode("utf-16")):
        assert rows_of(told) == ([["id", "subject"], ["1", words]], [])
    assert rows_of(content, encoding=encoding)[0][2] == ["2", words]


@pytest.mark.parametrize(
    "words",
    [
        "äöüß ÄÖÜ", "àèéìòù", "áéíóú ñ", "Störung bei Müller & Söhne; Größe 20 €", "È caduta così, perché? «Città» 3ª n° 5",
        "L’été à l’école, « Été » créée, Noël, œuvre d’Éric…", "¿Dónde está el señor Núñez? ¡Ójala!", "é", "ÇA A ÉTÉ COUPÉ",
        "informação à mãe", "ääni, työ, hyvää päivää", "blåbærgrød på køb", "20 °C, ±5 %, 3 m², § 5, © ™ – „so“",
    ],
)  # fmt: skip
def test_what_spreadsheets_of_western_europe_write_is_read(words):
    content = f"id\tsubject\n1\t{words}\n".encode("cp1252")
    assert rows_of(content)[0][1] == ["1", words]


def test_one_broken_byte_makes_no_other_encoding_of_utf_8():
    found, notes = rows_of("id;subject\n1;größer\n2;schöner\n".encode() + b"3;kaputt \xff\n")
    assert [row[1] for row in found] == ["subject", "größer", "schöner", "kaputt \ufffd"]
    assert notes == []


def test_an_encoding_that_is_told_goes_before_what_is_found():
    found, notes = rows_of("id;subject\n1;Žluťoučký\n".encode("cp1250"), encoding="cp1250")
    assert (found[1][1], notes) == ("Žluťoučký", [])
    with pytest.raises(NotATable, match="'utf-99' is not an encoding"):
        rows_of(b"id\n", encoding="utf-99")


@pytest.mark.parametrize(("first", "separator"), [("sep=,", ","), ("sep=;", ";"), ('"sep=|"', "|"), ("SEP=\t", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_line_that_names_the_separator_is_obeyed_and_counted(first, separator, encoding):
    content = f"{first}\r\nid{separator}a;b,c|d\r\n1{separator}x\r\n".encode(encoding)
    with opened(io.BytesIO(content)) as table:
        assert next(row for row in table.rows if row)[0] == "id"
        assert table.rows.line_num == 2


def test_separators_within_quotes_separate_nothing():
    found, _ = rows_of(b'id;subject;body\n1;"a,b,c,d,e,f";"two\nlines, with ; in it"\n')
    assert found[1] == ["1", "a,b,c,d,e,f", "two\nlines, with ; in it"]


def test_names_of_columns_are_compared_without_case_blanks_and_hyphens():
    assert names_of([" Id", "Submitted  At", "requester-email", "Comment", "COMMENT"]) == [
        "id", "submitted_at", "requester_email", "comment", "comment_2",
    ]  # fmt: skip


def workbook(*sheets):
    book, file = Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, state, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


def test_a_workbook_gives_the_rows_of_its_first_sheet_that_is_shown_as_text():
    rows = [HEAD, [7, "Größe", datetime(2026, 3, 2, 10, 0, 0, 999_999)], [], [8.5, True, None], ["=1+1", "€", 7.0]]  # noqa: DTZ001
    content = workbook(("Notes", "hidden", [["no"]]), ("Tickets", "visible", rows), ("Old", "visible", []))
    found, notes = rows_of(content)
    assert found == [HEAD, ["7", "Größe", "2026-03-02 10:00:01"], ["8.5", "true", ""], ["", "€", "7"]]
    assert notes == ["read the sheet 'Tickets' only, not Old"]


def archive(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return file.getvalue()


BOMB = archive(**{"xl__workbook.xml": b"<x/>", "xl__big.xml": b"\0" * 30_000_000})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7 ...", "this is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
        (archive(**{"content.xml": "<x/>"}), "an OpenDocument file"),
        (archive(**{"xl__workbook.bin": "x"}), "a binary Excel workbook"),
        (archive(**{"letter.txt": "x"}), "a ZIP archive"),
        (archive(**{"xl__workbook.xml": "<no"}), "this workbook is damaged"),
        (b"PK\x03\x04", "this workbook is damaged"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\xef\xbb\xbf  <html><table><tr><td>id", "a web page"),
        (b'<?xml version="1.0"?><Workbook>', "a web page or XML"),
        (b"SQLite format 3\0", "an SQLite database"),
    ],
)
def test_what_is_no_table_is_named(content, told):
    with pytest.raises(NotATable, match=told):
        rows_of(content)


def test_a_small_archive_with_much_in_it_is_refused_before_it_is_unpacked():
    assert len(BOMB) < 100_000
    with pytest.raises(NotATable, match=r"too large \(28 MB unpacked\)"):
        rows_of(BOMB, largest=20_000_000)


def test_a_workbook_that_is_damaged_within_is_told_as_it_is_read():
    content = bytearray(workbook(("A", "visible", [["id", "x" * 5000]] * 50)))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as packed:
        start = packed.getinfo("xl/worksheets/sheet1.xml").header_offset
    content[start + 80 : start + 120] = b"\xff" * 40
    with pytest.raises(NotATable, match="damaged"):
        rows_of(bytes(content))
