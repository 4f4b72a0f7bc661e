"""What people write is drawn in a time that grows with its length, and long texts are not kept in memory."""

import pytest

from puntuale.looks import markdown

FOLD = "Show the quote"


def test_long_quotes_are_folded_wherever_they_stand():
    long, short = "> a\n" * 5, "> a\n> > b\n"
    drawn = str(markdown.rendered(f"{long}\ntext\n\n{short}\nmore\n\n{long}", FOLD))
    assert drawn.count("<details>") == drawn.count("</details>") == 2
    assert drawn.count("<blockquote>") == drawn.count("</blockquote>") == 4


def test_sec_s17_closing_a_quote_looks_for_nothing_in_what_stands_before():
    # A text of 200,000 signs is 40,000 quotes, and looking back from each took 15 s.
    env = {"quotes": [True, False]}
    assert markdown._quote_close(None, (), 0, {}, env) == "</blockquote>\n"
    assert markdown._quote_close(None, (), 0, {}, env) == "</blockquote></details>\n"
    assert markdown._rendered("> a\n\n" * 2_000, FOLD).count("</blockquote>") == 2_000


def test_only_short_texts_are_kept():
    markdown._kept.cache_clear()
    markdown.rendered("a" * markdown.LONGEST_KEPT, FOLD)
    markdown.rendered("a" * (markdown.LONGEST_KEPT + 1), FOLD)
    assert markdown._kept.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://status.example.org/2.", "https://status.example.org/2"),
        ("(http://example.org/a_(b)?c=d&e=f#g),", "http://example.org/a_(b)?c=d&amp;e=f#g"),
        ("Look at www.example.org/path!", "http://www.example.org/path"),
        ("WWW.Example.org", "http://WWW.Example.org"),
        ("mail to anna@northwind.example.org, please", "mailto:anna@northwind.example.org"),
        ("> https://quoted.example.org/", "https://quoted.example.org/"),
        ("<https://pointed.example.org/>", "https://pointed.example.org/"),
        ("https://b\u00fccher.example/", "https://xn--bcher-kva.example/"),
        ("![a picture](https://pictures.example.org/1.png)", "https://pictures.example.org/1.png"),
    ],
)
def test_bare_addresses_and_pictures_are_links(text, link):
    drawn = str(markdown.rendered(text, FOLD))
    assert drawn.count("<a ") == 1
    assert f'<a href="{link}" rel="noopener noreferrer nofollow">' in drawn
    assert "<img" not in drawn


@pytest.mark.parametrize(
    "text",
    [
        "`https://code.example.org/`",
        "```\nhttps://code.example.org/\n```",
        "report.final.md, node.js and 10.20.30.40",
        "javascript:alert(1) data:text/html,x vbscript:x",
        "ftp://old.example.org/ //example.org/ file:///etc/passwd",
        "www. wwww.example.org http:// https://",
        "![x](javascript:alert(1))",
    ],
)
def test_other_texts_are_no_links(text):
    assert "<a " not in str(markdown.rendered(text, FOLD))


def test_a_link_that_was_written_out_stays_as_it_was_written():
    drawn = str(markdown.rendered("[our page https://a.example/](https://b.example/)", FOLD))
    assert drawn.count("<a ") == 1
    assert 'href="https://b.example/"' in drawn


@pytest.mark.parametrize("piece", ["http://", "www.", "a@", "mailto:", "https://a.example/(", "a.b@c.d/"])
def test_sec_s17_looking_for_addresses_takes_time_in_proportion(piece):
    assert len(markdown._rendered(piece * (200_000 // len(piece)), FOLD)) > 100_000


@pytest.mark.parametrize("text", ["a line of a log\n" * 3_000, "![" * 2_600, "[" * 5_001, "|" * 9_000, "*a_" * 3_000])
def test_sec_s17_endless_texts_and_texts_of_marks_are_shown_as_they_were_written(text):
    assert str(markdown.rendered(f"<b>{text}", FOLD)) == f"<pre>&lt;b&gt;{text}</pre>"


def test_a_text_with_some_marks_is_drawn():
    assert "<strong>" in str(markdown.rendered("**bold** " * 1_000, FOLD))
