"""What is written in plain text reads as it was written: on pages, in letters, over the API, and after an export."""

import re

import pytest

from puntuale.api.told.conversation import MessageTold
from puntuale.looks import markdown, plain
from puntuale.mail import letters
from puntuale.mail.incoming import reviewing
from puntuale.mail.incoming.html import as_markdown
from puntuale.tickets import conversation, splitting
from puntuale.tickets.models import Message
from tests.looks.test_plain import WRITTEN, seen
from tests.mail.incoming.test_opening import INVITED, calendar, mixed, read
from tests.mail.post import letter, mail, taken
from tests.mail.test_plain import UNCHANGED
from tests.tickets.deeds import FRIDAY

SAID = "Set __init__, please:\n\n1. one\n1. *two*\n# three\n    def f():\n        pass\nSee https://example.org/a_b"


def shown(page):
    return page.replace("&nbsp;", " ")


@pytest.mark.parametrize(("name", "route"), [("ada", "desk"), ("anna", "tickets")])
def test_plain_mail_reads_as_written_on_pages(signed_in, company, reader, name, route):
    ticket = taken(mail(body=SAID), FRIDAY, reader).ticket
    page = shown(signed_in(name).get(f"/en/{route}/{ticket.number}/").content.decode())
    for line in ("Set __init__, please:", "1. one", "1. *two*", "# three", "    def f():", "        pass"):
        assert line in page
    assert 'href="https://example.org/a_b"' in page
    assert ticket.messages.get().body == SAID


def test_it_reads_as_written_in_letters(company, reader):
    ticket = company.ticket(at=FRIDAY)
    message = conversation.follow_up(ticket, body=SAID, by=company.anna, at=FRIDAY, is_plain=True)
    told = letters.write([letter(ticket.events.get(facts__message=message.pk), company.ada, FRIDAY)], FRIDAY)
    assert SAID in told.text
    assert "Set __init__, please:" in told.html
    assert "1. one<br>1. *two*<br># three" in told.html


def test_what_agents_answer_by_mail_and_what_is_put_beside_a_ticket_is_as_plain(company, reader):
    ticket = company.ticket(at=FRIDAY)
    stranger = taken(mail("Somebody <who@strangers.test>", body="__a__"), FRIDAY, reader)
    reviewing.attach(stranger, ticket, by=company.mara, at=FRIDAY)
    note = ticket.messages.get(audience="internal")
    assert (note.is_plain, note.body) == (True, "who@strangers.test\nCalls drop\n\n__a__")


def test_a_copy_of_plain_text_is_plain(company, reader):
    message = taken(mail(body=SAID), FRIDAY, reader).ticket.messages.get()
    copy = splitting.split(message, subject="Another", by=company.ada, at=FRIDAY).messages.get()
    assert (copy.is_plain, copy.body) == (True, SAID)


def test_the_api_tells_plain_text_from_markdown(company, reader):
    ticket = taken(mail(body=SAID), FRIDAY, reader).ticket
    conversation.answer(ticket, body="**Done.**", by=company.ada, at=FRIDAY)
    told = [MessageTold.of(one, []) for one in ticket.messages.select_related("author").order_by("pk")]
    assert [(one.is_plain, one.body) for one in told] == [(True, SAID), (False, "**Done.**")]


def test_what_only_markdown_would_hide_is_seen_in_plain_text(company, reader):
    for said in ("[1]: https://example.org/log", "---", "&nbsp;"):
        assert Message.objects.get(mailed__incoming=taken(mail(body=said), FRIDAY, reader)).body == said


def test_html_is_markdown_and_what_stands_plain_beside_it_is_escaped(tmp_path):
    html = ("Content-Type: text/html", "<p><b>Bold</b></p>")
    contents = read(mixed(("Content-Type: text/plain", "__init__\n> # quoted\n1. a"), html), tmp_path)
    assert (contents.is_plain, contents.text) == (False, "\\_\\_init\\_\\_\n> \\# quoted\n1\\. a\n\n**Bold**")
    assert read(mixed(("Content-Type: text/plain", "__init__")), tmp_path).is_plain
    assert not read(mixed(("Content-Type: text/markdown", "**Bold**")), tmp_path).is_plain


def test_what_an_invitation_says_is_no_markdown(tmp_path):
    lines = [line.replace("Gate in", "__main__ in") for line in INVITED]
    contents = read(mixed(calendar(*lines)), tmp_path)
    assert not contents.is_plain
    assert "__main__ in Zürich" in str(markdown.rendered(contents.text, "Quoted")).replace("<strong>", "")


@pytest.mark.parametrize("said", [*WRITTEN, *UNCHANGED, SAID, "a ![x](y) ~~s~~ `c` \\n\n-- \nme"])
def test_markdown_of_plain_text_draws_the_same_words(said):
    draw = [seen(str(one)) for one in (markdown.rendered(as_markdown(said), "Q"), plain.drawn(said, "Q"))]
    words = [re.sub(r"> |(?<=[ ^])- ", "", f" {' '.join(lines)}").split() for lines in draw]
    assert words[0] == words[1]
