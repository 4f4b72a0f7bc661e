"""An answer that says nothing keeps nothing, by whichever door it comes."""

from uuid import uuid4

import pytest

from puntuale.tickets import conversation, texts
from puntuale.tickets.models import Message, Ticket
from puntuale.tickets.texts import TextRefused
from tests.tickets.deeds import FRIDAY, fresh

NOTHING = {
    "zero width": "\u200b\u2060",
    "hangul filler": "\u3164",
    "braille blank": "\u2800",
    "tags": "\U000e0041\U000e007f",
    "a mark alone": "\u0301",
    "a quote": "> quote only\n> and more",
    "a quote in a list": "- > quoted",
    "a quote with its introduction": "On Mon, Nov 30, 2026 at 3:04 PM Liam <liam@acme.test>\nwrote:\n\n> Hello?",
    "a signature": "-- \nAda Lorenzi\nSupport",
    "a quote and a signature": "> Hello?\n\n--\nAda",
    "an empty block of code": "```\n```",
    "a fenced blank": "~~~python\n \n~~~",
    "empty code": "` `",
    "a comment": "<!-- hidden -->",
    "a comment over lines": "<!-- hidden\n\nfurther -->",
    "empty markup": "<p><b></b>&nbsp;<br></p>",
    "empty block": "<div>\n</div>",
    "empty emphasis": "**** __ ~~~~",
    "a link without words": "[](https://example.org)",
    "a picture without words": "![](https://example.org/a.png)",
    "a definition of a link": "[a]: https://example.org",
    "a rule": "---",
    "another rule": "* * *",
    "a drawn rule": "──────",
    "an empty list": "- \n- \n1. ",
    "an empty heading": "##",
    "an empty table": "| | |\n|---|---|\n| | |",
    "entities": "&nbsp;&#8203;&shy;&zwnj;",
    "dots": "...",
}
SOMETHING = {
    "a word": "Yes.",
    "a thumb": "👍",
    "a number": "> how many?\n\n42",
    "a line below a quote": "> quoted\nmine",
    "words above a signature": "Done.\n\n-- \nAda",
    "code": "```\n> SELECT 1;\n```",
    "words in markup": "<div>Restart it.</div>",
    "words in a link": "[here](https://example.org)",
    "an address": "<https://example.org>",
    "words of a picture": "![the log](https://example.org/a.png)",
    "a time before a quote": "We will call you at 15:00, as to this:\n> when?",
    "a list below a mark": "--\n" + "\n".join(f"- step {step}" for step in range(12)),
}


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


def stands_unanswered(ticket):
    row = fresh(ticket)
    return row.answered_at is None and row.messages.count() == 1 and not hasattr(row.promises.get(), "ending")


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING.keys())
def test_an_answer_of_nothing_is_refused_and_keeps_nothing(company, ticket, body):
    with pytest.raises(TextRefused) as refused:
        conversation.answer(ticket, body=body, by=company.ada, at=FRIDAY)
    assert refused.value.rule in {"text.empty", "text.says_nothing"}
    assert stands_unanswered(ticket)


@pytest.mark.parametrize("body", SOMETHING.values(), ids=SOMETHING.keys())
def test_an_answer_of_anything_keeps_the_promise(company, ticket, body):
    conversation.answer(ticket, body=body, by=company.ada, at=FRIDAY)
    assert fresh(ticket).answered_at == FRIDAY


def test_the_longest_answer_is_looked_through(company, ticket):
    quoted = "> quoted\n" * 20_000
    assert not texts.says_something(quoted)
    assert texts.says_something(f"{quoted}\nmine")


DOORS = ("> quote only", "-- \nAda", "<!-- -->", "\u2060")


@pytest.mark.parametrize("body", DOORS)
def test_the_desk_refuses_it_and_keeps_what_was_typed(company, ticket, signed_in, body):
    page = signed_in("ada").post(f"/en/desk/{ticket.number}/answers/", {"body": body, "then": "waiting"})
    assert page.status_code == 422
    assert stands_unanswered(ticket)


UNSEEN = ("\u200b", "\u2060\u2060", "\u3164 \u2800", "<!-- -->")


@pytest.mark.parametrize("text", UNSEEN)
def test_first_messages_and_further_ones_have_to_be_seen_too(company, ticket, text):
    with pytest.raises(TextRefused):
        company.ticket(at=FRIDAY, body=text)
    for verb, by in ((conversation.follow_up, company.anna), (conversation.note, company.ada)):
        with pytest.raises(TextRefused):
            verb(ticket, body=text, by=by, at=FRIDAY, key=uuid4())
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)


@pytest.mark.parametrize("text", UNSEEN[:3])
def test_subjects_and_explanations_have_to_be_seen_too(company, text):
    for refused in (texts.subject, texts.name, texts.explanation):
        with pytest.raises(TextRefused):
            refused(text)
    with pytest.raises(TextRefused):
        company.ticket(at=FRIDAY, subject=text)
    assert texts.explanation(text, may_be_empty=True) == ""


SEEN = ("???", "> the error, quoted", '<error code="5"/>', "<br>", "Look:\n\n<p></p>", "<!-- hidden --><i></i>")


@pytest.mark.parametrize("body", SEEN)
def test_a_customer_may_write_what_is_only_seen_a_question_mark_or_a_quote_or_a_tag(company, ticket, body):
    conversation.follow_up(ticket, body=body, by=company.anna, at=FRIDAY)
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("body", ["<!-- hidden -->", "<!-- hidden\n\nfurther -->", "<!-- never closed", "- <!-- x -->"])
def test_a_comment_alone_is_seen_by_nobody(company, ticket, body):
    with pytest.raises(TextRefused):
        conversation.follow_up(ticket, body=body, by=company.anna, at=FRIDAY)
