"""Erasing a person: no trace of her in database, files, search and logs, while every promise stays as it was."""

import io
import json
import logging
import tempfile
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app

from puntuale.agreements.contracts import sign
from puntuale.oncall import contacts
from puntuale.people import audit
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import AuditEntry, Invitation, JoinRequest, Person, Role, SignUp
from puntuale.privacy import erasing, exporting, retention
from puntuale.privacy.models import Forgotten
from puntuale.tickets import attachments, classification, conversation, drafts, following, rating, resolution, searching
from puntuale.tickets.models import Grounds, PromiseMade, Ticket
from puntuale.tickets.reading import visible_to
from puntuale.tickets.replay import differences
from puntuale.tickets.rights import NotAManager
from tests.access.world import AT, MINUTE
from tests.company import LONG_AGO

CANARIES = ("zitronella", "quetzalcoatl", "xylophonwort", "brombeerdatei", "kanarienruf")
NAME, EMAIL = "Zitronella Quetzalcoatl", "zitronella.q@canary.test"
pytestmark = pytest.mark.django_db


@pytest.fixture
def canary(company):
    """A customer who wrote everything that a customer can write, and about whom an agent wrote, too."""
    organisation = found_organisation(name="Canaries", at=LONG_AGO)
    sign(organisation, plan="advanced", starts_at=LONG_AGO, at=LONG_AGO, answering=company.mara)
    her = add_person(name=NAME, email=EMAIL, password=None, role=Role.CUSTOMER, organisation=organisation, at=LONG_AGO)
    file = attachments.take_in("brombeerdatei.txt", [b"xylophonwort in a file"], by=her, at=AT - 50 * MINUTE)
    ticket = company.ticket(
        her, "1", AT - 50 * MINUTE, subject="xylophonwort is down", body="The xylophonwort!", files=[file.key]
    )
    conversation.note(
        ticket, body="Zitronella phones a lot; call QUETZALCOATL back.", by=company.ada, at=AT - 49 * MINUTE
    )
    change = classification.reclassify(
        ticket,
        to="3",
        because=Grounds.HOW_TO,
        telling=f"Dear {NAME}, it is a question.",
        by=company.ada,
        at=AT - 45 * MINUTE,
    )
    classification.disagree(change, text="No! xylophonwort!", by=her, at=AT - 44 * MINUTE)
    classification.report_impact(ticket, to="1", text="xylophonwort everywhere", by=her, at=AT - 43 * MINUTE)
    conversation.answer(ticket, body="Hello Zitronella, try again.", by=company.ada, at=AT - 40 * MINUTE)
    conversation.follow_up(ticket, body="Thank you. xylophonwort", by=her, at=AT - 39 * MINUTE)
    resolution.resolve(ticket, by=company.ada, at=AT - 30 * MINUTE)
    rating.rate(ticket, good=True, comment="xylophonwort", by=her, at=AT - 20 * MINUTE)
    drafts.keep(her, place=drafts.Place.NEW_TICKET, ticket=None, subject="xylophonwort", body="xylophonwort", at=AT)
    audit.record("signed_in", by=her, at=AT)
    _came_in(her, organisation)
    return her


def _came_in(her, organisation):
    """Everything that coming in leaves behind."""
    asked = {"address": EMAIL, "asked_at": AT}
    SignUp.objects.create(domain="canary.test", expires_at=AT, person=her, **asked)
    JoinRequest.objects.create(
        organisation=organisation, name=NAME, language="en", zone_name="UTC", person=her, decided_at=AT, **asked
    )
    Invitation.objects.create(
        digest="x", role="customer", organisation=organisation, address=EMAIL, made_at=AT, expires_at=AT
    )
    EmailAddress.objects.create(user=her, email=EMAIL)
    SocialAccount.objects.create(user=her, provider="x", uid=EMAIL, extra_data={"name": NAME})
    UserSession.objects.create(user=her, ip="192.0.2.7", session_key="x", user_agent="Zitronella/1.0")
    app.configure_task("post_letter").defer(address=EMAIL, subject="Hello", text=f"Dear {NAME}")


