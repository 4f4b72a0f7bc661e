"""Outside servers that drip, or never end: each call ends in time, and little of an answer is kept."""

import resource
import socket
import threading
import time
from uuid import uuid4

import pytest
import requests

from puntuale.people import deadlines, egress, lookups, sign_on
from puntuale.people.models import OrganisationDomain
from puntuale.sending.letters import Letter
from puntuale.sending.transports import NotDelivered, messengers, webhook
from puntuale.watch import outside
from tests.pages import words
from tests.security.slow import DRIPPING, ENDLESS, drips_headers, never_ends, served

LETTER = Letter("#7 P1", "All of it.", "https://desk.example.com/en/page/1:x/")
AMPLE = 20.0
MEGABYTE = 1024
CHATS = [
    "gotify://{}/Aabcdefghijklmn",
    "ntfy://{}/ada",
    "matrix://u:p@{}/#room",
    "mmost://{}/3ccdd113474722377935511fc85d3dd4",
]


@pytest.fixture(autouse=True)
def hurried(settings, monkeypatch):
    """Servers on this machine may be asked, for a moment."""
    settings.PRIVATE_TARGETS = True
    monkeypatch.setattr(egress, "LONGEST", 0.6)
    monkeypatch.setattr(deadlines, "PAGE_SECONDS", 1.0)


def most_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@pytest.mark.parametrize("behaviour", DRIPPING)
def test_a_call_ends_in_time_however_a_server_drips(behaviour):
    began = time.monotonic()
    with served(behaviour) as where, egress.session() as session, pytest.raises(requests.Timeout) as problem:
        session.get(f"http://{where}/")
    assert time.monotonic() - began < AMPLE
    assert egress.why(problem.value) == "no answer in time"


@pytest.mark.parametrize("behaviour", ENDLESS)
def test_no_more_is_read_of_an_answer_than_is_allowed(behaviour):
    before = most_memory()
    with served(behaviour) as where, egress.session(most=1000) as session:
        answer = session.get(f"http://{where}/")
    assert len(answer.content) == 1000
    assert most_memory() - before < 100 * MEGABYTE


@pytest.mark.parametrize("address", CHATS)
@pytest.mark.parametrize("behaviour", DRIPPING)
def test_a_chat_that_drips_ends_in_time_in_fixed_words(behaviour, address):
    began = time.monotonic()
    with served(behaviour) as where, pytest.raises(NotDelivered, match=f"^{messengers.REFUSED}"):
        messengers.send(address.format(where), LETTER, uuid4())
    assert time.monotonic() - began < AMPLE


@pytest.mark.parametrize("behaviour", ENDLESS)
def test_a_chat_that_never_ends_takes_no_memory(behaviour):
    before = most_memory()
    with served(behaviour) as where:
        messengers.send(f"gotify://{where}/Aabcdefghijklmn", LETTER, uuid4())
    assert most_memory() - before < 100 * MEGABYTE


@pytest.mark.parametrize("behaviour", DRIPPING)
def test_a_webhook_and_a_monitor_that_drip_are_given_up(behaviour):
    with served(behaviour) as where:
        with pytest.raises(NotDelivered, match="^no answer in time$"):
            webhook.send(f"http://{where}/", LETTER, uuid4())
        assert outside._ask(f"http://{where}/") == "no answer in time"


def test_many_addresses_of_one_name_have_one_deadline_together(monkeypatch):
    tried = []

    class Slow(socket.socket):
        def connect(self, where):
            tried.append(where)
            try:
                super().connect(where)
            except ConnectionRefusedError:
                time.sleep(0.2)
                raise

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.1.{n}", 9)) for n in range(1, 100)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "socket", Slow)
    began = time.monotonic()
    with egress.session() as session, pytest.raises(requests.RequestException):
        session.get("http://many.example/")
    assert time.monotonic() - began < AMPLE
    assert len(tried) > 1


def test_nothing_is_left_of_a_call_that_was_given_up():
    before = threading.active_count()
    with served(drips_headers) as where:
        for _ in range(3):
            with egress.session() as session, pytest.raises(requests.Timeout):
                session.get(f"http://{where}/")
    time.sleep(0.2)
    assert threading.active_count() <= before


@pytest.fixture
def company_server(company, now):
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)

    def added(where, organisation=company.advanced):
        told = {"name": "Northwind ID", "client_id": "desk", "secret": "x"}
        by = company.mara
        return sign_on.add_provider(organisation, server=f"http://{where}", by=by, at=now.at, **told)

    return added


