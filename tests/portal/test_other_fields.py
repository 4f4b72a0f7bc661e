"""What else people type: names of files, their own names, preferences, and whatever stands in an address."""

from urllib.parse import quote
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation
from puntuale.tickets.models import Attachment, Ticket
from tests import naughty
from tests.naughty import NAUGHTY, XSS, alive, kept, on_one_line, text
from tests.pages import words

FORM = "/en/tickets/new/"
TYPED = NAUGHTY | XSS
PAYLOADS = [pytest.param(said, id=name) for name, said in TYPED.items()]
THE_DESKS_OWN = {"<dialog>", "<kbd>"}


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def uploaded(client, name, content=b"x"):
    return client.post("/en/files/", {"file": ContentFile(content, name=name)}).json()["key"]


@pytest.mark.parametrize("said", PAYLOADS)
def test_sec_s02_files_and_people_and_products_are_called_what_they_are_called(client, company, now, said):
    name = on_one_line(said)[:150]
    for one in (company.anna, company.andrea, company.advanced, company.telephony):
        one.name = name
        one.save()
    ticket = company.ticket(company.anna, "3", now.at)
    page = f"/en/tickets/{ticket.number}/"
    client.force_login(company.anna)
    sent = {"body": "See the file.", "files": uploaded(client, f"{said}.txt")}
    assert client.post(f"{page}messages/", sent).status_code == 302
    assert client.post(f"{page}followers/", {"colleagues": "andrea@northwind.test"}).status_code == 302
    for address in (page, FORM, "/en/tickets/"):
        seen = shown(client, address)
        assert name in text(seen), address
        assert alive(seen) == [], address
    file = Attachment.objects.get().name
    assert file in text(shown(client, page))
    client.force_login(company.andrea)
    for address in (page, "/en/tickets/", "/en/tickets/organisation/", "/en/tickets/found/?q=Calls"):
        seen = shown(client, address)
        assert name in text(seen), address
        assert alive(seen) == [], address
    client.force_login(company.ada)
    seen = shown(client, f"/en/desk/{ticket.number}/")
    assert file in text(seen)
    assert set(alive(seen)) <= THE_DESKS_OWN


@pytest.mark.parametrize("said", PAYLOADS)
def test_what_customers_write_afterwards_is_shown_on_the_desk_as_it_was_written(client, company, now, said):
    ticket = company.ticket(company.anna, "3", now.at)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    client.force_login(company.anna)
    page = f"/en/tickets/{ticket.number}/"
    assert client.post(f"{page}rating/", {"opinion": "good", "comment": "Perfect."}).status_code == 302
    assert client.post(f"{page}rating/", {"opinion": "not_good", "comment": naughty.seen(said)}).status_code == 302
    assert client.post(f"{page}messages/", {"body": f"````\n{naughty.seen(said)}\n````"}).status_code == 302
    client.force_login(company.ada)
    seen = shown(client, f"/en/desk/{ticket.number}/")
    assert text(seen).count(kept(said)) >= 2, "comment, message"
    assert "Perfect." not in text(seen)
    assert set(alive(seen)) <= THE_DESKS_OWN


def test_sec_s20_preferences_that_are_none_are_refused_and_change_nothing(signed_in, company, now):
    client = signed_in("anna")
    for said in (
        *TYPED.values(),
        "xx",
        "Mars/Olympus",
        "../../etc/localtime",
        "/etc/localtime",
        "Europe",
        "x" * 10_000,
    ):
        for wanted in ({"zone_name": said}, {"language": said}):
            response = client.post("/en/preferences/", {"language": "en", "zone_name": "Europe/Rome"} | wanted)
            assert response.status_code == 422, said
            assert alive(response.content.decode()) == [], said
    company.anna.refresh_from_db()
    assert (company.anna.language, company.anna.zone_name) == ("en", "Europe/Rome")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/localtime", ""])
def test_a_zone_that_has_gone_from_the_tables_breaks_no_page(signed_in, company, now, zone):
    ticket = company.ticket(company.anna, "3", now.at)
    company.anna.zone_name = zone
    company.anna.save()
    client = signed_in("anna")
    for address in ("/en/tickets/", f"/en/tickets/{ticket.number}/", FORM, "/en/guarantee/", "/en/preferences/"):
        shown(client, address)


