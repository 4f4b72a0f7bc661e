"""Addresses that people choose: what they lead to is judged where the connection is made, at every attempt."""

import json
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import requests

from puntuale.oncall import contacts
from puntuale.people import egress
from puntuale.sending.letters import Letter
from puntuale.sending.transports import AddressRefused, NotDelivered, Undeliverable, check_address, messengers, webhook
from puntuale.watch import outside
from puntuale.webhooks import endpoints, posting
from tests.guarantee.test_story import on

AT = on("fri 16:00")
LETTER = Letter("#7 P1", "All of it.", "https://desk.example.com/en/page/1:x/")
OUTSIDE, INSIDE = "127.0.0.1", "127.0.0.2"
"""Two addresses of this machine: tests take the first for a public one."""


class Server:
    """Answers everything alike, and keeps what it was asked."""

    def __init__(self, host):
        self.asked, self.status, self.location, self.body = [], 200, "", b"{}"
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.asked.append(self.path)
                self.send_response(server.status)
                if server.location:
                    self.send_header("Location", server.location)
                self.send_header("Content-Length", str(len(server.body)))
                self.end_headers()
                self.wfile.write(server.body)

            do_GET = do_PUT = do_POST  # noqa: N815

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer((host, 0), Handler)
        self.address = f"{host}:{self.http.server_port}"
        self.thread = threading.Thread(target=self.http.serve_forever)
        self.thread.start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


@pytest.fixture
def servers(monkeypatch):
    """A server that may be reached, and one that may not."""
    monkeypatch.setattr(egress, "is_public", lambda address: address == OUTSIDE)
    found = Server(OUTSIDE), Server(INSIDE)
    yield found
    for server in found:
        server.stop()


PUBLIC = ["8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "0.0.0.0", "0.1.2.3",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_for_everybody_is_public(address):
    assert egress.is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_sec_s14_an_address_that_is_not_for_everybody_is_none(address):
    assert not egress.is_public(address)


@pytest.mark.parametrize("address", [one for one in PRIVATE if "%" not in one])
def test_sec_s14_a_private_address_is_refused_when_a_webhook_is_saved(company, address):
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(endpoints.EndpointRefused, match=r"address\.private"):
        endpoints.add(name="x", url=f"https://{host}/", types=[], by=company.mara, at=AT)
    with pytest.raises(contacts.ContactRefused, match=r"address\.private"):
        contacts.add(company.ada, channel="webhook", address=f"https://{host}/", at=AT)


@pytest.mark.parametrize(
    "host", ["localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "LOCALHOST", "①②⑦.0.0.1"]
)
def test_sec_s14_other_spellings_of_private_addresses_are_refused_too(host):
    with pytest.raises(AddressRefused, match=r"address\.private"):
        check_address("webhook", f"http://{host}:8000/")


def test_sec_s14_a_name_with_one_private_address_among_others_is_refused(monkeypatch):
    monkeypatch.setattr(egress, "addresses_of", lambda _: ["93.184.215.14", "10.0.0.1"])
    for channel, address in (("webhook", "https://both.example/"), ("chat", "ntfys://both.example/ada")):
        with pytest.raises(AddressRefused, match=r"address\.private"):
            check_address(channel, address)


NUMBERS = [
    "[::1]", "[fd00::1]", "[::ffff:127.0.0.1]", "[fe80::1%25lo]", "[fe80::1%lo]", "[fc00::1]:8443", "[64:ff9b::7f00:1]",
]  # fmt: skip


@pytest.mark.parametrize("host", NUMBERS)
@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("webhook", "http://{}/"),
        ("chat", "gotify://{}/Aabcdefghijklmn"),
        ("chat", "matrixs://u:p@{}/#room"),
        ("chat", "ntfys://{}/ada"),
    ],
)
def test_sec_s14_a_private_address_in_brackets_is_refused_when_it_is_saved(channel, address, host):
    with pytest.raises(AddressRefused, match=r"address\.(private|service_parts|web)"):
        check_address(channel, address.format(host))


