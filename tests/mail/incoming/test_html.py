"""HTML mail as text: what it says stays what it says, on the page, in letters, and as it stands."""

import re

import pytest

from puntuale.looks.markdown import rendered
from puntuale.mail.incoming.html import as_plain

DATA = "<table><tr><td>Site</td><td>Calls</td><td>Lost</td></tr><tr><td>A<td><td>5</tr><tr><td></td><td>3</td><td>7"
WORD = (
    "<table class=MsoNormalTable><tr><td><p class=MsoNormal>Site<o:p></o:p></p></td><td><p>Calls</p></td></tr>"
    "<tr><td><p class=MsoNormal>&nbsp;</p></td><td><p>3</p></td></tr></table>"
)
OUTLOOK = (
    "<p>Sure.</p><div style='border-top:solid'><p><b><span>From:</span></b><span> Support &lt;s@v.example&gt;<br>"
    "<b>Sent:</b> Friday<br><b>To:</b> Anna<br><b>Subject:</b> Calls</span></p></div><p>Since when?</p>"
)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<ol start=3><li>a<li>b<ul><li>x</ul></ol>", "3. a\n4. b\n   - x"),
        ("<p><![if !supportLists]><span>1.<span>&nbsp;&nbsp;</span></span><![endif]>First</p>", "1. First"),
        (DATA, "| Site | Calls | Lost |\n| ---- | ----- | ---- |\n| A    |       | 5    |\n|      | 3     | 7    |"),
        (WORD, "| Site | Calls |\n| ---- | ----- |\n|      | 3     |"),
        ("<table><tr><td><table><tr><td><p>Hello</p><p>World</p></table></table>", "Hello\n\nWorld"),
        ("<table><tr><td>Anna</td><td>Northwind</td></tr></table>", "Anna\n\nNorthwind"),
        ("<p>a <s>b</s> <del>c</del> <strike>d</strike></p>", "a ~~b~~ ~~c~~ ~~d~~"),
        ("<p>not <span style='text-decoration:line-through'>this</span> but that</p>", "not ~~this~~ but that"),
        ("<p style='text-decoration:line-through'>old <b>price</b></p><p>new</p>", "~~old~~ **~~price~~**\n\nnew"),
        ("<ul><li style='text-decoration:line-through'>a<li>b</ul>", "- ~~a~~\n- b"),
        ("<p><font style='text-decoration: line-through' color=red>a</font> b</p>", "~~a~~ b"),
        ("<div style='text-decoration-line:line-through'><s>a</s><p>b</div>c", "~~a~~\n\n~~b~~\n\nc"),
        ("<p><a href='https://x.example' style='text-decoration:line-through'>a</a> b<p>c", "~~a~~ <https://x.example> b\n\nc"),
        ("<p><a href='https://x.example' style='display:none'>a</a> b<p>c", "b\n\nc"),
        ("<p>10<sup style='text-decoration:line-through'>3</sup> b<p>c", "10^(~~3~~) b\n\nc"),
        ("<p>10<sup>3</sup> m<sup>2</sup> H<sub>2</sub>O 1<sup>st</sup> e<sup>x</sup></p>", "10³ m² H₂O 1st e^x"),
        ("<h2>Title</h2><p>text</p>", "## Title\n\ntext"),
        ("<pre>def __init__(*a):\n    x = 1</pre>", "```\ndef __init__(*a):\n    x = 1\n```"),
        ("<p>use <code>__init__ *x*</code></p>", "use `__init__ *x*`"),
        ('<a href="https://x.example/a_b?c=1&amp;d=2">here</a>', "here <https://x.example/a_b?c=1&d=2>"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="https://bank.example">https://x.example</a>', "https://x.example <https://bank.example>"),
        ('<a href="mailto:a@x.example">a@x.example</a> <a href="javascript:x">js</a>', "a@x.example js"),
        ('<a href="https://x.example"><img src="https://t.example/1.gif"></a>x', "x"),
        ('<p>See <img src="cid:i1" alt="Pic"> <img src="https://x.example/g.png" alt="Graph"></p>', "See [cid:i1] [Graph]"),
        ("<div style='display:none'>Preheader</div><span style='mso-hide: all'>x</span><p>Body</p>", "Body"),
        ("<p>Body &zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;</p>", "Body"),
        ("<p>می‌خواهم</p>", "می‌خواهم"),
        ("<style>p{}</style><script>x()</script><title>T</title><p>Body</p>", "Body"),
        ("<div>a<br>b<br><br>c</div><div>d</div>", "a\nb\n\nc\n\nd"),
        ("<p>new</p><blockquote type=cite>old<blockquote>older</blockquote></blockquote><p>after</p>",
         "new\n> old\n>\n> > older\n\nafter"),
        (OUTLOOK, "Sure.\n\n**From:** Support <s@v.example>\n**Sent:** Friday\n**To:** Anna\n**Subject:** Calls\n\nSince when?"),
        ("plain &amp; simple", "plain & simple"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_says_as_text_what_it_said(html, said):
    assert as_plain(html) == said


@pytest.mark.parametrize(
    "said",
    ["2*3*4 = 24", "__init__.py", "snake_case_name", "`x`", "C:\\*.tmp", "\\\\srv\\share", "~~no~~", "# 5", "+ 6", "a ** b",
     "https://x.example/a_b_/c_d", "5 * 3 * 2"],
)  # fmt: skip
def test_what_markdown_would_take_for_a_mark_stands_on_the_page_as_it_was_written(said):
    html = f"<p>{said}</p>"
    drawn = re.sub(r"</?a\b[^>]*>", "", str(rendered(as_plain(html), "quoted")))
    assert drawn.strip() == html


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 3_000 + "It drops" + "</div>" * 3_000,
        "<div>" * 3_000 + "It drops",
        "<b>" * 100_000 + "It drops",
        "<table><tr><td>" * 2_000 + "It drops",
        "<p>It drops<sup>" * 2_000,
        "It drops</p></div></table>" * 1_000,
        "<p>It drops <!-- never closed",
        "<p>It drops <a href='https://x.example/" + "a" * 100_000,
        "It drops" + "&nbsp;" * 100_000,
    ],
)
def test_nothing_is_lost_in_what_nobody_would_write(html):
    assert "It drops" in as_plain(html)
