"""Bodies: gathered without a thread, refused when they are too large, too slow or too many, and never left behind."""

import errno
import json
import re
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.urls import resolve, reverse
from django.utils import translation

from puntuale.conf import bodies
from puntuale.people import tokens
from puntuale.people.access import ROUTES
from tests.conf.web import FORM, HANGS
from tests.webhooks.test_incoming import hook

JSON = ((b"content-type", b"application/json"),)
CHUNK = b"x" * 50_000


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    monkeypatch.setattr(bodies, "GRACE", 0.0)
    monkeypatch.setattr(bodies, "SLOWEST", 10**9)


def session_of(client):
    return [*FORM, (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]


def token_of(person, now):
    _, secret = tokens.issue(person, name="t", scopes=["read", "write"], lasts=timedelta(days=1), at=now())
    return [*JSON, (b"authorization", f"Bearer {secret}".encode())]


# How large


@pytest.mark.parametrize(
    "path", ["/en/sign-in/", "/it/accesso/", "/en/sign-up/", "/en/page/x/", "/en/invitation/x/", "/nowhere/", "/"]
)
@pytest.mark.parametrize("sends", ["declared", "chunked"])
def test_a_stranger_sends_little_wherever_it_goes(web, path, sends):
    if sends == "declared":
        refused = web.request(
            "POST", path, [HANGS], [*FORM, (b"content-length", b"64001"), (b"expect", b"100-continue")]
        )
        assert web.reads == 0
    else:
        refused = web.post_in_chunks(path, CHUNK, CHUNK)
    assert refused.status == 413
    assert b'role="alert"' in refused.body


@pytest.mark.parametrize("name", ["upload", "new_ticket", "desk_note", "preferences", "api", "incoming_hook"])
def test_a_stranger_sends_little_to_what_takes_more_of_others(web, name):
    arguments = {"desk_note": [1], "api": ["files"], "incoming_hook": ["hook_x"]}.get(name, [])
    assert web.post_in_chunks(reverse(name, args=arguments), CHUNK, CHUNK).status == 413


@pytest.mark.parametrize(
    ("who", "name", "most"),
    [
        ("anna", "preferences", bodies.FORM),
        ("anna", "upload", bodies.FILE),
        ("anna", "new_ticket", bodies.WITH_FILES),
        ("anna", "desk_answer", bodies.SMALL),
        ("ada", "desk_answer", bodies.WITH_FILES),
        ("ada", "office_what_if", bodies.SMALL),
        ("anna", "login", bodies.SMALL),
    ],
)
@pytest.mark.parametrize("sends", ["declared", "chunked"])
def test_whoever_is_signed_in_sends_what_their_form_takes(web, signed_in, who, name, most, sends):
    headers = session_of(signed_in(who))
    path = reverse(name, args=[1001] if name == "desk_answer" else [])
    enough = [b"x" * 1_000_000] * (most // 1_000_000) + [b"x" * (most % 1_000_000)]
    if sends == "declared":
        about = [*headers, (b"content-length", b"%d" % (most + 1)), (b"expect", b"100-continue")]
        assert web.request("POST", path, [HANGS], about).status == 413
    else:
        assert web.post_in_chunks(path, *enough, b"x", headers=headers).status == 413
        # As what Django does not read, so that its own limit for what is no file stays away.
        as_text = [(name, b"text/plain") if name == b"content-type" else (name, value) for name, value in headers]
        assert web.post_in_chunks(path, *enough, headers=as_text).status != 413


def test_programs_send_documents_and_files_with_a_token(web, company, now):
    headers = token_of(company.anna, now)
    megabyte = b"x" * 1_000_000
    assert web.post_in_chunks("/api/v1/tickets", *[megabyte] * 4, headers=headers).status == 413
    as_file = [(b"content-type", b"application/octet-stream"), *headers[1:]]
    sent = web.request(
        "POST", "/api/v1/files", [megabyte] * 5, [*as_file, (b"content-length", b"5000000")], b"name=a.bin"
    )
    assert (sent.status, json.loads(sent.body)["size"]) == (201, 5_000_000)
    assert web.post_in_chunks("/api/v1/files", *[megabyte] * 27, headers=as_file, query=b"name=a.bin").status == 413


def test_a_hook_takes_what_it_reads(web, company):
    _, secret = hook(company)
    path = reverse("incoming_hook", args=[secret])
    assert web.post_in_chunks(path, *[CHUNK] * 5, headers=JSON).status == 400
    refused = web.post_in_chunks(path, *[CHUNK] * 6, headers=JSON)
    assert (refused.status, list(json.loads(refused.body))) == (413, ["error", "problem"])


def test_what_is_refused_is_told_in_the_readers_language_and_kind(web):
    page = web.post_in_chunks("/de/anmelden/", CHUNK, CHUNK)
    assert b'<html lang="de">' in page.body
    assert page.header("connection") == ["close"]
    problem = web.post_in_chunks("/api/v1/tickets", CHUNK, CHUNK, headers=[*JSON, (b"accept-language", b"it")])
    assert problem.header("content-type") == ["application/problem+json"]
    assert json.loads(problem.body)["title"] == "La richiesta è troppo grande."


def test_every_form_that_shows_a_field_for_files_may_send_them():
    templates = "\n".join(path.read_text() for path in Path("puntuale").rglob("templates/**/*.html"))
    forms = re.findall(r"<form[^>]*multipart/form-data[^>]*>", templates)
    named = {name for form in forms for name in re.findall(r"{% url '(\w+)'", form)}
    # Three more go to the page they stand on: a new ticket of a customer and of an agent, and a file for What if.
    assert len(forms) == len(named) + 3
    assert named | {"new_ticket", "desk_new_ticket", "office_what_if"} == bodies.TAKES_FILES
    assert set(ROUTES) >= bodies.TAKES_FILES


@pytest.mark.parametrize("path", ["/en/tickets/new/", "/it/ticket/nuovo/"])
def test_routes_are_known_in_every_language(path):
    with translation.override(path[1:3]):
        assert resolve(path).view_name == "new_ticket"
    assert bodies.most_bytes("POST", bodies._route(path)) == bodies.WITH_FILES


# How slow


@pytest.mark.parametrize("parts", [[HANGS], [b"csrf", HANGS], [b"x"] * 200])
def test_a_body_that_does_not_come_is_given_up(web, hurried, monkeypatch, parts):
    if HANGS not in parts:
        monkeypatch.setattr(bodies, "SLOWEST", 0.001)
        monkeypatch.setattr(bodies, "GRACE", -(10**9))
    monkeypatch.setattr("puntuale.conf.asgi.LINGER", 0.01)
    assert web.post_in_chunks("/en/sign-in/", *parts).status == 408
    problem = web.post_in_chunks("/api/v1/tickets", *parts[-1:], HANGS, headers=JSON)
    assert (problem.status, json.loads(problem.body)["type"]) == (408, "/api/v1/docs#problem-too-slow")


def test_a_large_body_has_as_long_as_its_size_earns(web, signed_in, monkeypatch):
    monkeypatch.setattr(bodies, "GRACE", 0.0)
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 40, headers=session_of(signed_in("anna"))).status != 408


def test_whoever_hangs_up_leaves_nothing(web, signed_in):
    headers = session_of(signed_in("anna"))
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 4, headers=headers, hangs_up=True).status is None


