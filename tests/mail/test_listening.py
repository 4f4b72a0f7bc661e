"""Mail from a mail server, by LMTP."""

import smtplib
import socket
import threading

import pytest
from django.db import OperationalError

from puntuale.mail.incoming import handling, keeping, lmtp
from puntuale.mail.models import Incoming, Outcome
from puntuale.mail.threads import Thread, reply_address
from tests.mail.post import mail
from tests.mail.test_fetching import clock, wait_for
from tests.tickets.deeds import FRIDAY

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


def hand_over(port, raw, *to):
    """Hand a mail over and return what was answered for each recipient."""
    with smtplib.LMTP("127.0.0.1", port, timeout=10) as server:
        server.ehlo_or_helo_if_needed()
        server.mail("anna@northwind.test")
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


def test_without_a_database_it_must_come_again(port, monkeypatch):
    def away(*_, **__):
        raise OperationalError("gone")

    monkeypatch.setattr(keeping, "keep", away)
    assert hand_over(port, mail(), "support@vendor.example") == [451]


def test_what_is_too_large_is_refused(port, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST_MAIL", 1_000)
    assert hand_over(port, mail(body="x" * 2_000), "support@vendor.example") == [552]
