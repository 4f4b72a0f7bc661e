"""What comes of a mail: a ticket, a message on one, or nothing that anybody would notice."""

from contextlib import nullcontext
from datetime import timedelta
from email.utils import format_datetime
from io import BytesIO, TextIOWrapper

import pytest
from django.db import OperationalError

from puntuale.cli import receive
from puntuale.cli.asking import Call, Failed
from puntuale.mail.incoming import keeping
from puntuale.mail.models import Incoming, MailedMessage, Outcome, Proof
from puntuale.mail.threads import Thread, reply_address
from puntuale.oncall import paging
from puntuale.oncall.models import Acknowledgement
from puntuale.sending.models import Intent
from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket
from tests.mail.post import HOST, PASSED, kept, mail, taken
from tests.tickets.deeds import FRIDAY, MONDAY, fresh, kinds


@pytest.fixture
def ticket(company):
    return company.ticket()


def sealed(ticket, person):
    return reply_address(Thread(ticket.pk, person.pk))


def test_a_mail_of_a_customer_opens_a_ticket_of_the_usual_priority(company, reader):
    one = taken(mail(), FRIDAY, reader)
    ticket = Ticket.objects.get()
    assert (one.outcome, one.ticket, one.because) == (Outcome.OPENED, ticket, "")
    assert (ticket.requester, ticket.subject, ticket.priority, ticket.plan) == (
        company.anna,
        "Calls drop",
        "3",
        "advanced",
    )
    assert ticket.submitted_at == FRIDAY
    assert ticket.messages.get().body == "It is broken again."
    assert ticket.messages.get().mailed.proof == Proof.NONE


def test_an_answer_to_a_letter_joins_its_ticket(company, ticket, reader):
    body = f"Since noon.\n\n> {ticket.messages.get().body}"
    one = taken(mail(To=sealed(ticket, company.anna), body=body), MONDAY, reader)
    assert (one.outcome, one.ticket) == (Outcome.JOINED, ticket)
    written = ticket.messages.order_by("pk").last()
    assert (written.author, written.body) == (company.anna, body)
    assert (written.mailed.own_lines, written.mailed.proof) == (1, Proof.LETTER)
    assert kinds(fresh(ticket)) == ["submitted", "customer_wrote"]


def test_the_same_mail_again_is_one(company, reader):
    raw = mail(Authentication_Results=PASSED)
    first = taken(raw, FRIDAY, reader)
    again = taken(b"Received: from elsewhere by here; Fri, 20 Nov 2026 16:00:00 +0100\r\n" + raw, MONDAY, reader)
    assert (again.pk, again.outcome) == (first.pk, Outcome.OPENED)
    elsewhere = taken(raw, MONDAY, reader, mailbox="lmtp")
    assert (elsewhere.outcome, elsewhere.because) == (Outcome.IGNORED, "came_before")
    assert Ticket.objects.count() == 1


def test_a_message_id_used_twice_hides_no_mail(company, reader):
    for words in ("One thing.", "Another thing."):
        assert taken(mail(Message_ID="<same@x>", body=words), FRIDAY, reader).outcome == Outcome.OPENED
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("later", [timedelta(0), timedelta(seconds=1), timedelta(days=1)])
def test_two_mails_without_a_message_id_are_two(company, reader, later):
    raw = mail(Message_ID=None)
    assert [taken(raw, at, reader).outcome for at in (FRIDAY, FRIDAY + later)] == [Outcome.OPENED] * 2
    traced = b"Received: from x by %s with LMTP id 4F%d; Fri, 20 Nov 2026 16:00:00 +0100\r\n"
    for number in range(2):
        taken(traced % (HOST.encode(), number) + raw, FRIDAY, reader)
    assert Ticket.objects.count() == 4


