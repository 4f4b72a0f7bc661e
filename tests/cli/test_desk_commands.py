"""Commands that need the desk: explain a ticket, check and publish an agreement, and the doctor."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import click
import pytest
from django.db import connection

from puntuale.agreements.models import Publication
from puntuale.cli import agreement, doctor, explain
from puntuale.cli.asking import Call
from puntuale.guarantee.facts import Phase
from puntuale.people import audit
from puntuale.people.joining import invite_first_manager
from puntuale.people.models import Person, Role
from puntuale.tickets import anchoring, conversation
from tests.guarantee.documents import STANDARD, bent
from tests.guarantee.tables import at

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def run(capsys):
    """Run a command against the database of the test."""

    def call(command, *arguments):
        status = 0
        try:
            command.main(arguments, obj=Call(NOW, nullcontext), standalone_mode=False)
        except SystemExit as left:
            status = left.code
        return status, capsys.readouterr().out

    return call


def test_a_tickets_promise_is_explained_by_its_number(run, company):
    ticket = company.ticket(company.paola, "1", NOW)
    _, out = run(explain.command, str(ticket.number), "--lang", "en")
    assert out.splitlines()[0] == f"#{ticket.number} Calls drop"
    assert "Agreement    When we answer, version 1" in out
    assert "  Mon 23 Nov 09:00-11:00  2:00" in out
    assert out.splitlines()[-1] == "due Mon 23 Nov 11:00 CET"


@pytest.mark.parametrize(
    ("after", "last"),
    [
        (timedelta(minutes=5), "answered Fri 20 Nov 16:05 CET, in time"),
        (timedelta(days=4), "answered Tue 24 Nov 16:00 CET, late"),
    ],
)
def test_how_it_ended_is_told(run, company, after, last):
    ticket = company.ticket(company.paola, "1", NOW)
    conversation.answer(ticket, body="Yes.", by=company.ada, at=NOW + after)
    assert run(explain.command, str(ticket.number), "--lang", "en")[1].splitlines()[-1] == last


def test_a_missed_one_is_called_missed_and_no_guarantee_by_its_reason(run, company):
    missed = company.ticket(company.anna, "1", NOW - timedelta(days=1))
    assert run(explain.command, str(missed.number), "--lang", "en")[1].splitlines()[-1] == "missed"
    free = company.ticket(company.bruno, "1", NOW)
    assert (
        run(explain.command, str(free.number), "--lang", "en")[1].splitlines()[-1]
        == "Promise      No guaranteed time on this plan"
    )


def test_a_ticket_that_is_not_there_is_told(run, company):
    with pytest.raises(explain.Failed, match="There is no ticket 42"):
        run(explain.command, "42")


def written(tmp_path, text):
    file = tmp_path / "agreement.toml"
    file.write_text(text)
    return str(file)


def test_a_document_can_be_checked_without_changing_anything(run, tmp_path, db):
    assert "can be published: version 1, 9 cells." in run(agreement.command, "check", written(tmp_path, STANDARD))[1]
    with pytest.raises(agreement.Failed, match="has 1 errors and cannot be published"):
        run(agreement.command, "check", written(tmp_path, STANDARD.replace("Europe/Brussels", "CET")))
    assert Publication.objects.count() == 0


def test_a_document_can_be_published_from_an_instant_on(run, tmp_path, db):
    file = written(tmp_path, STANDARD)
    _, out = run(agreement.command, "publish", file, "--from", "2026-12-01T00:00:00+01:00")
    assert out == "Version 1 is published and takes effect on 2026-12-01T00:00:00+01:00.\n"
    assert Publication.objects.get().effective_from == at("2026-12-01T00:00:00+01:00")
    with pytest.raises(agreement.Failed, match="the next one must be 2 or more"):
        run(agreement.command, "publish", file)


def test_a_planned_version_that_a_newer_one_replaces_is_told(run, tmp_path, company):
    file = written(tmp_path, STANDARD.replace("version = 1", "version = 2"))
    run(agreement.command, "publish", file, "--from", "2027-12-01T00:00:00+01:00")
    file = written(tmp_path, STANDARD.replace("version = 1", "version = 3"))
    _, out = run(agreement.command, "publish", file)
    assert out.splitlines()[-1] == "Version 2, planned for 2027-11-30T23:00:00+00:00, never will."


def test_a_document_with_a_byte_order_mark_is_checked_and_published_alike(run, tmp_path, db):
    file = tmp_path / "agreement.toml"
    file.write_bytes(STANDARD.encode("utf-8-sig"))
    assert "can be published" in run(agreement.command, "check", str(file))[1]
    run(agreement.command, "publish", str(file))
    assert Publication.objects.get().source == STANDARD


def test_a_document_that_is_not_utf_8_is_told_by_its_rule(run, tmp_path, db, capsys):
    file = tmp_path / "agreement.toml"
    file.write_bytes(STANDARD.encode("latin-1", errors="replace"))
    with pytest.raises(agreement.Failed, match="nothing has changed"):
        run(agreement.command, "publish", str(file))
    assert "is not valid UTF-8: byte" in capsys.readouterr().err


def test_a_probable_slip_needs_saying_twice(run, tmp_path, db):
    file = written(tmp_path, STANDARD.replace('2 = "3h business"', '2 = "7h business"'))
    with pytest.raises(agreement.Failed, match="--allow-warnings"):
        run(agreement.command, "publish", file)
    assert Publication.objects.count() == 0
    run(agreement.command, "publish", file, "--allow-warnings")
    assert Publication.objects.count() == 1


def test_the_doctor_finds_a_sound_desk_sound(run, company):
    company.ticket()
    status, out = run(doctor.command)
    assert status == 0
    assert "ok       the events of 1 open tickets lead to what is stored about them" in out
    assert "ok       agreement version 1 is in force" in out
    assert "holidays 'Major holidays' are known up to the end of 2040" in out
    assert "schema up to date" in out
    assert "bad" not in out


def test_the_doctor_finds_what_was_tampered_with(run, company):
    ticket = company.ticket()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tickets_ticket SET due_at = due_at + interval '1 hour'")
    status, out = run(doctor.command)
    assert status == 1
    assert f"bad      ticket {ticket.number}: due_at is" in out


def test_the_doctor_finds_an_audit_log_that_was_tampered_with(run, company):
    entry = audit.record("role_changed", by=None, at=NOW - timedelta(days=1), to="manager")
    audit.seal(at=NOW)
    assert run(doctor.command)[0] == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE people_auditentry SET details = '{}'")
    status, out = run(doctor.command)
    assert status == 1
    assert f"bad      the audit log up to entry {entry.pk} is not as it was sealed" in out


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE tickets_event SET by_id = NULL", "event 1 is not what was recorded"),
        ("UPDATE tickets_anchor SET count = 7", "what was recorded is not as it was anchored on 2026-11-20"),
    ],
)
def test_the_doctor_finds_an_event_that_was_changed_on_a_closed_ticket_too(run, company, tampering, told):
    ticket = company.ticket(company.paola, "1", NOW - timedelta(days=1))
    conversation.answer(ticket, body="Done.", then=Phase.RESOLVED, by=company.ada, at=NOW - timedelta(hours=1))
    anchor = anchoring.anchor(at=NOW)
    status, out = run(doctor.command)
    assert status == 0
    assert "ok       the chains of 3 events are whole" in out
    assert f"2026-11-20: {anchor.digest}" in out
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
    status, out = run(doctor.command)
    assert status == 1
    assert told in out


def test_the_doctor_finds_a_promise_that_was_changed_on_a_closed_ticket_when_asked(run, company):
    ticket = company.ticket(company.paola, "1", NOW - timedelta(days=1))
    conversation.answer(ticket, body="Done.", then=Phase.RESOLVED, by=company.ada, at=NOW - timedelta(hours=1))
    status, out = run(doctor.command, "--evidence")
    assert status == 0
    assert out.startswith("ok       the events of all 1 tickets lead to what is stored about them")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE tickets_promiseending SET verdict = 'met'")
    status, out = run(doctor.command, "--evidence")
    assert status == 1
    assert f"bad      ticket {ticket.number}: the ending is" in out
    with pytest.raises(click.UsageError, match="Give one of"):
        run(doctor.command, "--evidence", "--deploy")


@pytest.fixture
def safely_set_up(settings, tmp_path, monkeypatch, company):
    settings.BEHIND_HTTPS = settings.EMAIL_IS_SET = settings.EMAIL_USE_TLS = True
    settings.DEBUG = settings.PRIVATE_TARGETS = settings.TEST_DOMAINS = False
    settings.BASE_URL, settings.REQUIRE_MFA = "https://help.example.com", "agents"
    settings.HEARTBEAT_URL, settings.HOME = "https://monitor.example.com/1", tmp_path
    settings.ALLOWED_HOSTS, settings.EMAIL_HOST = ["help.example.com"], "mail.example.com"
    monkeypatch.setenv("PUNTUALE_DATA_KEYS", "x" * 40)
    (tmp_path / "secret_key").touch(0o600)
    company.grace.role = Role.MANAGER
    company.grace.save()
    return settings


def test_the_doctor_finds_a_safe_set_up_safe(run, safely_set_up):
    status, out = run(doctor.command, "--deploy")
    assert (status, "bad" in out, "warning" in out) == (0, False, False)
    assert out.count("ok  ") == 14


@pytest.mark.parametrize(
    ("name", "value", "verdict", "said"),
    [
        ("DEBUG", True, "bad", "PUNTUALE_DEBUG is on"),
        ("BEHIND_HTTPS", False, "bad", "PUNTUALE_HTTPS is off"),
        ("ALLOWED_HOSTS", ["*"], "bad", "PUNTUALE_HOSTS is *"),
        ("BASE_URL", "http://localhost:8000", "bad", "links in letters lead to http://localhost:8000"),
        ("REQUIRE_MFA", "off", "warning", "PUNTUALE_REQUIRE_MFA is off"),
        ("TEST_DOMAINS", True, "bad", "PUNTUALE_TEST_DOMAINS is on"),
        ("EMAIL_IS_SET", False, "bad", "PUNTUALE_SMTP is not set"),
        ("EMAIL_USE_TLS", False, "bad", "in the clear"),
        ("HEARTBEAT_URL", "", "warning", "PUNTUALE_HEARTBEAT_URL is not set"),
        ("PRIVATE_TARGETS", True, "warning", "PUNTUALE_PRIVATE_TARGETS is on"),
    ],
)
def test_the_doctor_tells_what_is_unsafe(run, safely_set_up, name, value, verdict, said):
    setattr(safely_set_up, name, value)
    status, out = run(doctor.command, "--deploy")
    (line,) = [line for line in out.splitlines() if not line.startswith("ok ")]
    assert line.startswith(verdict) and said in line
    assert status == (verdict == "bad")


def test_the_doctor_tells_of_files_that_others_can_read(run, safely_set_up, tmp_path):
    (tmp_path / "secret_key").chmod(0o644)
    status, out = run(doctor.command, "--deploy")
    assert status == 1 and f"others on this machine can read {tmp_path}/secret_key" in out


def test_the_doctor_tells_of_a_link_that_makes_a_manager_and_of_a_lonely_one(run, safely_set_up, company, monkeypatch):
    monkeypatch.delenv("PUNTUALE_DATA_KEYS")
    Person.objects.filter(role=Role.MANAGER).update(role=Role.AGENT)
    invite_first_manager(at=NOW)
    status, out = run(doctor.command, "--deploy")
    assert status == 0
    assert "warning  the link for the first manager has not been used" in out
    assert "warning  fewer than two people can run the desk" in out
    assert "warning  secrets in the database are sealed with the key that signs sessions" in out


def test_the_doctor_looks_at_one_thing_at_a_time(run, company):
    with pytest.raises(click.UsageError):
        run(doctor.command, "--deploy", "--promises")


def test_the_doctor_finds_a_contract_on_a_plan_that_is_not_there(run, company):
    company.basic.contracts.update(plan="gold")
    status, out = run(doctor.command)
    assert status == 1
    assert 'bad      the contract of Litware is on the plan "gold", which agreement version 1 does not have' in out


def test_the_doctor_misses_an_agreement_and_a_migration(run, db):
    status, out = run(doctor.command)
    assert status == 1
    assert "no agreement is in force" in out
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tickets'")
        gone = cursor.rowcount
    status, out = run(doctor.command)
    assert status == 1
    assert f"lacks {gone} migrations; run puntuale prepare" in out


def test_the_doctor_warns_of_holidays_that_run_out(monkeypatch, company, capsys):
    found = list(doctor.findings(datetime(2040, 6, 1, tzinfo=UTC)))
    warned = [finding.what for finding in found if finding.verdict == "warning"]
    assert "holidays 'Major holidays' are known up to the end of 2040" in warned
    assert any("more than a year old" in what for what in warned)


def test_a_manager_answers_for_nights_that_nobody_is_on_call_for(run, tmp_path, company):
    bold = {"version": 2, "first_response.professional.1": "4h always"}
    nights = written(tmp_path, json.dumps(bent(bold), default=str))
    with pytest.raises(agreement.Failed, match=r"plan\.uncovered"):
        run(agreement.command, "publish", nights, "--allow-warnings")
    with pytest.raises(agreement.Failed, match="is no manager here"):
        run(agreement.command, "publish", nights, "--allow-warnings", "--answering", "ada@puntuale.test")
    _, out = run(agreement.command, "publish", nights, "--allow-warnings", "--answering", "MARA@puntuale.test")
    assert "Version 2 is published" in out
