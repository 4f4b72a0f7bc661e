"""The plain part of a letter holds no Markdown that only a program reads."""

import pytest

from puntuale.mail.plain import as_plain

UNCHANGED = [
    "We are *on it*.",
    "Set `__init__` no, __init__ as it is",
    "- one\n- two\n  - three",
    "1. one\n2. two",
    "> you said\n> this\n\nNo.",
    "Line one\nLine two\n\n\nA gap",
    "2 * 3 * 4 = 24, a_b_c, <tag>",
    "   laid out   by hand",
    "https://example.com/a_b?c=d",
    "",
]


@pytest.mark.parametrize("said", [one for one in UNCHANGED if "`" not in one])
def test_what_reads_well_stays_as_it_was_written(said):
    assert as_plain(said) == said


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("See [the page](https://example.com/x).", "See the page <https://example.com/x>."),
        ("[https://example.com](https://example.com)", "https://example.com"),
        ("<https://example.com> and <a@b.test>", "https://example.com and a@b.test"),
        ("[Mail us](mailto:a@b.test)", "Mail us <mailto:a@b.test>"),
        ("[*a* **b**](https://x.test)", "*a* *b* <https://x.test>"),
        ("![alt](https://x.test/a.png)", "!alt <https://x.test/a.png>"),
        ("[a][1]\n\n[1]: https://x.test", "a <https://x.test>"),
        ("## Steps\n\nGo.", "Steps\n\nGo."),
        ("Steps\n=====\n\nGo.", "Steps\n\nGo."),
        ("**Now** or ~~never~~", "*Now* or ~~never~~"),
        ("Run `ls -l`.", "Run ls -l."),
        ("```sh\nls -l\n\npwd\n```", "    ls -l\n\n    pwd"),
        ("* one\n* two\n\n  more", "- one\n- two\n\n  more"),
        ("3) three\n4) four [x](https://y.test)", "3. three\n4. four x <https://y.test>"),
        ("> see [x](https://y.test)\n> - a", "> see x <https://y.test>\n>\n> - a"),
        ("| a | b |\n|---|---|\n| 1 |   |", "a | b\n1 | "),
        ("A \\*star\\* &amp; a [link](https://x.test)", "A *star* & a link <https://x.test>"),
        ("* * *\n[a](https://x.test)", "---\n\na <https://x.test>"),
    ],
)
def test_markup_becomes_what_people_write_in_mails(said, plain):
    assert as_plain(said) == plain


@pytest.mark.parametrize(
    "said", ["> " * 500 + "x", "- " * 500 + "x", "[" * 5_000, "*" * 5_000, "`" * 5_000, "|" * 5_000]
)
def test_no_text_is_too_strange(said):
    assert isinstance(as_plain(said), str)
