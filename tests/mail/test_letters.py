"""Letters about tickets: who gets one, what it says, and when it is no longer sent."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from icalendar import Calendar

from puntuale.guarantee.facts import Phase
from puntuale.mail import letters
from puntuale.mail.models import Incoming, MailedMessage, Proof
from puntuale.mail.telling import TICKET
from puntuale.mail.threads import Thread, thread_of
from puntuale.people import membership
from puntuale.sending.models import Intent
from puntuale.sending.transports.email import dressed
from puntuale.tickets import assignment, classification, conversation, following, merging, resolution
from puntuale.tickets.models import Cancellation, Event, Grounds
from tests.guarantee.test_story import on

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def post(settings):
    settings.EMAIL_IS_SET = True
    settings.BASE_URL = "https://desk.example"
    settings.MAIL_TO = "support@vendor.example"
    settings.MAIL_DOMAIN = "vendor.example"


def told(kind=None):
    """Return who is to be told, of what."""
    found = Intent.objects.filter(kind=TICKET).select_related("person").order_by("pk")
    events = Event.objects.in_bulk([one.about for one in found])
    return [
        (one.person.first_name, str(events[one.about].kind)) for one in found if kind in {None, events[one.about].kind}
    ]


def last_letter(person, at=AT):
    intent = Intent.objects.filter(kind=TICKET, person=person).order_by("pk").last()
    assert letters.unwanted([intent]) == {}
    return letters.write([intent], at)


def test_a_confirmation_says_by_when_a_human_will_answer(company):
    ticket = company.ticket(company.anna, "2", AT)
    assert told() == [("Anna", "submitted")]
    letter = last_letter(company.anna)
    assert letter.subject == f"[#{ticket.number}] Calls drop"
    assert letter.text == (
        "##- Please write your answer above this line -##\n\n"
        "We have your ticket.\n\n"
        "A human will answer by Mon 23 Nov 11:00 CET: 3 business hours.\n\n"
        "-- \n"
        f"Ticket: #{ticket.number} Calls drop\n"
        "Priority: 2 · Degraded service\n"
        "Plan: Advanced\n"
        "Product: Telephony\n"
        f"https://desk.example/en/tickets/{ticket.number}/\n"
    )
    assert "Since this morning" not in letter.text + letter.html


def test_it_is_told_in_the_reader_s_language_and_zone(company):
    company.paola.zone_name = "America/New_York"
    company.paola.save()
    ticket = company.ticket(company.paola, "1", AT)
    letter = last_letter(company.paola)
    assert "Una persona ti risponderà entro lun 23 nov 05:00 EST: 3 ore lavorative." in letter.text
    assert f"https://desk.example/it/ticket/{ticket.number}/" in letter.text
    assert '<html lang="it">' in letter.html


def test_a_confirmation_brings_the_due_time_for_the_calendar(company):
    ticket = company.ticket(company.anna, "2", AT)
    (enclosed,) = last_letter(company.anna).enclosures
    (entry,) = Calendar.from_ical(enclosed.content).walk("VEVENT")
    ticket.refresh_from_db()
    assert entry["dtend"].dt == ticket.due_at
    assert entry["uid"] == f"ticket.{ticket.pk}@vendor.example"


def test_without_a_guarantee_it_says_so_and_brings_no_time(company):
    company.ticket(company.bruno, "2", AT)
    letter = last_letter(company.bruno)
    assert "There is no guaranteed response time" in letter.text
    assert letter.enclosures == ()


def test_an_answer_goes_to_the_customer_and_whoever_reads_along_but_not_to_its_author(company):
    ticket = company.ticket(company.anna, "2", AT)
    following.follow(ticket, person=company.andrea, by=company.anna, at=AT)
    following.follow(ticket, person=company.ada, by=company.ada, at=AT)
    conversation.answer(ticket, body="We are *on it*.", by=company.ada, at=AT + MINUTE, then=Phase.WAITING)
    assert sorted(told("answered")) == [("Andrea", "answered"), ("Anna", "answered")]
    letter = last_letter(company.anna)
    assert "Ada Byron answered:\n\nWe are *on it*.\n\nWe asked you something" in letter.text
    assert "<em>on it</em>" in letter.html
    assert letter.enclosures == ()


def test_what_a_customer_writes_goes_to_her_colleagues_and_to_whoever_has_the_ticket(company):
    ticket = company.ticket(company.anna, "2", AT)
    following.follow(ticket, person=company.andrea, by=company.anna, at=AT)
    assignment.assign(ticket, to=company.grace, by=company.ada, at=AT)
    conversation.follow_up(ticket, body="It goes on.", by=company.anna, at=AT + MINUTE)
    assert told("assigned") == [("Grace", "assigned")]
    assert sorted(told("customer_wrote")) == [("Andrea", "customer_wrote"), ("Grace", "customer_wrote")]
    assert f"https://desk.example/en/desk/{ticket.number}/" in last_letter(company.grace).text


def test_whoever_takes_a_ticket_is_told_nothing(company):
    ticket = company.ticket(company.anna, "2", AT)
    assignment.assign(ticket, to=company.ada, by=company.ada, at=AT)
    assert told("assigned") == []


def test_notes_are_told_to_nobody(company):
    ticket = company.ticket(company.anna, "2", AT)
    conversation.note(ticket, body="A secret among us.", by=company.ada, at=AT + MINUTE)
    assert told() == [("Anna", "submitted")]
    assert "secret" not in last_letter(company.anna).text


def test_a_reclassification_says_why_and_what_counts_now(company):
    ticket = company.ticket(company.anna, "1", AT)
    classification.reclassify(
        ticket,
        to="2",
        because=Grounds.WORKAROUND,
        telling="You can go on over the web.",
        by=company.ada,
        at=AT + MINUTE,
    )
    letter = last_letter(company.anna, AT + MINUTE)
    assert "Priority 1 became 2: There is a workaround.\n\nYou can go on over the web." in letter.text
    assert "A human will answer by Mon 23 Nov 11:00 CET" in letter.text
    assert "If you disagree" in letter.text
    assert letter.enclosures


def test_resolving_says_until_when_it_can_be_opened_again(company):
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="Done.", by=company.ada, at=AT + MINUTE)
    resolution.resolve(ticket, by=company.ada, at=AT + 2 * MINUTE)
    assert (
        "Resolved by Ada Byron.\n\nWe consider it resolved. If it is not, write to us until"
        in last_letter(company.anna).text
    )


def test_a_cancellation_says_why(company):
    ticket = company.ticket(company.anna, "2", AT)
    other = company.ticket(company.anna, "2", AT)
    resolution.cancel(
        ticket,
        because=Cancellation.Because.DUPLICATE,
        telling="We answer on the other one.",
        by=company.ada,
        at=AT + MINUTE,
        of=other,
    )
    letter = letters.write([Intent.objects.get(kind=TICKET, about=Event.objects.get(kind="cancelled").pk)], AT)
    assert "Cancelled by Ada Byron" in letter.text
    assert "We answer on the other one." in letter.text


def test_a_merge_says_where_it_goes_on(company):
    ticket, other = company.ticket(company.anna, "2", AT), company.ticket(company.anna, "2", AT)
    merging.merge(ticket, into=other, by=company.ada, at=AT + MINUTE)
    assert f"merged it into #{other.number}." in last_letter(company.anna).text


def test_a_merge_says_by_when_it_is_answered_there(company):
    ticket, other = company.ticket(company.anna, "1", AT), company.ticket(company.andrea, "3", AT)
    merging.merge(ticket, into=other, by=company.ada, at=AT + MINUTE)
    letter = last_letter(company.anna).text
    assert "A human will answer by Fri 20 Nov" in letter
    merging.unmerge(ticket, by=company.ada, at=AT + 2 * MINUTE)
    letter = last_letter(company.anna).text
    assert f"#{other.number} back" in letter and "A human will answer by Fri 20 Nov" in letter


@pytest.mark.parametrize("then", [Phase.RESOLVED, Phase.WAITING])
def test_a_ticket_that_a_merge_opens_again_is_told_to_its_customer(company, then):
    ticket, other = company.ticket(company.anna, "1", AT), company.ticket(company.andrea, "3", AT)
    company.andrea.language = "en"
    company.andrea.save()
    conversation.answer(other, body="Done.", by=company.ada, at=AT, then=then)
    merging.merge(ticket, into=other, by=company.ada, at=AT + MINUTE)
    letter = last_letter(company.andrea).text
    assert f"#{ticket.number} was merged into this ticket, which is open again." in letter
    assert "A human will answer by Fri 20 Nov" in letter


def test_a_merge_into_an_open_ticket_is_told_to_those_who_sent_the_other_only(company):
    ticket, other = company.ticket(company.anna, "1", AT), company.ticket(company.andrea, "3", AT)
    conversation.answer(other, body="Done.", by=company.ada, at=AT)
    merging.merge(ticket, into=other, by=company.ada, at=AT + MINUTE)
    took_over = Event.objects.get(kind="took_over")
    assert not Intent.objects.filter(kind=TICKET, about=took_over.pk).exists()


def test_a_lowering_after_the_miss_says_that_the_answer_is_overdue(company):
    ticket = company.ticket(company.anna, "1", AT)
    late = AT + timedelta(hours=2)
    asked = classification.reclassify(
        ticket, to="3", because=Grounds.HOW_TO, telling="It is a question.", by=company.ada, at=late
    )
    classification.confirm(asked, by=company.mara, at=late + MINUTE)
    letter = last_letter(company.anna, late + MINUTE).text
    assert "We should have replied by Fri 20 Nov 17:00 CET. We still owe you a reply." in letter
    assert "A human will answer by" not in letter


def test_the_arrival_of_what_was_answered_meanwhile_is_no_news(company):
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="Done.", by=company.ada, at=AT + MINUTE)
    first, answer = Intent.objects.filter(kind=TICKET).order_by("pk")
    assert letters.unwanted([first, answer]) == {first.pk: "answered"}


def test_whoever_may_no_longer_see_a_ticket_is_told_no_more(company):
    ticket = company.ticket(company.anna, "2", AT)
    following.follow(ticket, person=company.andrea, by=company.anna, at=AT)
    membership.give_role(company.andrea, role="customer", by=company.mara, at=AT)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=AT + MINUTE)
    following.unfollow(ticket, person=company.andrea, by=company.anna, at=AT + MINUTE)
    intent = Intent.objects.get(kind=TICKET, person=company.andrea)
    assert letters.unwanted([intent]) == {intent.pk: "may_not_see"}


def test_without_a_mail_server_nothing_is_meant(company, settings):
    settings.EMAIL_IS_SET = False
    company.ticket(company.anna, "2", AT)
    assert told() == []


def test_quiet_hours_put_letters_off(company):
    company.anna.quiet_from, company.anna.quiet_until = 15 * 60, 18 * 60
    company.anna.save()
    company.ticket(company.anna, "2", AT)
    assert Intent.objects.get(kind=TICKET).try_at == on("fri 18:00")


def test_many_at_once_become_a_list(company):
    for _ in range(3):
        company.ticket(company.anna, "2", AT)
    letter = letters.write(list(Intent.objects.filter(kind=TICKET)), AT)
    assert letter.subject == "News on 3 tickets"
    assert letter.text.count("https://desk.example/en/tickets/") == 3


def test_a_very_long_message_is_cut_and_leads_to_the_whole(company):
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="a" * 50_000 + "the end", by=company.ada, at=AT + MINUTE)
    letter = last_letter(company.anna)
    assert "The rest stands on the page of the ticket." in letter.text
    assert "the end" not in letter.text
    assert len(letter.text) < 21_000


def test_sec_s01_what_people_write_runs_nowhere_in_a_letter(company):
    ticket = company.ticket(company.anna, "2", AT, subject="<script>alert(1)</script>")
    conversation.answer(ticket, body='<img src=x onerror="alert(1)"> [a](javascript:alert(1))', by=company.ada, at=AT)
    html = last_letter(company.anna).html
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_sec_s13_a_subject_makes_no_second_header(company):
    company.ticket(company.anna, "2", AT, subject="Calls\r\nBcc: all@example.com\u2028drop")
    intent = Intent.objects.get(kind=TICKET)
    mail = message_from_bytes(dressed(intent.address, letters.write([intent], AT), intent.key).message().as_bytes())
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"].replace("\n ", " ")


def test_a_letter_as_mail_carries_what_leads_answers_back(company):
    ticket = company.ticket(company.anna, "2", AT)
    intent = Intent.objects.get(kind=TICKET)
    raw = dressed(intent.address, letters.write([intent], AT), intent.key).message().as_bytes()
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Message-ID"] == f"<{intent.key}@vendor.example>"
    assert mail["References"] == mail["In-Reply-To"] == f"<ticket.{ticket.pk}@vendor.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "OOF, DR, RN, NRN, AutoReply"
    assert thread_of(mail["Reply-To"].addresses[0].addr_spec) == Thread(ticket.pk, company.anna.pk)
    kinds = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]


@pytest.mark.parametrize(("proof", "why"), [(Proof.NONE, "sender_not_proven"), (Proof.SERVER, ""), (Proof.PERSON, "")])
def test_sec_s11_what_came_from_nobody_knows_whom_is_sent_to_nobody(company, proof, why):
    ticket = company.ticket(company.anna, "3", AT, subject="Buy pills at pills.example")
    mail = Incoming.objects.create(
        mailbox="support", message_id="1", content="2", digest="3", size=4, kept_at=AT, received_at=AT
    )
    MailedMessage.objects.create(message=ticket.messages.get(), incoming=mail, proof=proof, own_lines=1)
    intent = Intent.objects.get(kind=TICKET)
    assert letters.unwanted([intent]).get(intent.pk, "") == why


def test_a_letter_that_no_server_takes_is_shown_to_agents_beside_what_it_told(company, signed_in, now):
    now.at = AT
    ticket = company.ticket(company.anna, "2", AT)
    Intent.objects.filter(kind=TICKET).update(try_at=None, given_up_at=AT, problem="550 no such mailbox")
    page = signed_in("ada").get(f"/en/desk/{ticket.number}/").content.decode()
    assert "A letter to anna@northwind.test could not be delivered" in page
    assert "550 no such mailbox" in page
    assert "550 no such mailbox" not in signed_in("anna").get(f"/en/tickets/{ticket.number}/").content.decode()
