"""Webhooks and chat services, against a receiver on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

import pytest

from puntuale.sending.letters import Letter
from puntuale.sending.transports import NotDelivered, Undeliverable, messengers, webhook

LETTER = Letter("#7 P1 · 0:59 left · Calls drop", "All of it.", "https://desk.example.com/en/page/1:x/")


class Receiver:
    """Keeps what it is told, and answers as a test wants."""

    def __init__(self):
        self.got, self.status, self.location = [], 200, ""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                receiver.got.append((self.path, dict(self.headers), body.decode()))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "4")
                self.end_headers()
                self.wfile.write(b"said")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.server.server_port}"

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver(settings):
    settings.PRIVATE_TARGETS = True
    found = Receiver()
    yield found
    found.stop()


def test_a_webhook_carries_the_letter_and_the_same_key_in_every_try(receiver):
    key = uuid4()
    for _ in range(2):
        webhook.send(f"http://{receiver.address}/hook", LETTER, key)
    assert [headers["webhook-id"] for _, headers, _ in receiver.got] == [str(key)] * 2
    path, _, body = receiver.got[0]
    assert path == "/hook"
    assert json.loads(body) == {
        "id": str(key), "subject": LETTER.subject, "text": LETTER.text, "link": LETTER.link,
    }  # fmt: skip


@pytest.mark.parametrize("status", [300, 404, 500, 503])
def test_what_is_no_success_is_tried_again_and_says_why(receiver, status):
    receiver.status = status
    with pytest.raises(NotDelivered, match=f"^{status} .*said$"):
        webhook.send(f"http://{receiver.address}/", LETTER, uuid4())


def test_redirects_are_not_followed(receiver):
    receiver.status, receiver.location = 302, f"http://{receiver.address}/elsewhere"
    with pytest.raises(NotDelivered, match="302"):
        webhook.send(f"http://{receiver.address}/", LETTER, uuid4())
    assert [path for path, _, _ in receiver.got] == ["/"]


def test_private_networks_are_out_of_reach_unless_allowed(receiver, settings):
    settings.PRIVATE_TARGETS = False
    with pytest.raises(NotDelivered):
        webhook.send(f"http://{receiver.address}/", LETTER, uuid4())
    with pytest.raises(Undeliverable, match="private"):
        messengers.send(f"ntfy://{receiver.address}/ada", LETTER, uuid4())
    assert receiver.got == []


def test_nobody_there_is_tried_again():
    with pytest.raises(NotDelivered):
        webhook.send("http://127.0.0.1:9/", LETTER, uuid4())


def test_a_chat_service_gets_the_headline_and_the_link(receiver):
    messengers.send(f"ntfy://{receiver.address}/ada", LETTER, uuid4())
    ((_, _, body),) = receiver.got
    assert LETTER.subject in json.loads(body)["message"] and LETTER.link in json.loads(body)["message"]


def test_a_service_that_refuses_is_tried_again_and_says_why(receiver):
    receiver.status = 500
    with pytest.raises(NotDelivered, match=r"(?i)error|500"):
        messengers.send(f"ntfy://{receiver.address}/ada", LETTER, uuid4())


@pytest.mark.parametrize("address", ["file:///etc/passwd", "syslog://", "nonsense", ""])
def test_what_is_no_service_is_given_up(address):
    with pytest.raises(Undeliverable):
        messengers.send(address, LETTER, uuid4())