# How many


def test_small_bodies_are_refused_when_their_room_is_full(web, monkeypatch):
    monkeypatch.setattr(bodies.Body, "memory", bodies.Room(100))
    assert web.post("/en/sign-in/", b"x" * 90).status == 403
    refused = web.post("/en/sign-in/", b"x" * 110)
    assert (refused.status, refused.header("retry-after")) == (503, ["10"])


def test_large_bodies_leave_room_for_those_of_others_and_for_small_ones(web, signed_in, company, monkeypatch):
    monkeypatch.setattr(bodies.Body, "disk", bodies.Room(400_000))
    headers = session_of(signed_in("anna"))
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 3, headers=headers).status == 403
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 5, headers=headers).status == 503
    bodies.Body.disk.take(390_000)
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 2, headers=headers).status == 503
    assert web.post("/en/sign-in/", b"a=b").status == 403
    bodies.Body.disk.give_back(390_000)


def test_a_full_disk_is_no_failure_of_ours(web, signed_in, monkeypatch):
    def full(self, chunk):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("puntuale.conf.bodies.Body.write_to_disk", full)
    assert web.post_in_chunks("/en/files/", *[CHUNK] * 2, headers=session_of(signed_in("anna"))).status == 503


def test_each_way_to_refuse_has_a_sentence_of_its_own():
    room = bodies.Room(10)
    with pytest.raises(bodies.Refused) as refused:
        room.take(11)
    assert refused.value.status is HTTPStatus.SERVICE_UNAVAILABLE
