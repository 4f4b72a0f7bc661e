"""Whatever was written into an answer or pasted below it is the writer's own, unless the desk knows every line of it."""

import textwrap

import pytest

from puntuale.mail import letters
from puntuale.mail.incoming.folding import BREAK
from puntuale.mail.incoming.html import as_plain
from puntuale.mail.incoming.known import Known
from puntuale.mail.models import Incoming, Outcome
from puntuale.mail.threads import Thread, reply_address
from puntuale.tickets import conversation
from tests.mail.post import HOST, letter, mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY

BODY = "Since this morning every call drops after exactly ten seconds, and nobody can say why.\n\nWhat shall we do?"
HEADING = "On Fri, 20 Nov 2026 at 16:00, Support <support@vendor.example> wrote:"
HEADER = "From: Support <support@vendor.example>\nSent: Friday\nTo: Ada\nCc: Bo\nSubject: {}\n"


@pytest.fixture
def ticket(company):
    return company.ticket(at=FRIDAY)


@pytest.fixture
def told(company, ticket):
    """The letter that tells Ada what Anna wrote."""
    conversation.follow_up(ticket, body=BODY, by=company.anna, at=FRIDAY)
    return letter(ticket.events.latest("pk"), company.ada, FRIDAY)


def drawn(one):
    return letters.write([one], FRIDAY)


def marked(text, width=68):
    wrapped = [line for one in text.split("\n") for line in textwrap.wrap(one, width, break_on_hyphens=False) or [""]]
    return "\n".join(f"> {line}".rstrip() for line in wrapped)


def answer_to(one, ticket, person, body, reader, **headers):
    said = {
        "To": reply_address(Thread(ticket.pk, person.pk)), "In_Reply_To": f"<{one.key}@vendor.example>",
        "Authentication_Results": f"{HOST}; dmarc=pass", "Subject": f"RE: {drawn(one).subject}",
        "Content_Type": "text/plain; charset=utf-8",
    } | headers  # fmt: skip
    return taken(mail(f"{person.name} <{person.email}>", body, **said), MONDAY, reader)


def sent_out(mail):
    assert mail.outcome == Outcome.JOINED, (mail.because, mail.problem)
    return mail.mailed.message.body


@pytest.mark.parametrize("language", ["en", "it", "de", "fr", "es"])
def test_the_quote_of_our_letter_stays_out_of_an_agents_answer(company, ticket, told, reader, language):
    company.ada.language = language
    company.ada.save()
    text, said = drawn(told).text, as_plain(drawn(told).html)
    header = HEADER.format(drawn(told).subject)
    for quote in (
        f"{HEADING}\n{marked(text)}",
        f"{HEADING}\n{marked(said, 50)}",
        f"{header}\n{said}",
        f"{header}\n{text}",
    ):
        assert sent_out(answer_to(told, ticket, company.ada, f"Restart it.\n\n{quote}", reader)) == "Restart it."
        Incoming.objects.update(received_at=FRIDAY - (MONDAY - FRIDAY))


def test_a_quote_alone_is_no_answer(company, ticket, told, reader):
    body = f"{HEADER.format(drawn(told).subject)}\n{drawn(told).text}"
    assert answer_to(told, ticket, company.ada, body, reader).outcome == Outcome.NOTED


@pytest.mark.parametrize(
    "written",
    [
        "My answers in CAPS.\n\n{header}\n{between}",
        "Siehe meine Kommentare\n\n{header}\n{between}",
        "Hi,\n\n{heading}\n{marked_between}",
        "Hi,\n\n{header}\n{text}\nRestart the gateway.",
        "Hi,\n\n{header}\nOk",
        "Hi,\n\n{header}\n{text}\n\U0001f44d",
        "Put this in:\n##- database section\nhost = db\n##- end",
        "Put this in:\n\n##- database section -##\nhost = db",
        "Done.\n\n{heading}\n> run this\n> and that",
        "Please run\n--\nsystemctl restart x\n--",
        "Hi,\n-- \nNew password: hunter2\nUser: admin",
        "Hi,\n\n{header}\n{said_before}",
        "Hi,\n\n{header}\n{text}\nIt works again now.",
        "Hi,\n\n{header}\n{text}\n\nYes",
        "Hi,\n\n{header}\nYes\n{text}",
        "Done, it works.\n-- \nAda Berg\nVendor\nTel. +39 02 1234 5678",
        "Done, it works.\n-- \nRed Green Blue\n\n{heading}\n> not ours",
    ],
    ids=range(17),
)
def test_law_every_line_that_an_agent_wrote_goes_out(company, ticket, told, reader, written):
    for said in ("Yes", "It works again now."):
        conversation.answer(ticket, body=said, by=company.ada, at=FRIDAY)
    text = drawn(told).text
    between = text.replace("What shall we do?", "What shall we do?\n[Ada] Restart the gateway.")
    body = written.format(
        header=HEADER.format(drawn(told).subject),
        text=text,
        between=between,
        said_before=text.replace("What shall we do?", "Yes\nWhat shall we do?"),
        marked_between=marked(between),
        heading=HEADING,
    )
    out = sent_out(answer_to(told, ticket, company.ada, body, reader))
    hers = [line for line in body.split("\n") if line.strip() and "vendor.example" not in line]
    assert [line for line in hers if line not in out.split("\n")] == []


