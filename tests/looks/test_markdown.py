"""What people write is drawn in a time that grows with its length, and long texts are not kept in memory."""

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
