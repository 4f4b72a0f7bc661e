"""Programs elsewhere are told: signed, in order, until they have taken it, and without waiting for each other."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from standardwebhooks import Webhook, WebhookVerificationError

from puntuale.agreements import desk
from puntuale.sending.models import Intent
from puntuale.sending.transports import messengers
from puntuale.tickets import assignment, classification, conversation
from puntuale.tickets.models import Event, Grounds
from puntuale.watch import ringing
from puntuale.webhooks import catalogue, delivering, endpoints, notices, posting
from puntuale.webhooks.endpoints import EndpointRefused
from puntuale.webhooks.models import Delivery, Endpoint
from tests.guarantee.test_story import on
from tests.sending.test_phones import Receiver

AT = on("fri 16:00")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def receiver(settings):
    settings.PRIVATE_TARGETS = True
    found = Receiver()
    yield found
    found.stop()


class Clock:
    def __init__(self):
        self.at = AT

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


def endpoint(company, receiver, *types, name="CRM", path="hook"):
    url = f"http://{receiver.address}/{path}"
    return endpoints.add(name=name, url=url, types=types, by=company.mara, at=AT)


def serve(clock):
    """Let the threads do what is to be done by now."""
    while delivering.quick_round(clock) == 0.0 or delivering.patient_round(clock) == 0.0:
        pass


def types_of(receiver):
    return [json.loads(body)["type"] for _, _, body in receiver.got]


def test_what_happens_is_told_in_order_and_signed(company, receiver, clock):
    hook = endpoint(company, receiver)
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=AT + MINUTE)
    clock.at = AT + 2 * MINUTE
    serve(clock)
    assert types_of(receiver) == ["ticket.submitted", "ticket.answered"]
    for _, headers, body in receiver.got:
        with time_machine.travel(clock.at):
            assert Webhook(endpoints.secret_of(hook)).verify(body, headers)
    _, headers, body = receiver.got[1]
    event = Event.objects.get(kind="answered")
    message = event.facts["message"]
    assert json.loads(body) == {
        "type": "ticket.answered",
        "timestamp": "2026-11-20T15:01:00Z",
        "data": {
            "ticket": {"number": ticket.number, "organisation": company.advanced.pk},
            "number": 2,
            "at": "2026-11-20T15:01:00Z",
            "by": {"person": company.ada.pk, "works_for_vendor": True},
            "facts": {"message": message},
            "promises_made": [],
            "promises_ended": [
                {
                    "metric": "first_response",
                    "number": 1,
                    "plan": "advanced",
                    "priority": "2",
                    "target": "3h business",
                    "start_at": "2026-11-20T15:00:00Z",
                    "due_at": "2026-11-23T10:00:00Z",
                    "no_guarantee": None,
                    "agreement_version": ticket.promises.get().publication_id,
                    "verdict": "met",
                    "ended_at": "2026-11-20T15:01:00Z",
                }
            ],
        },
    }
    assert "We are on it" not in body
    assert not Delivery.objects.filter(sent_at=None).exists()


def test_another_secret_does_not_verify(company, receiver, clock):
    endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    serve(clock)
    _, headers, body = receiver.got[0]
    with time_machine.travel(clock.at), pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 43 + "=").verify(body, headers)


def test_only_what_an_endpoint_asks_for_is_sent(company, receiver, clock):
    endpoint(company, receiver, "ticket.answered")
    ticket = company.ticket(company.anna, "2", AT)
    conversation.answer(ticket, body="We are on it.", by=company.ada, at=AT + MINUTE)
    clock.at = AT + 2 * MINUTE
    serve(clock)
    assert types_of(receiver) == ["ticket.answered"]


def test_what_did_not_happen_is_not_told(company, receiver, clock):
    endpoint(company, receiver)

    class Undone(Exception):
        pass

    def undone():
        with transaction.atomic():
            company.ticket(company.anna, "2", AT)
            raise Undone

    with pytest.raises(Undone):
        undone()
    serve(clock)
    assert receiver.got == []


def test_a_promise_that_comes_due_is_told_as_missed(company, receiver, clock):
    endpoint(company, receiver, catalogue.ALARM, catalogue.MISSED)
    ticket = company.ticket(company.anna, "1", AT)
    ringing.go_round(at=AT + 45 * MINUTE)
    ringing.go_round(at=AT + 60 * MINUTE)
    clock.at = AT + 61 * MINUTE
    serve(clock)
    told = [json.loads(body) for _, _, body in receiver.got]
    assert [one["type"] for one in told][-1] == "promise.missed"
    assert "promise.alarm" in {one["type"] for one in told}
    assert told[-1]["data"]["ticket"] == {"number": ticket.number, "organisation": company.advanced.pk}
    assert told[-1]["data"]["promise"]["due_at"] == "2026-11-20T16:00:00Z"


def test_after_an_hour_away_everything_comes_in_order_with_the_same_ids(company, receiver, clock):
    hook = endpoint(company, receiver)
    receiver.status = 503
    tickets = [company.ticket(company.anna, "2", AT + n * MINUTE) for n in range(3)]
    for minutes in range(60):
        clock.at = AT + minutes * MINUTE
        serve(clock)
    tried = {headers["webhook-id"] for _, headers, _ in receiver.got}
    assert len(tried) == 1
    assert 3 < len(receiver.got) < 12
    receiver.status, receiver.got = 200, []
    clock.at = AT + timedelta(hours=2)
    serve(clock)
    assert [json.loads(body)["data"]["ticket"]["number"] for _, _, body in receiver.got] == [
        one.number for one in tickets
    ]
    assert receiver.got[0][1]["webhook-id"] in tried
    hook.refresh_from_db()
    assert (hook.tried, hook.failing_since, hook.lame_since) == (0, None, None)


def test_every_try_sends_the_same_body(company, receiver, clock):
    endpoint(company, receiver)
    receiver.status = 500
    ticket = company.ticket(company.anna, "1", AT)
    serve(clock)
    classification.reclassify(
        ticket, to="2", because=Grounds.WORKAROUND, telling="Words.", by=company.ada, at=AT + MINUTE
    )
    clock.at = AT + 2 * MINUTE
    serve(clock)
    (_, _, first), (_, _, second) = receiver.got
    assert first == second


@pytest.mark.parametrize("status", [400, 401, 404, 422])
def test_what_a_receiver_refuses_for_good_is_set_aside_and_the_next_follows(company, receiver, clock, status):
    hook = endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    receiver.status = status
    serve(clock)
    company.ticket(company.anna, "2", AT)
    receiver.status = 200
    serve(clock)
    first, second = hook.deliveries.order_by("pk")
    assert (first.status, first.problem, first.given_up_at is None) == (status, "said", False)
    assert second.sent_at is not None


@pytest.mark.parametrize("status", [301, 400, 403, 409, 413])
def test_a_backlog_that_is_refused_is_set_aside_at_once(company, receiver, clock, status):
    hook = endpoint(company, receiver, "ticket.submitted")
    for _ in range(4):
        company.ticket(company.anna, "2", AT)
    receiver.status = status
    serve(clock)
    assert len(receiver.got) == 4
    assert hook.deliveries.filter(given_up_at=AT, status=status).count() == 4
    hook.refresh_from_db()
    assert (hook.try_at, hook.failing_since, hook.disabled_at) == (None, AT, None)
    clock.at = AT + delivering.SWITCHED_OFF_AFTER + MINUTE
    company.ticket(company.anna, "2", clock.at)
    serve(clock)
    hook.refresh_from_db()
    assert hook.disabled_because == delivering.FAILING


@pytest.mark.parametrize("status", [408, 425, 429, 500])
def test_what_may_help_later_is_tried_again_before_what_follows(company, receiver, clock, status):
    hook = endpoint(company, receiver, "ticket.submitted")
    for _ in range(2):
        company.ticket(company.anna, "2", AT)
    receiver.status = status
    serve(clock)
    assert [(one.attempts, one.given_up_at) for one in hook.deliveries.order_by("pk")] == [(1, None), (0, None)]


@pytest.mark.parametrize("are_new", [True, False])
def test_nine_slow_endpoints_do_not_delay_a_healthy_one(are_new, company, receiver, clock, monkeypatch):
    """Each of the slow ones would hold a thread until it is let go, which happens only after the healthy one is told."""
    let_go, post = threading.Event(), posting.post

    def slowly(url, **told):
        if "slow" in url:
            assert let_go.wait(60)
        return post(url, **told)

    monkeypatch.setattr(posting, "post", slowly)
    monkeypatch.setattr(delivering, "PATIENCE", 0.05)
    slow = [endpoint(company, receiver, "ticket.submitted", name=f"A{n}", path=f"slow/{n}") for n in range(9)]
    healthy = endpoint(company, receiver, "ticket.submitted", name="B")
    if not are_new:
        Endpoint.objects.update(served_at=AT - MINUTE)
        Endpoint.objects.filter(pk=healthy.pk).update(served_at=AT)
    company.ticket(company.anna, "2", AT)
    try:
        for _ in range(200):
            assert delivering.quick_round(clock) == 0.0
            if healthy.deliveries.get().sent_at:
                break
        assert healthy.deliveries.get().sent_at == AT
        assert not Delivery.objects.filter(endpoint__in=slow).exclude(sent_at=None)
    finally:
        let_go.set()
    serve(clock)
    assert Delivery.objects.filter(endpoint__in=slow, sent_at=AT, attempts=1).count() == 9
    assert not Endpoint.objects.exclude(leased_until=None)


def test_what_was_given_up_can_be_sent_again_under_its_id(company, receiver, clock):
    hook = endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    receiver.status = 404
    serve(clock)
    receiver.status = 200
    assert endpoints.replay(hook) == 1
    serve(clock)
    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert ids[0] == ids[1] == str(hook.deliveries.get().key)
    assert endpoints.replay(hook) == 0
    assert endpoints.replay(hook, delivery=hook.deliveries.get().pk) == 1
    serve(clock)
    assert len(receiver.got) == 3


def test_what_nobody_took_for_a_day_is_given_up_and_after_three_the_endpoint_is_off(company, receiver, clock, settings):
    settings.EMAIL_IS_SET = True
    hook = endpoint(company, receiver, "ticket.submitted")
    receiver.status = 500
    for day in range(4):
        company.ticket(company.anna, "2", AT + timedelta(days=day))
        for hour in range(24):
            clock.at = AT + timedelta(days=day, hours=hour, minutes=1)
            serve(clock)
    hook.refresh_from_db()
    assert hook.disabled_because == delivering.FAILING
    assert [one.given_up_at is not None for one in hook.deliveries.order_by("pk")] == [True, True, True, False]
    told = Intent.objects.filter(kind=notices.WEBHOOK_OFF)
    assert {one.person for one in told} == {company.mara}
    assert notices.write(list(told), clock.at).subject
    assert notices.on_again(list(told)) == {}
    endpoints.switch_on(hook, by=company.mara, at=clock.at)
    assert set(notices.on_again(list(told))) == {one.pk for one in told}
    receiver.status = 200
    serve(clock)
    assert hook.deliveries.filter(sent_at__isnull=False).count() == 1


def test_a_receiver_that_is_gone_is_told_no_more(company, receiver, clock):
    hook = endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    receiver.status = 410
    serve(clock)
    company.ticket(company.anna, "2", AT)
    clock.at = AT + timedelta(hours=1)
    serve(clock)
    hook.refresh_from_db()
    assert hook.disabled_because == delivering.GONE
    assert len(receiver.got) == 1
    assert hook.deliveries.count() == 1


def test_for_a_day_both_secrets_sign(company, receiver, clock):
    hook = endpoint(company, receiver)
    before = endpoints.secret_of(hook)
    after = endpoints.rotate(hook, by=company.mara, at=AT)
    assert before != after
    for hours, known in ((1, {before, after}), (25, {after})):
        clock.at = AT + timedelta(hours=hours)
        company.ticket(company.anna, "2", clock.at)
        receiver.got = []
        serve(clock)
        _, headers, body = receiver.got[0]
        verified = set()
        for secret in (before, after):
            with time_machine.travel(clock.at):
                try:
                    Webhook(secret).verify(body, headers)
                except WebhookVerificationError:
                    continue
                verified.add(secret)
        assert verified == known


def test_secrets_are_sealed_at_rest_and_forgotten_with_the_endpoint(company, receiver):
    hook = endpoint(company, receiver)
    assert endpoints.secret_of(hook) not in hook.sealed_secret
    endpoints.retire(hook, by=company.mara, at=AT)
    hook.refresh_from_db()
    assert (hook.sealed_secret, hook.sealed_former_secret) == ("", "")


def test_a_lame_endpoint_is_no_burden_to_the_quick_ones(company, receiver, clock):
    slow, quick = endpoint(company, receiver, name="A slow one"), endpoint(company, receiver, name="B quick one")
    Endpoint.objects.filter(pk=slow.pk).update(lame_since=AT)
    company.ticket(company.anna, "2", AT)
    assert delivering.quick_round(clock) == 0.0
    assert delivering.quick_round(clock) == delivering.IDLE
    assert (slow.deliveries.get().sent_at, quick.deliveries.get().sent_at) == (None, AT)
    assert delivering.patient_round(clock) == 0.0
    slow.refresh_from_db()
    assert slow.deliveries.get().sent_at == AT
    assert slow.lame_since is None


def test_an_endpoint_in_hand_is_left_alone_until_its_lease_ends(company, receiver, clock):
    endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    assert delivering.claim(AT, lame=False) is not None
    assert delivering.claim(AT, lame=False) is None
    assert delivering.claim(AT + delivering.LEASE, lame=False) is not None


def test_whoever_lost_an_endpoint_marks_nothing(company, receiver, clock):
    endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    stood_still = delivering.claim(AT, lame=False)
    clock.at = AT + delivering.LEASE
    serve(clock)
    assert delivering._send_next(stood_still, clock) is delivering.Next.REST
    outcome = posting.Outcome(500, "late", 1)
    assert delivering._note(stood_still, Delivery.objects.get(), outcome, clock.at) is delivering.Next.REST
    assert Delivery.objects.get().problem == ""
    assert len(receiver.got) == 1


def test_a_retry_after_is_heeded_within_an_hour(company, receiver, clock, monkeypatch):
    hook = endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    monkeypatch.setattr(posting, "post", lambda *_, **__: posting.Outcome(429, "slowly", 1, retry_after=900))
    serve(clock)
    hook.refresh_from_db()
    assert hook.try_at == AT + timedelta(seconds=900)


def test_a_server_that_drips_holds_nobody_for_long(company, settings, monkeypatch):
    settings.PRIVATE_TARGETS = True
    monkeypatch.setattr(posting, "LONGEST", 0.5)
    done = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def drip():
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while not done.wait(0.1):
                try:
                    connection.sendall(b"X-A: b\r\n")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        outcome = posting.post(url, body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT)
    finally:
        done.set()
        thread.join()
        listening.close()
    assert outcome.status is None
    assert "no answer within" in outcome.said


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/", "http://[::1]:9/", "http://169.254.169.254/", "http://10.0.0.1/", "http://2130706433/", "http://localhost:9/"]
)  # fmt: skip
def test_sec_s14_private_addresses_are_refused_when_it_is_sent(db, url):
    outcome = posting.post(url, body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT)
    assert outcome.status is None
    assert outcome.said


def test_sec_s14_a_redirect_is_not_followed(company, receiver, clock):
    endpoint(company, receiver)
    receiver.status, receiver.location = 302, f"http://{receiver.address}/elsewhere"
    company.ticket(company.anna, "2", AT)
    serve(clock)
    assert [path for path, _, _ in receiver.got] == ["/hook"]
    assert Delivery.objects.get().status == 302


def test_sec_s14_a_name_that_leads_home_only_when_it_is_asked_again_is_refused(db, receiver, settings, monkeypatch):
    settings.PRIVATE_TARGETS = False
    port = int(receiver.address.rpartition(":")[2])
    answers, asked = iter(["93.184.215.14"]), socket.getaddrinfo

    def rebinding(host, *args, **kwargs):
        if host != "rebinding.example":
            return asked(host, *args, **kwargs)
        return asked(next(answers, "127.0.0.1"), *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    next(answers)
    posting.post(
        f"http://rebinding.example:{port}/", body="{}", key=UUID(int=1), secrets=[endpoints._new_secret()], at=AT
    )
    assert receiver.got == []


@pytest.mark.parametrize(
    ("name", "url", "types", "rule"),
    [
        ("", "https://a.example/", [], "name.length"),
        ("x" * 101, "https://a.example/", [], "name.length"),
        ("CRM", "ftp://a.example/", [], "address.web"),
        ("CRM", "https://a.example/" + "x" * 500, [], "address.web"),
        ("CRM", "javascript:alert(1)", [], "address.web"),
        ("CRM", "https://a.example/", ["ticket.exploded"], "types.unknown"),
    ],
)
def test_an_endpoint_that_cannot_be_is_refused(company, name, url, types, rule):
    with pytest.raises(EndpointRefused) as refused:
        endpoints.add(name=name, url=url, types=types, by=company.mara, at=AT)
    assert refused.value.rule == rule
    assert not Endpoint.objects.exists()


def test_the_page_shows_the_secret_once_and_what_became_of_each(company, receiver, clock, signed_in, now):
    now.at = clock.at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    client = signed_in("mara")
    sent = {"name": "CRM", "url": f"http://{receiver.address}/hook", "types": ["ticket.submitted"]}
    first = client.post("/en/office/webhooks/new/", sent)
    hook = Endpoint.objects.get()
    secret = endpoints.secret_of(hook)
    assert secret in first.content.decode()
    company.ticket(company.anna, "2", AT)
    receiver.status = 404
    serve(clock)
    page = client.get(f"/en/office/webhooks/{hook.pk}/").content.decode()
    assert secret not in page
    assert "given up" in page
    assert "404" in page
    assert client.post(f"/en/office/webhooks/{hook.pk}/replay/").status_code == 302
    assert hook.deliveries.get().given_up_at is None
    nothing = client.post("/en/office/webhooks/new/", sent | {"types": []})
    assert nothing.status_code == 422
    assert "Please choose what it is told." in nothing.content.decode()
    refused = client.post("/en/office/webhooks/new/", sent | {"url": "nowhere"})
    assert refused.status_code == 422
    assert "This is no address on the web" in refused.content.decode()


def test_the_log_is_kept_for_thirty_days_and_what_waits_for_ever(company, receiver, clock):
    hook = endpoint(company, receiver)
    company.ticket(company.anna, "2", AT)
    serve(clock)
    company.ticket(company.anna, "2", AT)
    assert endpoints.forget_old(at=AT + timedelta(days=29)) == 0
    assert endpoints.forget_old(at=AT + timedelta(days=31)) == 1
    assert hook.deliveries.get().waits


CHAT = "slack://TokenAAAA0/TokenBBBB0/TokenCCCC0CCCCCCCCCCCCC0/#support"


@pytest.fixture
def chat(monkeypatch):
    said = []
    monkeypatch.setattr(messengers, "send", lambda address, letter, _: said.append((address, letter)))
    return said


def test_a_chat_is_told_in_a_line_of_the_desk_s_language(company, chat, clock, settings):
    settings.BASE_URL = "https://desk.example"
    desk.arrange(name="Desk", language="it", zone_name="Europe/Rome", by=company.mara, at=AT)
    endpoints.add(
        name="Team", url=CHAT, types=["ticket.submitted", "ticket.assigned"], by=company.mara, at=AT, channel="chat"
    )
    ticket = company.ticket(company.anna, "1", AT)
    assignment.assign(ticket, to=company.grace, by=company.ada, at=AT)
    serve(clock)
    assert [(address, letter.subject, letter.link) for address, letter in chat] == [
        (CHAT, f"#{ticket.number} P1 Calls drop - Inviato da Anna Conti", f"https://desk.example/it/desk/{ticket.number}/"),
        (CHAT, f"#{ticket.number} P1 Calls drop - Ada Byron l'ha assegnato a Grace Hopper", f"https://desk.example/it/desk/{ticket.number}/"),
    ]  # fmt: skip


def test_a_chat_hears_of_what_comes_due_and_of_what_is_missed(company, chat, clock):
    endpoints.add(
        name="Team", url=CHAT, types=[catalogue.ALARM, catalogue.MISSED], by=company.mara, at=AT, channel="chat"
    )
    company.ticket(company.anna, "1", AT)
    ringing.go_round(at=AT + 45 * MINUTE)
    clock.at = AT + 45 * MINUTE
    serve(clock)
    ringing.go_round(at=AT + 60 * MINUTE)
    serve(clock)
    assert chat[-1][1].subject.endswith("the promise was missed")
    assert "due today" in chat[0][1].subject


def test_sec_s25_the_address_of_a_chat_is_a_secret(company, chat, clock, signed_in):
    client = signed_in("mara")
    sent = {"name": "Team", "url": CHAT, "channel": "chat", "all": "on"}
    answer = client.post("/en/office/webhooks/new/", sent)
    assert answer.status_code == 302, answer.content.decode()
    hook = Endpoint.objects.get()
    assert "Token" not in hook.url + hook.sealed_secret
    assert "TokenAAAA" not in client.get(f"/en/office/webhooks/{hook.pk}/").content.decode()
    assert client.post(f"/en/office/webhooks/{hook.pk}/", {"name": "Team", "url": "", "all": "on"}).status_code == 302
    hook.refresh_from_db()
    endpoints.ping(hook, at=AT)
    serve(clock)
    assert [address for address, _ in chat] == [CHAT]
    assert client.post(f"/en/office/webhooks/{hook.pk}/secret/").status_code == 404


@pytest.mark.parametrize("url", ["https://a.example/", "file:///etc/passwd", "slack://", "exec://ls", ""])
def test_what_is_no_chat_is_refused(company, url):
    with pytest.raises(EndpointRefused):
        endpoints.add(name="Team", url=url, types=[], by=company.mara, at=AT, channel="chat")