def test_a_public_address_in_brackets_is_taken():
    check_address("webhook", "https://[2606:4700::1111]/")
    check_address("chat", "gotifys://[2606:4700::1111]/Aabcdefghijklmn")


@pytest.mark.parametrize("host", ["a" * 300, "a" * 64 + ".example", "a..example", ".example", "ü" * 64 + ".example"])
def test_what_can_be_no_name_is_refused_when_it_is_saved_and_told_in_fixed_words(host, settings):
    for address in (f"http://{host}/", f"https://u:p@{host}:8443/x"):
        with pytest.raises(AddressRefused, match=r"^address\.web$"):
            check_address("webhook", address)
        with pytest.raises(Undeliverable, match=r"^address\.web$"):
            webhook.send(address, LETTER, uuid4())
        outcome = posting.post(address, body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT)
        assert outcome.said == "no connection"
    with pytest.raises((NotDelivered, Undeliverable)):
        messengers.send(f"gotify://{host}/Aabcdefghijklmn", LETTER, uuid4())


def test_a_name_that_cannot_be_found_now_is_taken():
    check_address("webhook", "https://tomorrow.invalid/")
    assert not egress.is_found("https://tomorrow.invalid/")


def test_looking_a_name_up_holds_nobody_for_long(monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(egress, "LOOKED_UP_FOR", 0.05)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(10) and [])
    try:
        assert egress.addresses_of("slow.example") == []
    finally:
        over.set()


CHATS = [
    "ntfy://{0}/ada", "gotify://{0}/Aabcdefghijklmn", "mmost://{0}/3ccdd113474722377935511fc85d3dd4", "matrix://u:p@{0}/#room",
    "workflow://{0}/643a063321b349f8a2f1c2c1c6e9a0b1/signature1234", "synology://{0}/token", "rocket://u:p@{0}/#room",
    "signal://{0}/+15551234567/+15557654321", "goalert://{0}/643a0633-21b3-49f8-a2f1-c2c1c6e9a0b1",
]  # fmt: skip


@pytest.mark.parametrize("address", CHATS)
def test_sec_s14_a_chat_server_in_a_private_network_is_refused_when_it_is_saved_and_when_it_is_told(servers, address):
    with pytest.raises(AddressRefused, match=r"address\.private"):
        messengers.check_chat(address.format(servers[1].address))
    with pytest.raises(Undeliverable, match=r"^address\.private$"):
        messengers.send(address.format(servers[1].address), LETTER, uuid4())
    assert servers[1].asked == []


@pytest.mark.parametrize("kind", ["webhook", "ntfy", "matrix"])
def test_sec_s14_a_name_that_leads_home_only_when_it_is_asked_again_reaches_nobody(servers, monkeypatch, kind):
    asked, answers = socket.getaddrinfo, {"left": 1}

    def rebinding(host, *arguments, **more):
        if host != "rebinding.example":
            return asked(host, *arguments, **more)
        answers["left"] -= 1
        return asked(OUTSIDE if answers["left"] >= 0 else INSIDE, *arguments, **more)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    where = f"rebinding.example:{servers[1].address.rpartition(':')[2]}"
    if kind == "webhook":
        check_address("webhook", f"http://{where}/")
        posting.post(f"http://{where}/", body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT)
    else:
        chat = f"ntfy://{where}/ada" if kind == "ntfy" else f"matrix://u:p@{where}/#room"
        messengers.check_chat(chat)
        with pytest.raises(Undeliverable, match=r"^address\.private$"):
            messengers.send(chat, LETTER, uuid4())
    assert answers["left"] < 0
    assert servers[0].asked == servers[1].asked == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", [0, 1])
def test_sec_s14_nobody_follows_a_redirect(servers, status, where, monkeypatch):
    servers[0].status, servers[0].location = status, f"http://{servers[where].address}/elsewhere"
    posting.post(f"http://{servers[0].address}/", body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT)
    for chat in (
        "ntfy://{0}/ada",
        "gotify://{0}/Aabcdefghijklmn",
        "mmost://{0}/3ccdd113474722377935511fc85d3dd4",
    ):
        with pytest.raises(NotDelivered):
            messengers.send(chat.format(servers[0].address), LETTER, uuid4())
    assert outside._ask(f"http://{servers[0].address}/")
    assert len(servers[0].asked) == 5 and "/elsewhere" not in servers[0].asked
    assert servers[1].asked == []


