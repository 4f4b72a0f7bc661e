"""Mail from a mailbox, over a server on this machine."""

import threading
import time

import pytest

from puntuale.mail.incoming import fetching
from puntuale.mail.incoming.fetching import Source, fetch, keep_fetching, problem_of
from puntuale.mail.models import Incoming, Mailbox
from tests.mail.imap_server import FakeImap
from tests.mail.post import mail
from tests.tickets.deeds import FRIDAY


def clock():
    return FRIDAY


@pytest.fixture
def imap():
    """Start servers: `imap(mails, fails="login")`."""
    started = []

    def start(mails=(), **how):
        started.append(FakeImap(mails, **how))
        return started[-1]

    yield start
    for one in started:
        one.close()


def source(server, **more):
    return Source(host="127.0.0.1", port=server.port, user="support", password="secret", security="", **more)


def look(server):
    with fetching._opened(source(server)) as box:
        return fetch(source(server), box, clock)


@pytest.mark.django_db
def test_each_mail_is_kept_once_and_marked_after(imap):
    server = imap([mail(body=f"Number {n}") for n in range(3)])
    assert look(server) == 3
    assert Incoming.objects.count() == 3
    assert server.flags == {1: "seen", 2: "seen", 3: "seen"}
    assert look(server) == 0
    server.add(mail(body="Another"))
    assert look(server) == 1
    box = Mailbox.objects.get()
    assert (box.name, box.uid, box.uid_validity, box.looked_at) == (source(server).name, 4, 7, FRIDAY)
    assert "secret" not in box.name + repr(source(server))


@pytest.mark.django_db
def test_what_somebody_else_has_read_is_taken_all_the_same(imap):
    server = imap([mail()])
    look(server)
    server.add(mail(body="Read by a colleague"))
    server.flags[2] = "seen"
    assert look(server) == 1


@pytest.mark.django_db
def test_what_was_read_before_the_desk_was_there_is_left_alone(imap):
    server = imap([mail(body="Old"), mail(body="New")])
    server.flags[1] = "seen"
    assert look(server) == 1
    assert Mailbox.objects.get().uid == 2


@pytest.mark.django_db
def test_a_server_that_counts_anew_brings_nothing_twice(imap):
    server = imap([mail(body="One"), mail(body="Two")])
    look(server)
    server.validity, server.first = 8, 100
    assert look(server) == 2
    assert Incoming.objects.count() == 2
    assert Mailbox.objects.get().uid == 101


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trace", [b"", b"Received: from x by y with ESMTP id 4F3B2; Fri, 20 Nov 2026 16:00:00 +0100\r\n"]
)
def test_of_mail_without_a_message_id_each_is_one_and_comes_once(imap, trace):
    same = mail(Message_ID=None)
    server = imap([same, trace.replace(b"4F3B2", b"4F3B3") + same, trace + same])
    look(server)
    assert Incoming.objects.count() == 3
    Mailbox.objects.update(uid=0)
    assert look(server) == 3
    assert Incoming.objects.count() == 3
    server.validity, server.first = 8, 100
    assert look(server) == 3
    assert Incoming.objects.count() == 3


@pytest.mark.django_db
def test_a_connection_that_breaks_loses_nothing(imap):
    server = imap([mail(body="x" * 10 * n) for n in range(1, 6)], fails="breaks")
    with pytest.raises(fetching.WENT_WRONG):
        look(server)
    assert Incoming.objects.count() == 2
    look(server)
    assert Incoming.objects.count() == 5


@pytest.mark.django_db
def test_a_large_mail_comes_in_pieces_and_one_that_is_too_large_stays(imap, monkeypatch):
    monkeypatch.setattr(fetching, "PIECE", 1_000)
    monkeypatch.setattr(fetching, "LARGEST_MAIL", 20_000)
    server = imap([mail(body="x" * 5_000), mail("Anna <anna@northwind.test>", body="y" * 30_000)])
    look(server)
    first, second = Incoming.objects.order_by("pk")
    assert first.size == len(server.mails[0])
    assert len([what for uid, what in server.fetched if uid == 1]) == 6
    assert (second.because, second.outcome, second.sender) == ("too_large", "review", "anna@northwind.test")
    assert second.size == len(server.mails[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("idles", [True, False])
def test_what_comes_while_it_listens_is_fetched_at_once(imap, monkeypatch, idles):
    monkeypatch.setattr(fetching, "LOOKS_EVERY", 0.2)
    server, stopping = imap([mail()], idles=idles), threading.Event()
    thread = threading.Thread(target=keep_fetching, args=(source(server), clock, stopping))
    thread.start()
    try:
        wait_for(lambda: Incoming.objects.count() == 1)
        server.add(mail(body="Now"))
        wait_for(lambda: Incoming.objects.count() == 2)
    finally:
        stopping.set()
        thread.join(10)
    assert not thread.is_alive()
    assert ("IDLE" in server.asked) == idles


def wait_for(happens):
    deadline = time.monotonic() + 10
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("fails", "words"), [("login", "Token of user has expired"), ("silent", "does not answer")])
def test_what_is_wrong_is_told_in_the_servers_words(imap, monkeypatch, fails, words):
    monkeypatch.setattr(fetching, "ANSWERS_WITHIN", 1.0)
    started = time.monotonic()
    assert words in problem_of(source(imap(fails=fails)))
    assert time.monotonic() - started < 5


def test_a_wrong_port_and_a_wrong_kind_have_a_name(imap):
    server = imap()
    assert problem_of(source(server)) == ""
    assert "does not speak TLS" in problem_of(Source("127.0.0.1", server.port, "support", "secret"))
    server.close()
    assert "nothing listens at 127.0.0.1" in problem_of(source(server))


@pytest.mark.django_db(transaction=True)
def test_a_mailbox_that_cannot_be_opened_is_shown(imap, monkeypatch, signed_in, settings):
    server, stopping = imap(fails="login"), threading.Event()
    thread = threading.Thread(target=keep_fetching, args=(source(server), clock, stopping))
    thread.start()
    try:
        wait_for(lambda: Mailbox.objects.exclude(problem="").exists())
    finally:
        stopping.set()
        thread.join(10)
    settings.IMAP = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": "u",
        "password": "p",
        "folder": "INBOX",
        "security": "",
    }
    mara = signed_in("mara")
    assert "Token of user has expired" in mara.get("/en/office/mail/").content.decode()
    assert "Its server said" in mara.post("/en/office/mail/trial/", follow=True).content.decode()
