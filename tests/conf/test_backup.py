"""A backup is whole, comes back as it was, and says when it would not."""

import json
import stat
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.db import connections as all_connections
from psycopg.conninfo import make_conninfo

from puntuale.conf.backup import programs, restoring, taking
from puntuale.conf.backup.manifest import NAME, BackupRefused
from puntuale.conf.backup.shape import DUMP
from puntuale.mail.incoming import keeping
from puntuale.people.models import Person
from puntuale.tickets import attachments, conversation
from puntuale.tickets.models import Attachment, Ticket
from tests.guarantee.test_story import on

AT = on("fri 16:00")
MAIL = b"From: nora@elsewhere.test\r\n\r\nWords.\r\n"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("backup")]


def url():
    told = connection.get_connection_params()
    return make_conninfo(**{key: str(told[key]) for key in ("dbname", "host", "port", "user") if told.get(key)})


@pytest.fixture
def desk(company, settings, tmp_path):
    """A desk with a ticket, a file, a mail and a secret."""
    settings.FILES = tmp_path / "home" / "files"
    ticket = company.ticket(company.anna, "2", AT)
    file = attachments.take_in("notes.txt", [b"Words in a file."], by=company.ada, at=AT)
    conversation.answer(ticket, body="See the file.", by=company.ada, at=AT, files=[file.key])
    keeping.keep([MAIL], mailbox="pipe", at=AT)
    (tmp_path / "home" / "secret_key").write_text("the secret of this home")
    return company


def taken(tmp_path, name="backup"):
    home = tmp_path / "home"
    folder = tmp_path / name
    return folder, taking.back_up(folder, url=url(), home=home, files=home / "files", at=AT)


def test_a_desk_comes_back_as_it_was(desk, tmp_path, empty):
    folder, manifest = taken(tmp_path)
    home, there = empty
    restoring.restore(folder, url=there, home=home, files=home / "files")
    with psycopg.connect(there) as base:
        assert base.execute("SELECT subject, priority FROM tickets_ticket").fetchall() == [("Calls drop", "2")]
        assert base.execute("SELECT count(*) FROM tickets_promiseending").fetchall() == [(1,)]
        with pytest.raises(psycopg.errors.RestrictViolation):
            base.execute("DELETE FROM tickets_event")
    digest = Attachment.objects.get().digest
    file = home / "files" / digest[:2] / digest[2:]
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"Words in a file.", 0o600)
    assert [one.read_bytes() for one in (home / "files" / "mail").glob("??/*")] == [MAIL]
    assert (home / "secret_key").read_text() == "the secret of this home"
    assert manifest.rows["tickets_ticket"] == 1
    with pytest.raises(BackupRefused, match="a desk in this database already"):
        restoring.restore(folder, url=there, home=home, files=home / "elsewhere")


def test_an_older_server_is_spared_a_setting_that_it_does_not_know(desk, tmp_path, empty, monkeypatch):
    """PostgreSQL 15 and 16 refuse `transaction_timeout`, with which the `pg_restore` of 17 and later begins."""
    ran, run = [], programs.subprocess.run

    def note(command, **named):
        scripts = [Path(one.removeprefix("--file=")) for one in command if one.startswith("--file=")]
        if Path(command[0]).name == "psql":
            ran.append(scripts[0].read_text())
        return run(command, **named)

    folder, manifest = taken(tmp_path)
    home, there = empty
    monkeypatch.setattr(programs, "_version", lambda _: 16)
    monkeypatch.setattr(programs.subprocess, "run", note)
    restoring.restore(folder, url=there, home=home, files=home / "files")
    (script,) = ran
    assert "\n--  transaction_timeout = 0;" in script
    assert "\nSET transaction_timeout" not in script
    with psycopg.connect(there) as base:
        assert base.execute("SELECT count(*) FROM tickets_ticket").fetchall() == [(manifest.rows["tickets_ticket"],)]


def test_a_check_brings_it_back_aside_and_changes_nothing(desk, tmp_path):
    folder, manifest = taken(tmp_path)
    before = sorted(folder.rglob("*"))
    assert restoring.check(folder).manifest.rows == manifest.rows
    assert sorted(folder.rglob("*")) == before
    assert Ticket.objects.count() == 1