def traces(words=CANARIES):
    """Every word of these that is anywhere in the database, with its table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{table}" AS row WHERE row::text ILIKE ANY (%s) LIMIT 1', [[f"%{w}%" for w in words]]
            )
            if cursor.fetchone():
                found.append(table)
    return found


def files_with(word):
    return [path for path in settings.FILES.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


def owed(ticket):
    rows = PromiseMade.objects.filter(ticket=ticket).order_by("number")
    return [(row.due_at, row.target, row.basis, row.ending.at if hasattr(row, "ending") else None) for row in rows]


def test_nothing_is_left_of_her_but_what_was_promised(canary, company, django_capture_on_commit_callbacks, caplog):
    caplog.set_level(logging.DEBUG)
    ticket = Ticket.objects.get(requester=canary)
    before, others = owed(ticket), set(traces()) - {"people_person"}
    assert {"tickets_message", "tickets_ticket", "tickets_ticketwords", "tickets_draft"} <= others
    assert files_with("xylophonwort")
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase(canary, by=company.mara, at=AT)
    assert traces() == []
    assert files_with("xylophonwort") == []
    assert not [word for word in CANARIES if word in caplog.text.lower()]
    assert owed(ticket) == before
    assert list(differences(Ticket.objects.filter(pk=ticket.pk))) == []
    assert searching.find(visible_to(company.ada), "xylophonwort", by=company.ada) == []
    assert searching.find(visible_to(company.ada), "Zitronella", by=company.ada) == []


def test_the_audit_log_tells_of_it_and_stays_valid(canary, company):
    audit.seal(at=AT + timedelta(hours=2))
    erasing.erase(canary, by=company.mara, at=AT)
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.by, entry.about) == ("person_erased", company.mara, f"person {canary.pk}")
    assert AuditEntry.objects.filter(by=canary, action="signed_in").exists()
    assert list(audit.broken_seals()) == []
    erasing.erase(canary, by=company.mara, at=AT)
    assert AuditEntry.objects.filter(action="person_erased").count() == 1


def test_her_colleagues_words_stay(canary, company):
    colleague = add_person(
        name="Otto Other",
        email="otto@canary.test",
        password=None,
        role=Role.CUSTOMER,
        organisation=canary.organisation,
        at=AT,
    )
    ticket = company.ticket(
        colleague, subject="About Zitronella", body="Ask zitronella.q@canary.test, or Zitronellas brother."
    )
    following.follow(ticket, person=canary, by=colleague, at=AT)
    erasing.erase(canary, by=company.mara, at=AT)
    ticket.refresh_from_db()
    # Her name goes where it stands as a word. What only begins like it is another word.
    assert (ticket.subject, ticket.messages.get().body) == ("About […]", "Ask […], or Zitronellas brother.")


def test_what_somebody_wrote_for_the_vendor_stays_without_her_name(company):
    ticket = company.ticket(company.anna, "2")
    conversation.answer(ticket, body="Restart it. Yours, Ada Byron", by=company.ada, at=AT)
    open_one = company.ticket(company.anna, "2")
    open_one.assignee = company.ada
    open_one.save()
    contacts.add(company.ada, channel="email", address="ada@home.test", at=AT)
    erasing.erase(company.ada, by=company.mara, at=AT)
    open_one.refresh_from_db()
    assert ticket.messages.last().body == "Restart it. Yours, […]"
    assert open_one.assignee is None
    assert traces(["Ada Byron", "ada@"]) == []
    assert PromiseMade.objects.filter(ticket=ticket, ending__isnull=False).exists()


def test_a_tombstone_cannot_come_in_and_another_may_have_the_address(canary, company, client):
    erasing.erase(canary, by=company.mara, at=AT)
    canary.refresh_from_db()
    assert not canary.is_active and not canary.has_usable_password() and canary.is_erased
    add_person(name="New", email=EMAIL, password=None, role=Role.CUSTOMER, organisation=canary.organisation, at=AT)


def test_nobody_erases_herself_and_only_managers_others(company):
    with pytest.raises(erasing.NotHers):
        erasing.erase(company.mara, by=company.mara, at=AT)
    with pytest.raises(NotAManager):
        erasing.erase(company.anna, by=company.ada, at=AT)
    assert Person.objects.filter(pk__in=[company.mara.pk, company.anna.pk], left_at=None).count() == 2


def test_sec_s38_she_gets_everything_that_is_hers_and_nothing_of_others(canary, company):
    company.ticket(company.anna, subject="Secret of Northwind", body="Nobody elses business.")
    to = io.BytesIO()
    exporting.export(canary, to, at=AT)
    with zipfile.ZipFile(to) as archive:
        told = json.loads(archive.read("about-you.json"))
        (file,) = [name for name in archive.namelist() if name.startswith("files/")]
        assert file.endswith("-brombeerdatei.txt") and archive.read(file) == b"xylophonwort in a file"
    assert (told["person"]["name"], told["person"]["email"]) == (NAME, EMAIL)
    text = json.dumps(told)
    assert [word for word in CANARIES[:4] if word not in text.lower()] == []
    assert "phones a lot" not in text and "Nobody elses" not in text and "Northwind" not in text
    assert len(told["messages"]) == 2 and told["deeds"][0]["action"] == "signed_in"
    assert "password" not in text


def test_sec_s15_a_hostile_file_name_is_unpacked_nowhere_else(company):
    for name in ("../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow"):
        attachments.take_in(name, [b"x"], by=company.anna, at=AT)
    to = io.BytesIO()
    exporting.export(company.anna, to, at=AT)
    with zipfile.ZipFile(to) as archive:
        assert all(".." not in name and name.count("/") == 1 for name in archive.namelist() if name != "about-you.json")


@pytest.mark.parametrize("sizes", [[], [1], [200_000, 65_536, 3], [65_535] * 5])
def test_sec_s17_what_is_handed_out_is_made_while_it_is_read_and_waits_nowhere(company, signed_in, monkeypatch, sizes):
    for count, size in enumerate(sizes):
        attachments.take_in(f"{count}.bin", [bytes([count]) * size], by=company.anna, at=AT)
    monkeypatch.setattr(tempfile, "TemporaryFile", None)
    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", None)
    read = []
    monkeypatch.setattr(
        attachments, "path_of", lambda digest, path_of=attachments.path_of: read.append(1) or path_of(digest)
    )
    answer = signed_in("anna").post("/en/about-me/")
    assert read == [], "no file is read before the answer is sent"
    pieces = list(answer)
    assert max(map(len, pieces)) <= 140_000 and len(read) == len(sizes)
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert sorted(one.file_size for one in archive.infolist() if one.filename.startswith("files/")) == sorted(sizes)


def test_a_file_that_is_gone_meanwhile_is_left_out(company):
    first, second = (attachments.take_in(f"{one}.txt", [one.encode()], by=company.anna, at=AT) for one in "ab")
    told = exporting.as_read(company.anna, at=AT)
    attachments.path_of(first.digest).unlink()
    with zipfile.ZipFile(io.BytesIO(b"".join(iter(lambda: told.read(1_000), b"")))) as archive:
        assert archive.namelist()[1:] == [f"files/{second.key}-b.txt"]


class TestRetention:
    LATER = AT + timedelta(days=800)

    def test_without_a_rule_nothing_is_forgotten(self, canary):
        assert retention.count(at=self.LATER) == retention.forget(at=self.LATER) == 0

    def test_texts_and_files_go_and_promises_stay(self, canary, company, django_capture_on_commit_callbacks):
        ticket = Ticket.objects.get(requester=canary)
        still_open = company.ticket(company.anna, body="xylophonwort of an open ticket")
        before = owed(ticket)
        retention.keep_for(24, by=company.mara, at=AT)
        assert retention.count(at=AT + timedelta(days=700)) == 0
        assert retention.count(at=self.LATER) == 1
        with django_capture_on_commit_callbacks(execute=True):
            assert retention.forget(at=self.LATER) == 1
        assert retention.forget(at=self.LATER) == 0
        assert set(ticket.messages.values_list("body", flat=True)) == {"[…]"}
        assert not files_with("xylophonwort in a file")
        assert owed(ticket) == before
        assert Forgotten.objects.get().ticket == ticket
        assert still_open.messages.get().body == "xylophonwort of an open ticket"

    def test_an_organisation_has_a_rule_of_its_own_and_a_hold_keeps_everything(self, canary, company):
        retention.keep_for(24, by=company.mara, at=AT)
        retention.keep_for(None, organisation=canary.organisation, by=company.mara, at=AT)
        assert retention.count(at=self.LATER) == 0
        retention.keep_for(1, organisation=canary.organisation, held=True, by=company.mara, at=AT)
        assert retention.count(at=self.LATER) == 0
        retention.keep_for(1, organisation=canary.organisation, by=company.mara, at=AT)
        assert retention.count(at=self.LATER) == 1
        assert AuditEntry.objects.filter(action="retention_set").count() == 4

    def test_only_managers_say_for_how_long(self, company):
        with pytest.raises(NotAManager):
            retention.keep_for(1, by=company.ada, at=AT)

    @pytest.mark.parametrize(
        ("at", "months", "then"), [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 13, "2024-12-15")]
    )
    def test_months_are_those_of_the_calendar(self, at, months, then):
        when = AT.fromisoformat(f"{at}T00:00:00+00:00")
        assert retention._months_before(when, months).date().isoformat() == then