@pytest.mark.parametrize("behaviour", [*DRIPPING, never_ends])
def test_a_sign_on_server_that_drips_or_never_ends_fails_in_time(client, company_server, behaviour):
    with served(behaviour) as where:
        server = company_server(where)
        client.post("/en/sign-in/company/", {"email": "whoever@northwind.test"})
        began = time.monotonic()
        response = client.get(f"/sign-on/{server.key}/")
    assert time.monotonic() - began < AMPLE
    assert response.status_code == 403
    assert "did not tell us who you are" in words(response)


def test_while_one_page_waits_for_a_server_another_is_told_so_at_once(client, company_server):
    server = company_server("127.0.0.1:9")
    client.post("/en/sign-in/company/", {"email": "whoever@northwind.test"})
    with deadlines.page_waits(server.key):
        response = client.get(f"/sign-on/{server.key}/")
        assert (response.status_code, response["Retry-After"]) == (503, "1")
        assert client.get(f"/sign-on/{server.key}/callback/?code=x&state=x").status_code == 503
    assert client.get(f"/sign-on/{server.key}/").status_code == 403


def test_pages_wait_for_a_few_servers_at_a_time_and_never_twice_for_one():
    with deadlines.page_waits("a"):
        with pytest.raises(deadlines.Busy), deadlines.page_waits("a"):
            pass
        with deadlines.page_waits("b"), pytest.raises(deadlines.Busy), deadlines.page_waits("c"):
            pass
        with deadlines.page_waits("c"):
            pass


def test_all_that_one_page_asks_has_one_deadline():
    began = time.monotonic()
    with served(drips_headers) as where, deadlines.page_waits("a"):
        for _ in range(5):
            with egress.session() as session, pytest.raises(requests.Timeout):
                session.get(f"http://{where}/")
    assert time.monotonic() - began < 3


@pytest.fixture
def slow_names(monkeypatch):
    """A resolver that is silent about names in `slow.test` until the test is over, and counts what it is asked."""
    over, asked, real = threading.Event(), [], egress.socket.getaddrinfo

    def look_up(host, *more, **how):
        if str(host).endswith("slow.test"):
            asked.append(host)
            over.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "no")
        return real("127.0.0.1" if host == "healthy.test" else host, *more, **how)

    with egress.guarded():
        pass
    monkeypatch.setattr(socket, "getaddrinfo", egress._bounded_lookup(look_up))
    yield asked
    over.set()
    deadline = time.monotonic() + 60
    while lookups.running:
        assert time.monotonic() < deadline, lookups.running
        time.sleep(0.02)


def at_once(send, over):
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def connects(host):
    with egress.guarded():
        socket.create_connection((host, 25), timeout=30)


def asks(host):
    with egress.session() as session:
        session.get(f"http://{host}/")


def chats(host):
    messengers.send(f"gotify://{host}/Aabcdefghijklmn", LETTER, uuid4())


@pytest.mark.parametrize("call", [connects, asks, chats])
def test_a_name_server_that_is_silent_holds_a_call_no_longer_than_a_server_does(slow_names, call):
    began = time.monotonic()
    with pytest.raises((OSError, requests.RequestException, NotDelivered)):
        call("one.slow.test")
    assert time.monotonic() - began < AMPLE
    assert slow_names


def test_a_name_that_takes_long_takes_up_one_thread_however_many_ask(slow_names):
    for _ in range(5):
        with pytest.raises(requests.Timeout) as problem:
            asks("two.slow.test")
        assert egress.why(problem.value) == "no answer in time"
    assert slow_names == ["two.slow.test"]


def test_names_that_are_found_are_found_beside_those_that_are_not(slow_names, monkeypatch):
    monkeypatch.setattr(lookups, "MOST", 3)
    for n in range(3):
        with pytest.raises(requests.Timeout):
            asks(f"{n}.other.slow.test")
        if n < 2:
            with served(at_once) as where:
                port = where.rpartition(":")[2]
                with egress.session() as session:
                    assert session.get(f"http://healthy.test:{port}/").status_code == 200
    with pytest.raises(requests.ConnectionError) as problem:
        asks("more.slow.test")
    assert egress.why(problem.value) == "the name cannot be found"
    assert "more.slow.test" not in slow_names
