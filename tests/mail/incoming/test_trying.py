"""Trying a mailbox: any letters in a password, and whatever the server does, words instead of a failure."""

import base64
import socket
import threading
from contextlib import closing

import pytest

from puntuale.mail.incoming import fetching
from puntuale.mail.incoming.fetching import Source


def served(answer):
    """Return the port of a server that answers each line of one visitor by `answer(line)`, after its greeting."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with closing(listener), listener.accept()[0] as line, line.makefile("rwb", buffering=0) as file:
            file.write(answer(b""))
            for said in file:
                file.write(answer(said))

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


def tried(port, password="secret"):
    return fetching.problem_of(Source("127.0.0.1", port, "support", password, security="plain"))


class Mailbox:
    """An IMAP server that takes everything, and remembers what it was told."""

    def __init__(self):
        self.got = []

    def __call__(self, said):
        self.got.append(said)
        if not said:
            return b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] here\r\n"
        tag, _, command = said.partition(b" ")
        if command.startswith(b"AUTHENTICATE"):
            return b"+ \r\n"
        if not command:
            tag = self.got[-2].partition(b" ")[0]
        if command.startswith(b"CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n"
        return tag + b" OK done\r\n"


@pytest.mark.parametrize("password", ["pässwörd", "пароль", "秘密 \N{PILE OF POO}", "a\r\nb"])
def test_a_password_has_any_letters(password):
    server = Mailbox()
    assert tried(served(server), password) == ""
    sent = [one for one in server.got if one and b" " not in one.strip()]
    assert base64.b64decode(sent[0]) == f"\0support\0{password}".encode()


def test_one_of_plain_letters_goes_as_every_server_takes_it():
    server = Mailbox()
    assert tried(served(server), 'se"cret') == ""
    assert any(b"LOGIN" in one for one in server.got)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 400 Bad\r\n\r\n", b"\xff\xfe\r\n", b"* BYE no\r\n", b"* OK\r\n" * 3]
)
def test_whatever_a_server_says_is_told_in_words(answer):
    assert tried(served(lambda _said: answer)) != ""