def pasted(subject):
    return f"Look at this mail:\n\n{HEADER.format(subject)}\nThe carrier says that nothing is wrong."


@pytest.mark.parametrize(
    "body",
    [
        pasted("Calls"),
        pasted("Calls drop"),
        pasted("RE: [#7] Calls drop"),
        f"See what Bo says.\n\n{HEADING}\n> The line is cut in the cellar.\n> Nobody may go there.",
        f"See.\n\n{HEADING}\n> The line is cut.\n>\n> {HEADER.format('Calls drop')}\n> Older.",
    ],
)
@pytest.mark.parametrize(
    "headers",
    [{"Subject": "RE: Calls drop"}, {"Subject": "RE: [#7] Calls drop"}, {"To": "support@vendor.example"}],
    ids=range(3),
)
def test_what_the_desk_never_saw_is_shown_to_it(company, ticket, reader, body, headers):
    ours = letter(ticket.events.get(), company.anna, FRIDAY)
    one = answer_to(ours, ticket, company.anna, body, reader, **headers)
    assert one.mailed.own_lines == body.count("\n") + 1


def test_a_new_mail_with_the_beginning_of_our_line_is_shown_whole(company, reader):
    body = "My configuration:\n##- first -##\nhost = db\n##- Please write your answer above this line -##\nport = 1"
    one = taken(mail(body=body), FRIDAY, reader)
    assert (one.outcome, one.mailed.own_lines) == (Outcome.OPENED, 5)


def test_a_customers_answer_folds_the_letter_it_answers(company, ticket, reader):
    conversation.answer(ticket, body="Since when?\n\nWhich *calls*?", by=company.ada, at=FRIDAY)
    ours = letter(ticket.events.latest("pk"), company.anna, FRIDAY)
    body = f"Since noon.\n\n-- \nAnna Conti\n\n{HEADING}\n{marked(drawn(ours).text)}"
    one = answer_to(ours, ticket, company.anna, body, reader)
    assert one.mailed.own_lines == 1
    by_seal = answer_to(ours, ticket, company.anna, body.replace("noon", "ten"), reader, In_Reply_To=None)
    assert by_seal.mailed.own_lines == 1


@pytest.mark.parametrize(
    ("lines", "is_known"),
    [
        (["Since this morning every", "call drops after", "exactly ten seconds"], True),
        (["What shall we do?"], True),
        (["nobody can say why.", "What shall", "we do?"], True),
        (["What shall", "we do?"], False),
        (["since this morning"], False),
        (["do"], False),
        (["What shall we do? Wait"], False),
        (["this morning call drops after"], False),
        (["***", "", "--"], True),
        (["Since this morning every call drops", "What shall we do?"], False),
        (["Since this morning every call drops", "Yes", "after exactly ten seconds"], False),
        (["Since this morning every call drops", "after exactly", "ten seconds"], True),
        (["Since this morning every call", "Yes, of course it does"], False),
        (["Yes"], True),
        (["Yes", BREAK, "Since this morning every call drops"], True),
        (["Yes", "Since this morning every call drops"], False),
        (["What shall we do?", "Yes"], False),
        (["\u2713"], False),
        ([], True),
    ],
)
def test_a_line_is_known_by_its_words(lines, is_known):
    assert Known([BODY, "Yes", "Yes, of course it does"]).holds(lines) == is_known