def test_it_is_as_of_one_moment_while_people_go_on_working(desk, tmp_path):
    done, sent = threading.Event(), []

    def customers():
        anna = Person.objects.get(email="anna@northwind.test")
        while not done.is_set():
            sent.append(desk.ticket(anna, "2", AT).pk)
            file = attachments.take_in("more.txt", [f"Words {len(sent)}".encode()], by=anna, at=AT)
            conversation.follow_up(Ticket.objects.get(pk=sent[-1]), body="See.", by=anna, at=AT, files=[file.key])
        all_connections.close_all()

    thread = threading.Thread(target=customers)
    thread.start()
    try:
        while len(sent) < 5:
            done.wait(0.05)
        folder, manifest = taken(tmp_path)
    finally:
        done.set()
        thread.join()
    assert 5 <= manifest.rows["tickets_ticket"] <= len(sent) + 1
    assert manifest.missing == []
    assert restoring.check(folder).manifest.rows == manifest.rows


@pytest.mark.parametrize("damage", ["changed", "shorter", "missing", "dump", "unfinished", "other"])
def test_a_damaged_backup_is_told_from_a_whole_one(desk, tmp_path, damage, empty):
    folder, manifest = taken(tmp_path)
    place = next(one for one in manifest.parts if one.startswith("files/"))
    file = folder / place
    if damage == "changed":
        file.write_bytes(bytes(reversed(file.read_bytes())))
    elif damage == "shorter":
        file.write_bytes(file.read_bytes()[:-1])
    elif damage == "missing":
        file.unlink()
    elif damage == "dump":
        dumped = bytearray((folder / DUMP).read_bytes())
        dumped[len(dumped) // 2] ^= 1
        (folder / DUMP).write_bytes(dumped)
    elif damage == "unfinished":
        (folder / NAME).unlink()
    else:
        (folder / NAME).write_text((folder / NAME).read_text().replace('"format": 1', '"format": 2'))
    home, there = empty
    with pytest.raises(BackupRefused):
        restoring.check(folder)
    with pytest.raises(BackupRefused):
        restoring.restore(folder, url=there, home=home, files=home / "files")
    with psycopg.connect(there) as base:
        assert base.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda rows: rows.pop("tickets_ticket"), "rows.tickets_ticket is not told, and the database has that table"),
        (lambda rows: rows.update(tickets_secret=3), "rows.tickets_secret is 3, and the database has no such table"),
        (lambda rows: rows.update(tickets_ticket=7), "tickets_ticket has 1 rows, and had 7"),
    ],
)
def test_a_manifest_has_to_tell_of_every_table_what_the_database_has(desk, tmp_path, edit, told):
    folder, _ = taken(tmp_path)
    manifest = json.loads((folder / NAME).read_text())
    edit(manifest["rows"])
    (folder / NAME).write_text(json.dumps(manifest))
    with pytest.raises(BackupRefused, match=told):
        restoring.check(folder)


def test_a_file_that_is_missing_is_named_and_one_that_was_erased_is_not(desk, tmp_path):
    digest = Attachment.objects.get().digest
    attachments.path_of(digest).unlink()
    folder, manifest = taken(tmp_path)
    assert manifest.missing == [f"files/{digest[:2]}/{digest[2:]}"]
    with pytest.raises(BackupRefused, match="missing already"):
        restoring.check(folder)
    assert taking._gone([f"files/{'0' * 2}/{'0' * 62}", *manifest.missing], url()) == [f"files/{'0' * 2}/{'0' * 62}"]


def test_sec_s39_a_backup_is_its_owner_s_alone(desk, tmp_path):
    folder, _ = taken(tmp_path)
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*") if one.is_dir()} | {
        stat.S_IMODE(folder.stat().st_mode)
    } == {0o700}
    files = {one.name: stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*") if one.is_file()}
    assert set(files.values()) == {0o600}, files


def test_a_folder_that_is_there_is_left_alone(desk, tmp_path):
    with pytest.raises(FileExistsError):
        taken(tmp_path, ".")


@pytest.mark.parametrize("name", ["home", "home/backups/today", "aside/../home/today", "link/today", "files/today"])
def test_a_backup_inside_the_home_would_be_lost_with_it(desk, tmp_path, name):
    (tmp_path / "link").symlink_to(tmp_path / "home")
    (tmp_path / "aside").mkdir()
    home, files = tmp_path / "home", tmp_path / "files"
    with pytest.raises(BackupRefused, match="would be lost with it"):
        taking.back_up(tmp_path / name, url=url(), home=home, files=files, at=AT)
    assert not (home / "backups").exists()
    assert not (home / "today").exists()