def test_one_without_a_message_id_that_is_delivered_again_is_one(company, reader):
    raw = b"Received: from x by y with ESMTP id 4F3B2; Fri, 20 Nov 2026 16:00:00 +0100\r\n" + mail(Message_ID=None)
    for mailbox in ("pipe", "lmtp"):
        first, again = kept(raw, FRIDAY, mailbox), kept(raw, MONDAY, mailbox)
        assert first == again
    delivery = keeping.Delivery("7 1")
    bare = mail(Message_ID=None)
    first = keeping.keep([bare], mailbox="box", at=FRIDAY, delivery=delivery)
    assert keeping.keep([bare], mailbox="box", at=MONDAY, delivery=delivery) == first
    assert keeping.keep([bare], mailbox="box", at=MONDAY, delivery=keeping.Delivery("7 2")) != first


@pytest.fixture
def receives(monkeypatch, capsys):
    def run(raw, at=FRIDAY):
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))
        receive.command.main([], obj=Call(at, nullcontext), standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_a_mail_server_hands_it_over(company, receives):
    said = receives(mail())
    assert said == f"Mail {Incoming.objects.get().pk}: opened, ticket {Ticket.objects.get().pk}.\n"
    assert receives(mail(sender="nora@elsewhere.test")).endswith(": review (stranger).\n")
    assert Incoming.objects.count() == 2


def test_without_a_database_it_must_come_again(company, receives, monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(keeping, "keep", away)
    with pytest.raises(SystemExit) as left:
        receives(mail())
    assert left.value.code == 75


def test_what_is_too_large_is_refused_for_good(company, receives, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST_MAIL", 1_000)
    with pytest.raises(Failed, match="larger"):
        receives(mail(body="x" * 2_000))
    assert not Incoming.objects.exists()
    assert list(keeping._folder().iterdir()) == []


def test_the_mail_itself_is_kept_for_its_owner_only(company, reader):
    raw = mail()
    one = kept(raw, FRIDAY)
    place = keeping.path_of(one.digest)
    assert place.read_bytes() == raw
    assert oct(place.stat().st_mode)[-3:] == "600"
    assert not MailedMessage.objects.exists()


def test_the_answer_to_a_page_is_taken_first(company, oncall, reader):
    ticket = company.ticket(company.anna, "1", FRIDAY)
    paging.go_round(FRIDAY)
    Intent.objects.filter(kind="page", channel="email").update(sent_at=FRIDAY, try_at=None)
    page = Intent.objects.filter(kind="page", channel="email").earliest("pk")
    answer = mail(page.address, "on it", In_Reply_To=f"<{page.key}@vendor.example>")
    one = taken(answer, FRIDAY, reader)
    assert (one.outcome, one.because) == (Outcome.TAKEN, "page")
    assert Acknowledgement.objects.get().paging.ticket == ticket
    conversation.answer(ticket, body="It is the gateway.", by=company.grace, at=FRIDAY)
    late = taken(mail(page.address, "still on it", In_Reply_To=f"<{page.key}@vendor.example>"), MONDAY, reader)
    assert (late.outcome, late.because) == (Outcome.IGNORED, "other_letter")
    assert ticket.messages.count() == 2


def test_the_clock_starts_when_the_trusted_server_had_it_and_never_at_the_date_of_the_mail(company, reader):
    def trace(host, at):
        return f"from x by {host} with ESMTPS; {format_datetime(at)}"

    earlier, later = FRIDAY - timedelta(hours=2), FRIDAY + timedelta(hours=2)
    for received, start in (
        (trace(HOST, earlier), earlier),
        (trace(HOST, later), FRIDAY),
        (trace("mx.evil.test", earlier), FRIDAY),
        (f"by {HOST}; nonsense", FRIDAY),
        (None, FRIDAY),
    ):
        for date in (None, "Thu, 01 Jan 1970 00:00:00 +0000", "Thu, 32 Foo", "Fri, 01 Jan 2099 00:00:00 +0000"):
            one = taken(mail(body=f"{received} {date}", Received=received, Date=date), FRIDAY, reader)
            assert one.ticket.promises.get().start_at == start
            Incoming.objects.update(outcome=Outcome.DISMISSED)
