"""Who a mail is from, in every form that real mail has, and bytes that are not what they are called."""

import pytest

from puntuale.mail.incoming.headers import Headers, as_text, decoded, sender


def of(said):
    raw = said if isinstance(said, bytes) else said.encode()
    return sender(Headers(b"Subject: x\nFrom: " + raw + b"\n"))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Liam Okafor <liam@harbour.example>", "Liam Okafor"),
        ("Okafor, Liam <liam@harbour.example>", "Okafor, Liam"),
        ("Okafor; Liam <liam@harbour.example>", "Okafor; Liam"),
        ('"Okafor, Liam" <liam@harbour.example>', "Okafor, Liam"),
        ('"Okafor, Liam <liam@harbour.example>', "Okafor, Liam"),
        ('Liam "the boss, really" Okafor <liam@harbour.example>', "Liam the boss, really Okafor"),
        ("=?iso-8859-1?Q?B=FCrling,=20Andreas?= <liam@harbour.example>", "Bürling, Andreas"),
        ("=?utf-8?Q?Okafor;_Liam?= <liam@harbour.example>", "Okafor; Liam"),
        ("=?utf-8?Q?Okafor=2C_Liam?= <liam@harbour.example>", "Okafor, Liam"),
        ("Bürling, Andreas <liam@harbour.example>", "Bürling, Andreas"),
        ("Bürling, Andreas <liam@harbour.example>".encode("cp1252"), "Bürling, Andreas"),
        ("Liam <liam@harbour.example>,", "Liam"),
        ("Liam <liam@harbour.example>;", "Liam"),
        (", Liam <liam@harbour.example>", "Liam"),
        ("liam@harbour.example,", ""),
        ("Liam <mailto:liam@harbour.example>", "Liam"),
        ("<mailto:liam@harbour.example>", ""),
        ("mailto:liam@harbour.example", ""),
        ("'liam@harbour.example' <liam@harbour.example>", "'liam@harbour.example'"),
        ("liam@harbour.example <liam@harbour.example>", "liam@harbour.example"),
        ("Liam <liam@harbour.example> <liam@harbour.example>", "Liam"),
        ("Liam <liam@harbour.example>, Liam <liam@harbour.example>", "Liam, Liam"),
        ("liam@harbour.example (Liam, (of) Harbour)", ""),
        ("Okafor,\r\n Liam\r\n <liam@harbour.example>", "Okafor, Liam"),
        ('"elsewhere@other.example" <liam@harbour.example>', "elsewhere@other.example"),
        ("Liam (elsewhere@other.example) <liam@harbour.example>", "Liam (elsewhere@other.example)"),
        ("O'Neil, Bob (a; b) <liam@harbour.example>", "O'Neil, Bob (a; b)"),
        ("Liam <liam@harbour.example", "Liam"),
        ("Liam <liam@harbour.example.>", "Liam"),
        ("Liam <Sales> <liam@harbour.example>", "Liam"),
    ],
)  # fmt: skip
def test_there_is_one_address_and_the_name_is_whatever_stands_around_it(said, name):
    address, beside = of(said)
    assert (address, beside.replace("  ", " ")) == ("liam@harbour.example", name)


def test_capitals_stay_as_they_came():
    assert of("LIAM <LIAM@HARBOUR.EXAMPLE>") == ("LIAM@HARBOUR.EXAMPLE", "LIAM")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Liam",
        "<>",
        "undisclosed-recipients:;",
        "liam@harbour.example, boss@harbour.example",
        "Liam <liam@harbour.example>, Boss <boss@harbour.example>",
        "Liam <liam@harbour.example>; boss@harbour.example",
        "boss@harbour.example, Liam <liam@harbour.example>",
        "boss@harbour.example <liam@harbour.example>",
        "<liam@harbour.example> <boss@other.example>",
        "<liam@harbour.example <boss@other.example>",
        '"liam@harbour.example"',
        "(liam@harbour.example)",
        "Liam <li am@harbour.example>",
        'Liam <"liam"@harbour.example>',
        "Liam <liam@@harbour.example>",
        "Liam <liam@harbour.example\x00>",
        "=?utf-8?Q?Liam_=3Cliam=40harbour=2Eexample=3E?=",
        '"Liam" <boss@other.example> "<liam@harbour.example>',
    ],
)
def test_two_addresses_or_none_are_nobody(said):
    assert of(said) == ("", "")


def test_two_headers_are_nobody():
    assert sender(Headers(b"From: liam@harbour.example\nFrom: liam@harbour.example\n")) == ("", "")


@pytest.mark.parametrize(
    ("raw", "charset", "said"),
    [
        ("Здравствуйте, мир".encode().replace("й".encode(), b"\xd0"), "utf-8", "Здравству\ufffdте, мир"),
        ("Größe, schön, für".encode() + b"\xff", "utf-8", "Größe, schön, für\ufffd"),
        ("日本語です".encode() + b"\xff", "iso-2022-jp", "日本語です\ufffd"),
        ("déjà vu à".encode() + b"\xe9", "us-ascii", "déjà vu à\ufffd"),
        (b"Fr+APY-sche", "utf-7", "Frösche"),
        (b"a + b", "utf-7", "a + b"),
        ("für".encode("cp1252"), "utf-8", "für"),
        ("für".encode("cp1252"), "us-ascii", "für"),
        ("für".encode("cp1252"), "x-unknown", "für"),
        ("für".encode(), "x-unknown", "für"),
        ("für".encode(), "iso-8859-1", "für"),
        ("“für” €5".encode("cp1252"), "iso-8859-1", "“für” €5"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("привет".encode("cp1251"), "windows-1251", "привет"),
        ("日本語".encode("iso2022_jp"), "ISO-2022-JP", "日本語"),
        ("①日本".encode("cp932"), "shift_jis", "①日本"),
        ("朱镕基".encode("gb18030"), "gb2312", "朱镕基"),
        ("똠방각하".encode("cp949"), "ks_c_5601-1987", "똠방각하"),
        ("hello".encode("utf-16"), '"utf-16"', "hello"),
        ("hello".encode("utf-16")[:-1], "utf-16", "hell\ufffd"),
        (b"\x1b$B-!-j\x1b(B 1", "iso-2022-jp", "\u2460\u3231 1"),
        (b"\x1b(I6E\x1b(B\n\x1b$BF|K\\\x1b(B", "iso-2022-jp", "\uff76\uff85\n日本"),
        (b"\x1b$BF|K\\\x1b(B \xff", "iso-2022-jp", "日本 \ufffd"),
        (b"Fr+APY-sche \xff", "utf-7", "Frösche \ufffd"),
        ("Größe".encode(), "utf-7", "Größe"),
        ("שלום".encode("iso-8859-8"), "iso-8859-8-i", "שלום"),
        ("สวัสดี".encode("cp874"), "windows-874", "สวัสดี"),
        ("日本語".encode("cp932"), "x-sjis", "日本語"),
        ("Größe".encode("cp850"), "cp-850", "Größe"),
        ("привет".encode("cp1251"), "x-cp1251", "привет"),
        ("日本語".encode("euc_jp"), "x-euc-jp", "日本語"),
        (b"plain", "base64", "plain"),
        (b"plain", "undefined", "plain"),
    ],
)
def test_a_broken_byte_costs_one_character_and_a_wrong_name_none(raw, charset, said):
    assert as_text(raw, charset) == said


def test_so_do_encoded_words():
    assert decoded("=?utf-7?Q?Fr+APY-sche?=") == "Frösche"
    assert decoded("=?utf-8?Q?Gr=C3=B6=C3=9Fe=FF?=") == "Größe\ufffd"
