"""Letters by e-mail, against a mail server that says what a test wants it to say."""

from contextlib import closing
from email import message_from_bytes
from smtplib import SMTP, SMTPAuthenticationError
from socket import create_server
from unittest.mock import Mock
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from puntuale.sending.letters import Enclosure, Letter
from puntuale.sending.transports import NeverLeft, NotDelivered, Undeliverable, available, email

LETTER = Letter("Two\r\nBcc: eve@example.com lines", "Caffè, 50 %")
KEY = uuid4()


class Server:
    """Takes letters, or answers as it is told to."""

    def __init__(self):
        self.taken, self.mail, self.rcpt, self.data = [], None, None, None

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802
        envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.rcpt:
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802
        self.taken.append(envelope)
        if self.data == "drop":
            server.transport.abort()
            return "250 never heard"
        return self.data or "250 OK"


@pytest.fixture
def server(settings):
    handler = Server()
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_DOMAIN = "Desk <desk@example.com>", "example.com"
    yield handler
    controller.stop()


def test_a_letter_arrives_with_its_key_and_says_that_no_person_wrote_it(server):
    email.send("ada@example.com", LETTER, KEY)
    (envelope,) = server.taken
    text = envelope.content.decode()
    assert envelope.rcpt_tos == ["ada@example.com"]
    assert f"Message-ID: <{KEY}@example.com>" in text
    assert "Auto-Submitted: auto-generated" in text
    assert "Subject: Two Bcc: eve@example.com lines" in text
    assert "Caff=C3=A8, 50 %" in text or "Caffè, 50 %" in text


def test_a_connection_that_breaks_after_the_letter_was_taken_sends_the_same_key_again(server):
    server.data = "drop"
    with pytest.raises(NotDelivered):
        email.send("ada@example.com", LETTER, KEY)
    server.data = None
    email.send("ada@example.com", LETTER, KEY)
    keys = [line for one in server.taken for line in one.content.decode().splitlines() if line.startswith("Message-ID")]
    assert keys == [f"Message-ID: <{KEY}@example.com>"] * 2


@pytest.mark.parametrize(
    ("rcpt", "data", "problem", "said"),
    [
        ("550 no such user", None, Undeliverable, "550 no such user"),
        ("451 greylisted", None, NotDelivered, "451 greylisted"),
        (None, "452 full", NotDelivered, "452 full"),
        (None, "554 spam", Undeliverable, "554 spam"),
    ],
)
def test_what_the_server_says_is_told_and_decides_whether_to_try_again(server, rcpt, data, problem, said):
    server.rcpt, server.data = rcpt, data
    with pytest.raises(problem, match=said):
        email.send("ada@example.com", LETTER, KEY)


@pytest.mark.parametrize("said", ["550 sender not allowed", "530 5.7.0 STARTTLS first", "553 not yours", "552 quota"])
def test_a_server_that_refuses_the_desk_and_no_letter_is_tried_again(server, said):
    server.mail = said
    with pytest.raises(NeverLeft, match=said):
        email.send("ada@example.com", LETTER, KEY)


def test_a_password_that_the_server_refuses_is_tried_again(server, settings, monkeypatch):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "desk", "old"

    def refused(connection, *_said, **_how):
        connection.close()
        raise SMTPAuthenticationError(535, b"5.7.8 authentication failed")

    monkeypatch.setattr(SMTP, "login", refused)
    with pytest.raises(NeverLeft, match="535"):
        email.send("ada@example.com", LETTER, KEY)


def test_a_server_that_takes_nobody_in_is_tried_again(server, monkeypatch):
    monkeypatch.setattr(SMTP, "connect", Mock(return_value=(554, b"no service here")))
    with pytest.raises(NeverLeft, match="554 no service here"):
        email.send("ada@example.com", LETTER, KEY)


def test_a_server_that_refuses_or_hangs_is_tried_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.2
    with closing(create_server(("127.0.0.1", 0))) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        with pytest.raises(NotDelivered, match="[Tt]ime"):
            email.send("ada@example.com", LETTER, KEY)
    with pytest.raises(NotDelivered, match="refused"):
        email.send("ada@example.com", LETTER, KEY)


def test_without_a_server_there_is_no_such_channel(settings):
    settings.EMAIL_IS_SET = False
    assert "email" not in available()


@pytest.mark.parametrize(
    ("kind", "content", "told"),
    [
        ("text/calendar; method=PUBLISH", "Größe".encode(), ["method", "charset"]),
        ("text/csv", b"a,b", ["charset"]),
        ("text/plain; charset=utf-8", b"x", ["charset"]),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes(range(256)), []),
    ],
)
def test_a_file_goes_along_with_each_parameter_of_its_type_once(kind, content, told):
    letter = Letter("Subject", "Text", "", enclosures=(Enclosure("file.bin", kind, content),))
    raw = email.dressed("anna@northwind.test", letter, uuid4()).message().as_bytes()
    part = list(message_from_bytes(raw).walk())[-1]
    assert [name for name, _ in part.get_params()[1:]] == told
    assert (part.get_content_type(), part.get_filename()) == (kind.partition(";")[0], "file.bin")
    assert part.get_payload(decode=True) == content