def test_sec_s14_each_request_that_a_library_makes_on_its_own_is_judged(servers, monkeypatch):
    """Matrix asks a host which server speaks for it, and goes there."""
    judged = []
    monkeypatch.setattr(egress, "is_public", judged.append)
    with pytest.raises(Undeliverable, match=r"^address\.private$"):
        messengers.send(f"matrixs://u:p@{servers[1].address}/#room", LETTER, uuid4())
    assert len(judged) >= 2
    assert servers[1].asked == []


EVIL = [
    "template=/etc/passwd", "template=http://127.0.0.1:8155/meta", "Template=/etc/passwd", "%74emplate=/etc/passwd",
    "redirect=yes", "verify=no", "attach=/etc/passwd", "attach=http://127.0.0.1/", "cto=999", "rto=999", "retry=99",
    "store=yes", "avatar_url=http://127.0.0.1/", "icon_url=http://127.0.0.1/", "file_url=http://127.0.0.1/",
    "image=yes", "footer_logo=http://127.0.0.1/", "href=http://127.0.0.1/", "click=http://127.0.0.1/", "format=html",
    "e2ee=yes", "path=/elsewhere", "hsreq=no", "+Host=127.0.0.1", "-x=y", ":token=value", "nonsense=1", "&&template=x",
    "optional=yes", "host=127.0.0.1", "proxy=127.0.0.1",
]  # fmt: skip
FIXED = [
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general", "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "tgram://123456789:abcdefg_hijklmnop/12315544/", "ntfys://ntfy.sh/ada", "gotifys://push.example/Aabcdefghijklmn",
    "workflows://prod.example/643a063321b349f8a2f1c2c1c6e9a0b1/signature1234", "mmosts://chat.example/3ccdd113474722377935511fc85d3dd4",
    "matrixs://u:p@matrix.example/#room", "pagerduty://abcdefghijk@integration-key", "zulip://botname@org/a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4",
]  # fmt: skip


@pytest.mark.parametrize("address", FIXED)
def test_sec_s14_an_address_of_a_chat_says_who_is_told_and_nothing_that_opens_or_asks_something(address):
    for evil in EVIL:
        with pytest.raises(AddressRefused, match=r"address\.(parameter|service_parts)"):
            messengers.check_chat(f"{address}?{evil}")
        with pytest.raises(AddressRefused, match=r"address\.(parameter|service_parts)"):
            messengers.check_chat(f"{address}?to=x;{evil}")
        with pytest.raises(Undeliverable):
            messengers.send(f"{address}?{evil}", LETTER, uuid4())


def test_sec_s14_each_service_has_none_of_the_settings_that_reach_elsewhere():
    """Also those that a later version of Apprise may add are refused: what is not listed is not taken."""
    from apprise.manager_plugins import NotificationManager  # noqa: PLC0415
    from apprise.plugins import NotifyBase  # noqa: PLC0415

    reaching = {"template", "attach", "avatar", "icon_url", "avatar_url", "file_url", "image", "media", "footer_logo"}
    for services in (messengers.SMS, messengers.CHAT):
        for scheme, parameters in services.items():
            allowed = set(parameters.split())
            if scheme != "whatsapp":  # whose templates are names of texts at the service
                assert not allowed & reaching, scheme
            assert not allowed & set(NotifyBase.template_args), scheme
            assert allowed <= set(NotificationManager()[scheme].template_args), scheme


@pytest.mark.parametrize("address", FIXED)
def test_an_address_of_a_chat_without_more_is_taken(address):
    messengers.check_chat(address)


@pytest.mark.parametrize(
    "address",
    ["slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/?to=general", "ntfys://ntfy.sh/ada?priority=high", "tgram://123456789:abcdefg_hijklmnop/?to=12315544&silent=yes", "workflows://prod.example/643a063321b349f8a2f1c2c1c6e9a0b1/signature1234?api-version=2016-06-01"],
)  # fmt: skip
def test_an_address_may_say_who_is_told_and_how_urgently(address):
    messengers.check_chat(address)


