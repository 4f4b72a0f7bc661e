"""Plain text is shown as it was written: no character is a mark, spaces and lines stay, addresses become links."""

import re
from html import unescape
from time import perf_counter

import pytest

from puntuale.looks import plain

WRITTEN = [
    "Set __init__ and **kwargs, 2*3*4, a_b_c and ~~not~~ `this`",
    "# no heading\ntext\n---\nmore\n===",
    "1. one\n1. one again\n7) seven\n* star\n+ plus\n- minus",
    "    def f(x):\n        return x\n\n\tby a tab",
    "| a   | b |\n|-----|---|\n| 1   |   |",
    "[text](https://example.org/x) ![picture](https://example.org/x.png) [1]: https://example.org",
    "<script>alert(1)</script> <b>bold</b> &amp; &lt; <!-- hidden -->",
    "Regards\n-- \nAnna\\\nConti",
    "> quoted\nmine\n> > deeper",
    "\n\n  \nlate",
]


def seen(html):
    """What a reader sees of a page: the marks of quotes are drawn, so they are put back."""
    html = html.replace("<blockquote><p>", "<blockquote>> ").replace("<summary>Quoted</summary>", "")
    text = unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</p>", "\n", html).replace("<blockquote>", "")))
    return [line.rstrip() for line in text.replace("\N{NO-BREAK SPACE}", " ").split("\n") if line.strip()]


@pytest.mark.parametrize("said", WRITTEN)
def test_plain_text_reads_as_it_was_written(said):
    html = str(plain.drawn(said, "Quoted"))
    assert seen(html) == [line.rstrip() for line in said.expandtabs().split("\n") if line.strip()]
    assert not re.search(r"<(?!/?(?:p|br|a|blockquote|details|summary)\b)", html)


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("See https://example.org/a_b?c=*d*&e, or <www.example.org>.",
         ["https://example.org/a_b?c=*d*&amp;e", "http://www.example.org"]),
        ("anna@northwind.org\n  https://example.org/", ["mailto:anna@northwind.org", "https://example.org/"]),
        ("> https://example.org/quoted", ["https://example.org/quoted"]),
        ("javascript:alert(1) ftp://example.org report.final.md", []),
    ],
)  # fmt: skip
def test_bare_addresses_become_links(said, links):
    assert re.findall(r'href="([^"]*)"', str(plain.drawn(said, "Quoted"))) == links


def test_long_quotes_are_folded_and_what_follows_them_is_not_part_of_them():
    html = str(plain.drawn("> a\n> b\n> c\n> d\nmine\n> short\nmine too", "Quoted"))
    assert html.count("<details>") == 1
    assert "</details><p>mine</p><blockquote><p>short</p></blockquote><p>mine too</p>" in html


@pytest.mark.parametrize("said", ["> a\nb\n" * 5_000, "*_[" * 12_000, " \n" * 19_000 + "x", "a@b.c " * 6_000])
def test_no_text_takes_long(said):
    began = perf_counter()
    plain.drawn(said, "Quoted")
    assert perf_counter() - began < 5
