"""What answers give away, where they lead, and whom they believe."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from puntuale.agreements.publication import publish
from puntuale.looks.markdown import rendered
from puntuale.people.models import Person, Role
from puntuale.sending.letters import Letter
from puntuale.sending.transports import email
from puntuale.tickets import attachments
from tests.company import LONG_AGO, PASSWORD
from tests.guarantee.documents import STANDARD
from tests.naughty import alive

SOURCE = Path(__file__).parent.parent.parent / "puntuale"
MARKUP = '\\"><script>alert(1)</script><img src=x onerror=alert(1)><style>*{}</style>'


def test_sec_s02_markup_in_the_agreement_is_only_words(client, company, now):
    document = STANDARD.replace("version = 1\n", "version = 2\n").replace("When we answer", MARKUP)
    document = document.replace('en = "Professional"', f'en = "{MARKUP}"').replace("Major holidays", MARKUP)
    assert document.count("onerror") >= 2
    publish(document, effective_from=LONG_AGO.replace(day=2), at=LONG_AGO.replace(day=2))
    for path in ("guarantee/", "guarantee/versions/2/"):
        page = client.get(f"/en/{path}")
        assert page.status_code == 200 and alive(page.content.decode()) == []
    client.force_login(company.paola)
    assert alive(client.get("/en/tickets/new/").content.decode()) == []


@pytest.mark.parametrize("kind", ["tickets", "desk"])
def test_sec_s07_not_yours_and_not_there_are_told_alike(company, now, kind):
    theirs = company.ticket(company.bruno)
    client = Client()
    client.force_login(company.anna)
    told = []
    for number in (theirs.number, theirs.number + 1_000_000):
        answer = client.get(f"/en/{kind}/{number}/")
        body = re.sub(rb"\d{4,}|[\w-]{43,}", b"", answer.content)
        told.append((answer.status_code, sorted(answer.headers), body))
    assert told[0] == told[1] and told[0][0] == 404


BREAKS = ["\r\nBcc: mallory@evil.test", "\nX: y", "\r", "\u2028Bcc: x", "\x0bX: y", "\0"]


@pytest.mark.parametrize("said", BREAKS)
def test_sec_s13_a_subject_is_one_line_and_an_address_one_reader(settings, mailoutbox, said):
    settings.EMAIL_IS_SET = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    email.send("ada@desk.test", Letter(f"Ticket{said} is here", "text"), "00000000-0000-4000-8000-000000000000")
    (letter,) = mailoutbox
    headers = letter.message().as_bytes().partition(b"\n\n")[0]
    assert letter.recipients() == ["ada@desk.test"]
    assert not re.search(rb"(?im)^(bcc|x):", headers)


@pytest.mark.parametrize("said", BREAKS)
def test_sec_s13_the_name_of_a_file_stays_in_its_header(company, now, said):
    file = attachments.take_in(f"a{said}.txt", [b"x"], by=company.anna, at=now.at)
    client = Client()
    client.force_login(company.anna)
    answer = client.get(f"/en/files/{file.key}/", follow=True)
    assert b"".join(answer.streaming_content) == b"x"
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", answer["Content-Disposition"])


def test_sec_s17_deep_and_endless_text_takes_no_time():
    for text in (
        ">" * 20_000 + "x",
        "[" * 20_000,
        "*" * 20_000 + "a",
        "`" * 20_000,
        "- " * 5_000,
        "|a" * 5_000,
        "a" * 200_000,
    ):
        began = time.process_time()
        rendered(text, "quoted")
        assert time.process_time() - began < 5


RAW = re.compile(r"(?:RawSQL\(|\.raw\(|\.extra\(|execute\(\s*f[\"'])")


def test_sec_s18_no_question_to_the_database_is_put_together_from_text():
    found = [
        f"{file.relative_to(SOURCE)}: {line.strip()}"
        for file in SOURCE.rglob("*.py")
        if "migrations" not in file.parts
        for line in file.read_text(encoding="utf-8").splitlines()
        if RAW.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "header",
    ["X-On-Behalf-Of", "X-Forwarded-User", "Remote-User", "X-Remote-User", "From", "X-User", "X-Original-User"],
)
def test_sec_s22_nobody_is_who_a_header_says(company, now, header):
    assert Client(headers={header: company.mara.email}).get("/en/office/").status_code == 302
    client = Client(headers={header: company.mara.email})
    client.force_login(company.anna)
    assert client.get("/en/office/").status_code == 404
    assert Client(REMOTE_USER=company.mara.email).get("/en/office/").status_code == 302


ELSEWHERE = [
    "//evil.test", "https://evil.test", "https:evil.test", "javascript:alert(1)", "\\\\evil.test", "/\\evil.test",
    "\thttps://evil.test", "http:///evil.test", "//evil.test/en/desk/", "data:text/html,x",
]  # fmt: skip


@pytest.mark.parametrize("where", ELSEWHERE)
def test_sec_s30_signing_in_leads_nowhere_else(company, now, where):
    client = Client()
    answer = client.post(
        f"{reverse('login')}?next={where}", {"username": company.anna.email, "password": PASSWORD, "next": where}
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"] and answer["Location"].startswith("/")


def test_sec_s35_what_machines_read_names_nobody(client, company, now, settings):
    settings.METRICS_TOKEN = "a token for the metrics"
    seen = b"".join(
        client.get(path, headers={"Authorization": "Bearer a token for the metrics"}).content
        for path in ("/healthz", "/readyz", "/metrics", "/en/nothing-here/")
    ).decode()
    for person in Person.objects.all():
        assert person.email not in seen and person.name not in seen
    for told in ("Traceback", "django", "Django", "psycopg", "/puntuale/", str(django_settings.HOME)):
        assert told not in seen
    assert client.get("/metrics").status_code == 404


def test_sec_s37_secrets_are_compared_in_constant_time():
    """Codes, tokens and digests are looked up by their hash, or compared by `compare_digest`; never by `==`."""
    pattern = re.compile(r"(?:token|secret|digest|code)\w*\s*==\s*\w*(?:token|secret|digest|code)")
    found = [
        f"{file.relative_to(SOURCE)}: {line.strip()}"
        for file in SOURCE.rglob("*.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if pattern.search(line)
    ]
    assert found == []


def test_sec_s21_nobody_signs_up_as_anything_but_a_customer(company, now):
    roles = {Role.CUSTOMER, Role.ORGANISATION_ADMIN}
    source = (SOURCE / "people" / "sign_up.py").read_text(encoding="utf-8")
    assert {Role[name] for name in re.findall(r"Role\.([A-Z_]+)", source)} <= roles
