"""Mail from a mail server, by LMTP."""

import smtplib
import socket
import threading

import pytest
from django.db import OperationalError

from puntuale.mail.incoming import handling, keeping, lmtp
from puntuale.mail.models import Incoming, Outcome
from puntuale.mail.threads import Thread, reply_address
from puntuale.tickets import conversation, resolution
from puntuale.tickets.models import Ticket
from tests.mail.post import HOST, letter, mail
from tests.mail.test_fetching import clock, wait_for
from tests.tickets.deeds import FRIDAY, state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    stopping = threading.Event()
    thread = threading.Thread(target=lmtp.keep_listening, args=("127.0.0.1", number, clock, stopping))
    thread.start()
    wait_for(lambda: answers(number))
    yield number
    stopping.set()
    thread.join(10)
    assert not thread.is_alive()


def answers(number):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0


def hand_over(port, raw, *to, path="anna@northwind.test"):
    """Hand a mail over and return what was answered for each recipient."""
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(path)
        taken = [address for address in to if server.rcpt(address)[0] == 250]
        if not taken:
            return []
        server.putcmd("DATA")
        assert server.getreply()[0] == 354
        server.send(raw + b".\r\n")
        return [server.getreply()[0] for _ in taken]


def test_a_mail_is_kept_before_the_server_is_told_so(port):
    assert hand_over(port, mail(), "support@vendor.example", "Support+x@VENDOR.example") == [250, 250]
    one = Incoming.objects.get()
    assert (one.mailbox, one.kept_at) == ("lmtp", FRIDAY)
    raw = keeping.path_of(one.digest).read_bytes()
    assert raw.startswith(b"Return-Path: <anna@northwind.test>\r\nDelivered-To: support@vendor.example\r\n")


def test_mail_for_others_is_not_ours(port):
    assert hand_over(port, mail(), "someone@vendor.example", "support@elsewhere.test") == []
    assert not Incoming.objects.exists()


def test_the_address_on_the_envelope_leads_to_the_ticket(port, company, reader):
    ticket = company.ticket(at=FRIDAY)
    hand_over(port, mail(To="undisclosed-recipients:;"), reply_address(Thread(ticket.pk, company.anna.pk)))
    handling.go_round(FRIDAY, reader)
    one = Incoming.objects.get()
    assert (one.outcome, one.ticket) == (Outcome.JOINED, ticket)


def of_nobody(port, raw, to, reader):
    """Return what became of a mail that was handed over from the null path."""
    assert hand_over(port, raw, to, path="") == [250]
    one = Incoming.objects.latest("pk")
    assert keeping.path_of(one.digest).read_bytes().startswith(b"Return-Path: <>\r\n")
    return handling.handle(one.pk, reader, at=FRIDAY)


@pytest.mark.parametrize("kind", ["disposition-notification", "delivery-status", "feedback-report"])
def test_a_report_from_the_null_path_opens_nothing_and_nothing_again(port, company, reader, kind):
    ticket = company.ticket(at=FRIDAY)
    conversation.answer(ticket, body="Done.", by=company.ada, at=FRIDAY)
    resolution.resolve(ticket, by=company.ada, at=FRIDAY)
    for to in ("support@vendor.example", reply_address(Thread(ticket.pk, company.anna.pk))):
        report = mail(
            Content_Type=f"multipart/report; report-type={kind}; boundary=b",
            body=f"--b\n\nYour message was read.\n--b\nContent-Type: message/{kind}\n\nDisposition: x\n--b--",
        )
        one = of_nobody(port, report, to, reader)
        assert (one.outcome, one.because) == (Outcome.IGNORED, "report")
    assert Ticket.objects.get().phase == "resolved"


@pytest.mark.parametrize("subject", ["Autosvar: Calls drop", "Calls drop", "Je suis absente"])
def test_an_agents_absence_from_the_null_path_keeps_no_promise(port, company, reader, subject):
    ticket = company.ticket(at=FRIDAY)
    notice = mail(
        company.ada.email, "I am back on Monday.", Subject=subject, Authentication_Results=f"{HOST}; dmarc=pass"
    )
    one = of_nobody(port, notice, reply_address(Thread(ticket.pk, company.ada.pk)), reader)
    assert one.outcome in {Outcome.IGNORED, Outcome.REVIEW}
    assert ticket.messages.count() == 1
    assert state(ticket, FRIDAY) == "running"


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.northwind.test", "Mail System <mta@mx.northwind.test>"])
def test_a_letter_given_back_in_words_of_a_servers_own_is_known_by_the_null_path(port, company, reader, sender):
    ticket = company.ticket(at=FRIDAY)
    ours = letter(ticket.events.get(), company.anna, FRIDAY)
    said = f"No such user here.\n\nMessage-ID: <{ours.key}@vendor.example>"
    one = of_nobody(port, mail(sender, said, Subject="failure notice"), "support@vendor.example", reader)
    assert (one.outcome, one.bounce.intent) == (Outcome.BOUNCED, ours)


def test_without_a_database_it_must_come_again(port, monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(keeping, "keep", away)
    assert hand_over(port, mail(), "support@vendor.example") == [451]


def test_what_is_too_large_is_refused(port, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST_MAIL", 1_000)
    assert hand_over(port, mail(body="x" * 2_000), "support@vendor.example") == [552]