def test_whatever_stands_behind_the_question_mark_is_harmless(signed_in, company, now):
    company.ticket(company.anna, "3", now.at)
    client = signed_in("andrea")
    pages = (
        "tickets/",
        "tickets/organisation/",
        "tickets/found/",
        "tickets/new/",
        "tickets/new/priorities/",
        "guarantee/",
    )
    for said in (*TYPED.values(), "9" * 40, "-1", "1e9", "x" * 5000):
        asked = dict.fromkeys(("phase", "after", "environment", "product", "priority", "q", "next", said), said)
        for page in pages:
            response = client.get(f"/en/{page}", asked)
            assert response.status_code == 200, (page, said)
            assert alive(response.content.decode()) == [], (page, said)


def test_who_signs_in_as_anything_is_told_no(client, company, now):
    for said in TYPED.values():
        # These are more tries than one client has in a minute.
        cache.clear()
        response = client.post("/en/sign-in/", {"username": said, "password": "x"})
        assert response.status_code == 200, said
        assert alive(response.content.decode()) == [], said
        assert not response.wsgi_request.user.is_authenticated


def test_a_password_of_a_million_characters_is_answered_like_any_other(client, company, now):
    sent = {"username": "anna@northwind.test", "password": "x" * 1_048_576}
    assert "That address and password do not go together." in words(client.post("/en/sign-in/", sent))


def test_the_token_of_somebody_else_opens_nothing_and_keeps_the_text(company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    anna, paola = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    for client, person in ((anna, company.anna), (paola, company.paola)):
        client.force_login(person)
        client.get(FORM)
    sent = {"body": "my story", "csrfmiddlewaretoken": paola.cookies["csrftoken"].value}
    refused = anna.post(f"/en/tickets/{ticket.number}/messages/", sent)
    assert refused.status_code == 403
    assert "my story</textarea>" in refused.content.decode()
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    ("name", "length"), [("n" * 300 + ".txt", 200), ("", None), ("a/b\\c.txt", 5), ("%00.txt", 7), ("  .txt", 3)]
)
def test_odd_names_of_files_are_cut_and_nothing_without_a_name_is_taken(signed_in, company, now, name, length):
    fields = {"key": uuid4(), "environment": "production", "subject": "Calls drop", "body": "Since this morning."}
    parts = [f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n' for field, value in fields.items()]
    parts.append(f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nhello\r\n')
    body = "".join(f"--x\r\n{part}" for part in parts) + "--x--\r\n"
    response = signed_in("anna").post(FORM, body, content_type="multipart/form-data; boundary=x", follow=True)
    assert response.status_code == 200
    files = Ticket.objects.get().messages.get().attachments.all()
    assert [len(file.name) for file in files] == ([] if length is None else [length])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.png", b"<html><script>alert(1)</script>"),
        ("table.csv", b"=cmd|' /C calc'!A0"),
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg onload=alert(1)>"),
        ('"; filename=evil.html\r\nX-Evil: 1.txt', b"x"),
    ],
)
def test_sec_s16_what_pretends_to_be_a_picture_is_only_handed_out(signed_in, company, now, name, content):
    client = signed_in("anna")
    response = client.get(f"/en/files/{uploaded(client, name, content)}/", follow=True)
    assert b"".join(response.streaming_content) == content
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize("key", ["x", "0", "\0", "1\0", "../../etc/passwd", "x" * 5000, "٣", "content", "\U0010ffff"])
def test_keys_that_are_no_files_find_nothing_and_send_nothing(signed_in, company, now, key):
    client = signed_in("anna")
    for address in ("files", "files/content"):
        assert client.get(f"/en/{address}/{quote(key)}/").status_code == 404
    ticket = company.ticket(company.anna, "3", now.at)
    new = {"key": uuid4(), "environment": "production", "subject": "Calls drop", "body": "my story", "files": key}
    for address, fields in (
        (FORM, new),
        (f"/en/tickets/{ticket.number}/messages/", {"body": "my story", "files": key}),
    ):
        response = client.post(address, fields)
        assert response.status_code == 422
        assert "my story" in response.content.decode()


def test_previews_and_drafts_take_anything(signed_in, company, now):
    client = signed_in("anna")
    for said in TYPED.values():
        preview = client.post("/en/preview/", {"body": said})
        assert preview.status_code == 200
        assert alive(preview.content.decode()) == [], said
        assert client.post("/en/drafts/", {"place": "new_ticket", "subject": said, "body": said}).status_code == 200
        assert client.post("/en/drafts/", {"place": said, "body": said}).status_code == 404
        assert client.post("/en/drafts/", {"place": "message", "ticket": said, "body": said}).status_code == 404
