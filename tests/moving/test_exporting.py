"""Moving out: everything there is, but secrets, in files that any program can read."""

import hashlib
import json
import stat

import pytest

from puntuale.mail.incoming import keeping
from puntuale.moving import exporting
from puntuale.tickets import attachments, conversation
from puntuale.webhooks import endpoints
from tests.guarantee.test_story import on

MAIL = b"From: nora@elsewhere.test\r\n\r\nWords.\r\n"
AT = on("fri 16:00")


@pytest.fixture
def exported(company, tmp_path):
    ticket = company.ticket(company.anna, "2", AT)
    file = attachments.take_in("notes.txt", [b"Words in a file."], by=company.ada, at=AT)
    conversation.answer(ticket, body="See the file.", by=company.ada, at=AT, files=[file.key])
    hook = endpoints.add(name="CRM", url="https://crm.example/", types=[], by=company.mara, at=AT)
    keeping.keep([MAIL], mailbox="pipe", at=AT)
    folder = tmp_path / "out"
    return folder, exporting.export(folder, at=AT), hook


def table(folder, name):
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


@pytest.mark.django_db(transaction=True)
def test_everything_is_there_and_counted(exported, company):
    folder, manifest, _ = exported
    (ticket,) = table(folder, "tickets.ticket")
    assert (ticket["subject"], ticket["priority"], ticket["requester_id"]) == ("Calls drop", "2", company.anna.pk)
    assert [one["kind"] for one in table(folder, "tickets.event")] == ["submitted", "answered"]
    assert {one["body"] for one in table(folder, "tickets.message")} == {"Since this morning.", "See the file."}
    assert len(table(folder, "tickets.promiseending")) == 1
    told = json.loads((folder / "manifest.json").read_text())
    for name, part in told["parts"].items():
        content = (folder / name).read_bytes()
        assert (content.count(b"\n"), hashlib.sha256(content).hexdigest()) == (part["rows"], part["sha256"])
    stored = {file.name: file.read_bytes() for file in (folder / "files").iterdir()}
    assert {hashlib.sha256(content).hexdigest() for content in stored.values()} == set(stored)
    assert set(stored.values()) == {b"Words in a file.", MAIL}
    assert (manifest.files, manifest.missing) == (2, [])


@pytest.mark.django_db(transaction=True)
def test_sec_s38_no_secret_is_in_it(exported, company):
    folder, _, hook = exported
    everything = "".join(one.read_text() for one in folder.glob("*.jsonl"))
    assert company.anna.password not in everything
    assert hook.sealed_secret not in everything
    assert "sealed_secret" not in everything


@pytest.mark.django_db(transaction=True)
def test_sec_s39_nobody_else_can_read_it(exported):
    folder, _, _ = exported
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*") if one.is_file()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_missing_is_named(company, tmp_path):
    ticket = company.ticket(company.anna, "2", AT)
    file = attachments.take_in("notes.txt", [b"Lost words."], by=company.ada, at=AT)
    conversation.answer(ticket, body="See the file.", by=company.ada, at=AT, files=[file.key])
    attachments.path_of(file.digest).unlink()
    assert exporting.export(tmp_path / "out", at=AT).missing == [file.digest]


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    with pytest.raises(FileExistsError):
        exporting.export(tmp_path, at=AT)
