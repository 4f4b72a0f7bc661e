"""The journal of erasures: whoever was erased stands in it before anybody is told so, and stays erased."""

import json
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from psycopg.conninfo import make_conninfo

from puntuale.conf import worker
from puntuale.conf.preparing import stay_erased
from puntuale.people import audit
from puntuale.people.models import AuditEntry, Person
from puntuale.privacy import erasing, journal, staying_erased
from puntuale.privacy.journal import Erasure
from puntuale.tickets import chaining, conversation
from puntuale.tickets.models import Event, Ticket
from puntuale.tickets.replay import differences
from tests.access.world import AT

ONE = Erasure(datetime(2026, 11, 20, 15, tzinfo=UTC), 17, datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
OTHER = Erasure(ONE.erased_at + timedelta(days=1), 18, ONE.joined_at)


@pytest.fixture
def file(tmp_path):
    return tmp_path / journal.NAME


@pytest.fixture
def journals(settings, tmp_path):
    settings.ERASURES = [tmp_path / "elsewhere.jsonl", tmp_path / journal.NAME]
    return settings.ERASURES


def test_a_line_says_who_and_when_and_nothing_else(file):
    journal.write([file], [OTHER, ONE])
    assert json.loads(file.read_text().splitlines()[1]) == {
        "person": 17,
        "joined_at": "2025-01-02T03:04:05.678901+00:00",
        "erased_at": "2026-11-20T15:00:00.000000+00:00",
    }
    assert journal.read([file, file.with_name("none")]) == [ONE, OTHER]
    assert file.stat().st_mode & 0o777 == 0o600


def test_it_is_on_disk_before_anybody_is_told(file, monkeypatch):
    flushed, fsync = [], os.fsync

    def note(opened):
        flushed.append(str(Path(f"/proc/self/fd/{opened}").readlink()))
        fsync(opened)

    monkeypatch.setattr(os, "fsync", note)
    journal.write([file], [ONE])
    assert flushed == [str(file), str(file.parent)]


@pytest.mark.parametrize(
    ("rest", "left"),
    [(ONE.line()[:-20], [OTHER]), (ONE.line()[:-1], [ONE, OTHER]), ("", [OTHER])],
    ids=["cut off", "whole but for its end", "nothing"],
)
def test_what_was_cut_off_is_no_line_and_the_next_one_begins_anew(file, rest, left):
    file.write_text(rest)
    journal.write([file], [OTHER])
    assert journal.read([file]) == left


@pytest.mark.parametrize(
    "line", ["", "17", "{}", '{"person": true}', ONE.line().replace("17", '"x"').strip(), "[" * 9999]
)
def test_a_line_that_tells_of_nobody_is_named(file, line):
    file.write_text(f"{OTHER.line()}{line}\n{ONE.line()}")
    with pytest.raises(journal.JournalDamaged, match=r"line 2 of .*erasures\.jsonl"):
        journal.read([file])


def test_a_disk_that_is_full_leaves_the_journal_as_it_was(file, monkeypatch):
    journal.write([file], [ONE])

    def full(opened):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(journal.NotJournalled, match="No space left"):
        journal.write([file], [OTHER])
    assert journal.read([file]) == [ONE]


def test_many_write_at_once_and_no_line_is_lost(file):
    def write(first):
        for number in range(first, first + 50):
            journal.write([file], [Erasure(ONE.erased_at, number, ONE.joined_at)])

    threads = [threading.Thread(target=write, args=[first]) for first in (0, 50, 100, 150)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.person for one in journal.read([file])] == list(range(200))


def test_each_journal_gets_what_it_lacks(file):
    second = file.with_name("second")
    journal.write([file], [ONE])
    assert journal.complete([file, second], [ONE, OTHER]) == 2
    assert journal.read([file]) == journal.read([second]) == [ONE, OTHER]
    assert journal.complete([file, second], [ONE, OTHER]) == 0


@pytest.mark.django_db
class TestErasing:
    def test_whoever_is_erased_stands_in_every_journal(self, company, journals):
        joined_at = company.anna.joined_at
        erasing.erase(company.anna, by=company.mara, at=AT)
        for file in journals:
            assert journal.read([file]) == [Erasure(AT, company.anna.pk, joined_at)]
            assert "anna" not in file.read_text().lower()
        assert staying_erased.not_in_journal() == 0

    def test_nobody_is_erased_who_could_not_be_written_down(self, company, settings, tmp_path, signed_in):
        settings.ERASURES = [tmp_path / "away" / journal.NAME]
        with pytest.raises(journal.NotJournalled):
            erasing.erase(company.anna, by=company.mara, at=AT)
        page = signed_in("mara").post(
            f"/en/office/people/{company.anna.pk}/erasure/", {"email": "anna@northwind.test"}, follow=True
        )
        assert "is not erased yet" in page.content.decode()
        assert not Person.objects.get(pk=company.anna.pk).is_erased

    def test_who_was_erased_before_there_was_a_journal_is_written_down(self, company, journals):
        erasing.erase(company.anna, by=company.mara, at=AT)
        for file in journals:
            file.unlink()
        assert staying_erased.not_in_journal() == 1
        stay_erased(at=AT + timedelta(days=1))
        assert [one.erased_at for one in journal.read(journals)] == [AT]
        assert staying_erased.not_in_journal() == 0

    def test_what_the_database_lost_on_its_way_is_finished(self, company, journals):
        ticket = company.ticket(company.anna, "2", subject="Zanzibar")
        journal.write(journals, [Erasure(AT, company.anna.pk, company.anna.joined_at)])
        assert worker.forget_what_is_over_age(0) == 0
        ticket.refresh_from_db()
        assert ticket.subject == "[…]"
        assert Person.objects.get(pk=company.anna.pk).is_erased
        entry = AuditEntry.objects.get(action="person_erased")
        assert (entry.by, entry.details) == (None, {"again": True})
        assert staying_erased.erase_again(at=AT) == 0, "once is enough"

    def test_whoever_has_the_number_now_is_somebody_else(self, company, journals):
        another = company.anna.joined_at - timedelta(microseconds=1)
        journal.write(journals, [Erasure(AT, company.anna.pk, another)])
        assert stay_erased(at=AT) == 0
        assert not Person.objects.get(pk=company.anna.pk).is_erased

    def test_an_agent_s_tickets_come_back_to_the_queue_and_everything_fits(self, company, journals, signed_in):
        ticket = company.ticket(company.paola, "2", AT)
        conversation.answer(ticket, body="Restart it. Yours, Ada Byron", by=company.ada, at=AT)
        audit.seal(at=AT + timedelta(hours=2))
        ticket.refresh_from_db()
        ticket.assignee = company.ada
        ticket.save()
        journal.write(journals, [Erasure(AT, company.ada.pk, company.ada.joined_at)])
        assert stay_erased(at=AT + timedelta(minutes=5)) == 1
        ticket.refresh_from_db()
        assert ticket.assignee is None
        assert Event.objects.filter(ticket=ticket, kind="assigned", by=None).exists()
        assert list(differences(Ticket.objects.all())) == list(chaining.breaks()) == list(audit.broken_seals()) == []
        assert "It came back to the queue" in signed_in("mara").get(f"/en/desk/{ticket.number}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_when_the_commit_fails_she_is_erased_later_and_not_forgotten(company, journals, monkeypatch):
    """The worst moment: the line is on disk, and the database does not take the rest."""

    write, here = journal.write, connection.get_connection_params()

    def write_and_lose_the_database(*arguments):
        write(*arguments)
        with psycopg.connect(
            make_conninfo(**{name: here[name] for name in ("dbname", "host", "port", "user")})
        ) as base:
            base.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])

    with monkeypatch.context() as patch:
        patch.setattr(journal, "write", write_and_lose_the_database)
        with pytest.raises(OperationalError):
            erasing.erase(company.anna, by=company.mara, at=AT)
    connection.close()
    assert not Person.objects.get(pk=company.anna.pk).is_erased
    assert stay_erased(at=AT) == 1
    assert Person.objects.get(pk=company.anna.pk).is_erased


@pytest.mark.django_db(transaction=True)
def test_erasing_is_never_a_part_of_something_that_may_be_undone(company, journals):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        erasing.erase(company.anna, by=company.mara, at=AT)
    assert journal.read(journals) == []