def test_sec_s14_what_is_told_of_a_failure_are_fixed_words(servers, caplog):
    servers[0].status, servers[0].body = 403, b'{"secret": "of the other side"}'
    with pytest.raises(NotDelivered) as problem:
        messengers.send(f"ntfy://{servers[0].address}/ada", LETTER, uuid4())
    assert str(problem.value) in {messengers.REFUSED, f"{messengers.REFUSED} (403)"}
    with pytest.raises(
        NotDelivered, match=r"^the address is in a private network; PUNTUALE_PRIVATE_TARGETS allows these$"
    ):
        webhook.send(f"http://{servers[1].address}/", LETTER, uuid4())
    for port in (9, 22, 1):
        with pytest.raises(NotDelivered, match=r"^no connection$"):
            webhook.send(f"http://{OUTSIDE}:{port}/", LETTER, uuid4())
    with pytest.raises(NotDelivered, match=r"^the name cannot be found$"):
        webhook.send("http://nobody.invalid/", LETTER, uuid4())
    with pytest.raises(NotDelivered, match=r"certificate"):
        webhook.send(f"https://{servers[0].address}/", LETTER, uuid4())


@pytest.mark.parametrize("path", ["/etc/passwd", "/nonexistent", "/proc/self/environ", __file__])
def test_sec_s14_no_file_is_opened_while_somebody_is_told(path):
    with egress.guarded(), pytest.raises(PermissionError):
        Path(path).read_text()
    with egress.guarded(), pytest.raises(PermissionError):
        Path(json.__file__).write_text("")


def test_what_a_library_loads_late_is_loaded():
    with egress.guarded():
        assert Path(json.__file__).read_text()


def test_sec_s14_nothing_is_begun_out_of_sight():
    with egress.guarded(), pytest.raises(PermissionError):
        subprocess.run(["true"], check=True)
    with egress.guarded(), socket.socket(socket.AF_UNIX) as local, pytest.raises(egress.PrivateTarget):
        local.connect("/run/nobody.sock")
    with egress.guarded(), socket.socket() as named, pytest.raises(egress.PrivateTarget):
        named.connect(("localhost", 9))


def test_one_thread_that_is_guarded_stands_in_no_other_ones_way(servers):
    with egress.guarded():
        inner = []
    began, done = threading.Event(), threading.Event()

    def guarded():
        with egress.guarded():
            began.set()
            done.wait(10)
            try:
                socket.create_connection((INSIDE, servers[1].http.server_port), timeout=5).close()
            except egress.PrivateTarget:
                inner.append("refused")

    thread = threading.Thread(target=guarded)
    thread.start()
    began.wait(10)
    socket.create_connection((INSIDE, servers[1].http.server_port), timeout=5).close()
    assert Path(__file__).read_text()
    done.set()
    thread.join()
    assert inner == ["refused"]


def test_whoever_runs_the_desk_may_name_a_monitor_in_a_private_network(servers):
    assert outside._ask(f"http://{servers[1].address}/") == ""
    assert servers[1].asked == ["/"]


def test_private_networks_are_reached_where_they_are_allowed(servers, settings):
    settings.PRIVATE_TARGETS = True
    check_address("webhook", f"http://{servers[1].address}/")
    webhook.send(f"http://{servers[1].address}/", LETTER, uuid4())
    messengers.send(f"ntfy://{servers[1].address}/ada", LETTER, uuid4())
    assert len(servers[1].asked) == 2


def test_sec_s14_no_proxy_and_no_password_file_is_used(servers, monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", f"http://{servers[0].address}")
    passwords = tmp_path / "netrc"
    passwords.write_text(f"machine {OUTSIDE} login us password ours")
    monkeypatch.setenv("NETRC", str(passwords))
    with egress.session() as session, pytest.raises(requests.ConnectionError):
        session.get(f"http://{servers[1].address}/")
    with egress.session() as session:
        assert "Authorization" not in session.get(f"http://{servers[0].address}/").request.headers
    assert servers[0].asked == ["/"]
