"""Letters as mails: what they refer to, what they say of themselves, and how they read in a mail program."""

from email import message_from_bytes, policy

import pytest

from puntuale.mail import letters
from puntuale.mail.models import Incoming, MailedMessage, Proof
from puntuale.mail.telling import TICKET
from puntuale.sending.models import Intent
from puntuale.sending.transports.email import dressed
from puntuale.tickets import assignment, conversation, following, resolution
from puntuale.tickets.models import Event
from tests.mail.test_letters import AT, MINUTE, last_letter, post  # noqa: F401 -- a fixture


def as_mail(intent, at=AT):
    raw = dressed(intent.address, letters.write([intent], at), intent.key).message().as_bytes()
    return message_from_bytes(raw, policy=policy.default)


def by_mail(message, *, because="", proof=Proof.SERVER, own_lines=100, reference="<first@northwind.test>"):
    """Let a message have come by mail."""
    mail = Incoming.objects.create(
        mailbox="support", message_id=reference, content=message.pk, digest="3", size=4, kept_at=AT, received_at=AT,
        because=because, person=message.author,
    )  # fmt: skip
    return MailedMessage.objects.create(
        message=message, incoming=mail, proof=proof, own_lines=own_lines, reference=reference
    )


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Calls drop", "Calls drop"),
        ("Re: Calls drop", "Calls drop"),
        ("AW: [#12] Calls drop", "Calls drop"),
        ("R: I: Chiamate", "Chiamate"),
        ("[urgent] Calls drop", "[urgent] Calls drop"),
    ],
)
def test_a_confirmation_answers_the_mail_that_opened_the_ticket(company, subject, shown):
    ticket = company.ticket(company.anna, "2", AT, subject=subject)
    by_mail(ticket.messages.get())
    mail = as_mail(Intent.objects.get(kind=TICKET))
    assert mail["In-Reply-To"] == "<first@northwind.test>"
    assert mail["References"] == f"<first@northwind.test> <ticket.{ticket.pk}@vendor.example>"
    assert mail["Subject"] == f"Re: [#{ticket.number}] {shown}"
    assert mail["Auto-Submitted"] == "auto-replied"


def test_later_letters_refer_to_the_first_and_the_last_mail_of_their_reader(company):
    ticket = company.ticket(company.anna, "2", AT)
    by_mail(ticket.messages.get())
    following.follow(ticket, person=company.andrea, by=company.anna, at=AT)
    for name in ("second", "third"):
        said = conversation.follow_up(ticket, body="It goes on.", by=company.anna, at=AT + MINUTE)
        by_mail(said, reference=f"<{name}@northwind.test>")
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=AT + 2 * MINUTE)
    name = f"<ticket.{ticket.pk}@vendor.example>"
    mail = as_mail(Intent.objects.filter(kind=TICKET, person=company.anna).latest("pk"))
    assert mail["References"] == f"<first@northwind.test> {name} <third@northwind.test>"
    assert mail["In-Reply-To"] == "<third@northwind.test>"
    assert mail["Subject"] == f"Re: [#{ticket.number}] Calls drop"
    other = as_mail(Intent.objects.filter(kind=TICKET, person=company.andrea).latest("pk"))
    assert (other["References"], other["Subject"]) == (name, f"[#{ticket.number}] Calls drop")


def test_what_a_person_wrote_is_no_automatic_mail_and_what_nobody_wrote_is(company):
    ticket = company.ticket(company.anna, "2", AT)
    following.follow(ticket, person=company.andrea, by=company.anna, at=AT)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=AT + MINUTE)
    conversation.follow_up(ticket, body="Thanks.", by=company.anna, at=AT + MINUTE)
    resolution.resolve(ticket, by=company.ada, at=AT + 2 * MINUTE)
    events = Event.objects.in_bulk(Intent.objects.filter(kind=TICKET).values_list("about", flat=True))
    found = {}
    for intent in Intent.objects.filter(kind=TICKET):
        mail = as_mail(intent)
        found[str(events[intent.about].kind)] = (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"])
    automatic = ("auto-generated", "OOF, DR, RN, NRN, AutoReply")
    assert found == {
        "submitted": automatic, "answered": (None, None), "customer_wrote": (None, None), "resolved": automatic,
    }  # fmt: skip


@pytest.mark.parametrize("because", ["list", "bulk", "machine", "echo", "often", "rewritten"])
def test_what_looks_like_a_program_s_mail_is_not_confirmed(company, because):
    ticket = company.ticket(company.anna, "3", AT)
    by_mail(ticket.messages.get(), because=because)
    intent = Intent.objects.get(kind=TICKET)
    assert letters.unwanted([intent]) == {intent.pk: "looks_automatic"}


def test_a_ticket_that_a_manager_opened_of_such_a_mail_is_confirmed(company):
    ticket = company.ticket(company.anna, "3", AT)
    by_mail(ticket.messages.get(), because="list", proof=Proof.PERSON)
    assert letters.unwanted([Intent.objects.get(kind=TICKET)]) == {}


def test_what_such_a_mail_says_on_a_ticket_is_passed_on_as_automatic(company):
    ticket = company.ticket(company.anna, "2", AT)
    assignment.assign(ticket, to=company.grace, by=company.ada, at=AT)
    said = conversation.follow_up(ticket, body="It goes on.", by=company.anna, at=AT + MINUTE)
    by_mail(said, because="bulk", proof=Proof.LETTER)
    assert as_mail(Intent.objects.filter(person=company.grace).latest("pk"))["Auto-Submitted"] == "auto-generated"


def test_the_calendar_s_part_names_its_characters_once(company):
    company.ticket(company.anna, "2", AT, subject="Größe")
    mail = as_mail(Intent.objects.get(kind=TICKET))
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert str(part["Content-Type"]).lower().count("charset") == 1
    assert "method" in part["Content-Type"].params
    assert "Größe" in part.get_content()


def test_what_a_customer_quotes_of_ours_is_not_sent_to_agents_again(company):
    ticket = company.ticket(company.anna, "2", AT)
    assignment.assign(ticket, to=company.grace, by=company.ada, at=AT)
    body = "Since noon.\n\nOn Fri Ada wrote:\n> Since when?\n> ##- Please write your answer above this line -##"
    by_mail(conversation.follow_up(ticket, body=body, by=company.anna, at=AT + MINUTE), own_lines=2)
    letter = last_letter(company.grace)
    for said in (letter.text, letter.html):
        assert "Since noon." in said
        assert "Since when?" not in said
        assert "The quoted text is on the ticket" in said
    all_own = "> Since when?\nSince noon."
    by_mail(conversation.follow_up(ticket, body=all_own, by=company.anna, at=AT + 2 * MINUTE), own_lines=2)
    assert "> Since when?\n" in last_letter(company.grace).text
    assert "The quoted text" not in last_letter(company.grace).text


def test_the_plain_part_of_a_letter_reads_as_plain_text(company):
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="See [the page](https://x.test).\n\n* a\n* b", by=company.ada, at=AT + MINUTE)
    letter = last_letter(company.anna)
    assert "See the page <https://x.test>.\n\n- a\n- b\n" in letter.text
    assert '<a href="https://x.test"' in letter.html
