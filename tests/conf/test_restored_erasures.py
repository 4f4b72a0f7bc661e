"""Whoever was erased after a backup was made does not come back with it."""

import os
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest

from puntuale.conf.backup import restoring, taking
from puntuale.conf.backup.manifest import BackupRefused
from puntuale.conf.postgres import Server
from puntuale.privacy import erasing, journal
from puntuale.tickets import conversation
from tests.conf.test_backup import AT, url

LATER = AT + timedelta(days=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("backup")]


@pytest.fixture
def desk(company, settings, tmp_path):
    """A desk on which Anna wrote, and a backup of it, after which she was erased."""
    home = tmp_path / "home"
    settings.FILES, settings.ERASURES = home / "files", [home / journal.NAME]
    settings.FILES.mkdir(parents=True)
    ticket = company.ticket(company.anna, "2", AT, subject="Zanzibar is down", body="Yours, Anna")
    conversation.answer(ticket, body="Hello Anna.", by=company.ada, at=AT)
    taken(tmp_path, "before")
    erasing.erase(company.anna, by=company.mara, at=LATER)
    return company


def taken(tmp_path, name, journals=None):
    home = tmp_path / "home"
    journals = [home / journal.NAME] if journals is None else journals
    return taking.back_up(tmp_path / name, url=url(), home=home, files=home / "files", journals=journals, at=LATER)


def puntuale(home, *arguments):
    known = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    command = [sys.executable, "-m", "puntuale", *map(str, arguments)]
    environment = {**known, "PUNTUALE_HOME": str(home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def new_home(tmp_path_factory):
    """A home of its own, in a place that the account of the server reaches."""
    base = tmp_path_factory.getbasetemp()
    for folder in (base, *base.parents):
        if folder.owner() != "root" or folder.name.startswith("pytest"):
            folder.chmod(folder.stat().st_mode | 0o011)
    aside = tmp_path_factory.mktemp("restored")
    aside.chmod(0o711)
    return aside / "home"


def people(home):
    with Server(home) as server, psycopg.connect(server.url()) as base:
        texts = base.execute("SELECT subject FROM tickets_ticket UNION ALL SELECT body FROM tickets_message").fetchall()
        emails = base.execute("SELECT email FROM people_person ORDER BY id").fetchall()
    return {email for (email,) in emails}, " ".join(text for (text,) in texts)


def test_a_backup_brings_nobody_back_who_was_erased_since(desk, tmp_path, new_home):
    journal_here = tmp_path / "home" / journal.NAME
    looked = puntuale(new_home, "restore", "--check", tmp_path / "before", "--erasures", journal_here)
    assert (looked.returncode, looked.stderr) == (0, "")
    assert "1 people in it were erased since, and would be erased again." in looked.stdout
    assert not (new_home / "database").exists()

    done = puntuale(new_home, "restore", tmp_path / "before", "--erasures", journal_here)
    assert done.returncode == 0, done.stderr
    assert "1 people in it were erased since, and are erased again." in done.stdout
    emails, texts = people(new_home)
    assert f"{desk.anna.pk}@erased.invalid" in emails and "anna@northwind.test" not in emails
    assert "Zanzibar" not in texts and "Anna" not in texts
    assert journal.read([new_home / journal.NAME]) == journal.read([journal_here])
    doctor = puntuale(new_home, "doctor", "--evidence")
    assert "bad" not in doctor.stdout and "chains of" in doctor.stdout, doctor.stdout

    # What was brought back is backed up in its turn, and the chain goes on.
    again = new_home.parent / "again"
    assert puntuale(new_home, "backup", tmp_path / "after").returncode == 0
    assert puntuale(again, "restore", tmp_path / "after").returncode == 0
    assert f"{desk.anna.pk}@erased.invalid" in people(again)[0]
    assert journal.read([again / journal.NAME]) == journal.read([journal_here])


def test_without_a_journal_it_says_so(desk, tmp_path, new_home):
    done = puntuale(new_home, "restore", tmp_path / "before")
    assert done.returncode == 0
    assert "There is no journal of erasures here" in done.stderr
    assert "anna@northwind.test" in people(new_home)[0]


def test_whoever_was_erased_while_the_backup_ran_stands_in_it(desk, tmp_path, monkeypatch):
    """The database is as it was before, and the journal knows more: so she is erased again."""
    dump = taking.programs.dump

    def slowly(*arguments, **named):
        dump(*arguments, **named)
        erasing.erase(desk.paola, by=desk.mara, at=LATER)

    monkeypatch.setattr(taking.programs, "dump", slowly)
    taken(tmp_path, "during")
    assert restoring.check(tmp_path / "during").back == 1
    assert restoring.check(tmp_path / "before").back == 0, "what a backup does not know it cannot tell"


def test_somebody_else_with_the_same_number_is_left_alone(desk, tmp_path, empty):
    """After a backup came back, numbers are given anew."""
    home, there = empty
    known = [tmp_path / "home" / journal.NAME]
    erased = journal.read(known)
    journal.write(known, [journal.Erasure(LATER, desk.paola.pk, desk.paola.joined_at + timedelta(seconds=1))])
    outcome = restoring.restore(
        tmp_path / "before", url=there, home=home, files=home / "files", given=known, journals=[]
    )
    assert outcome.back == len(erased) == 1


def test_a_journal_that_cannot_be_read_ends_it_before_anything_is_there(desk, tmp_path, empty):
    home, there = empty
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text("once upon a time\n")
    with pytest.raises(BackupRefused, match="line 1 of .*damaged"):
        restoring.restore(tmp_path / "before", url=there, home=home, files=home / "files", given=[damaged])
    with pytest.raises(BackupRefused, match="line 1 of .*damaged"):
        taken(tmp_path, "another", [damaged])
    assert not (tmp_path / "another").exists()
    with psycopg.connect(there) as base:
        assert base.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]
