"""Hundreds of clients that send or take nothing, before the real web server: nobody else notices."""

import socket
import time
from contextlib import ExitStack, closing

import pytest

from tests.conf.test_serving import Desk, another_home

__all__ = ["another_home"]
pytestmark = pytest.mark.xdist_group("serving")

CLIENTS = 500
SAYS = {
    "a form that does not come": b"POST /en/sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\ncsrf",
    "a form in chunks": b"POST /en/sign-in/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ncsrf\r\n",
    "the link of a page": b"POST /en/page/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n",
    "a hook": b"POST /hooks/x/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n",
    "a file for the API": b"POST /api/v1/files?name=a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
    "half a head": b"GET / HTTP/1.1\r\nHo",
    "nothing": b"",
}


def clients(port, says, stack):
    for _ in range(CLIENTS // len(SAYS)):
        client = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), timeout=30)))
        client.sendall(says)


def test_silent_clients_hold_nobody_up_are_given_up_and_do_not_keep_the_desk_from_stopping(another_home):
    served = Desk(another_home).wait(240)
    with ExitStack() as stack:
        for says in SAYS.values():
            clients(served.port, says, stack)
        one = stack.enter_context(closing(socket.create_connection(("127.0.0.1", served.port), timeout=60)))
        one.sendall(SAYS["a form that does not come"])
        for _ in range(10):
            assert served.get("/healthz") == "ok\n"
            assert "</html>" in served.get("/en/guarantee/")
        assert b" 408 " in one.recv(100)
        for says in SAYS.values():
            clients(served.port, says, stack)
        began = time.monotonic()
        assert served.stop() == 0
        assert time.monotonic() - began < 25
