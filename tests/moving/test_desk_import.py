"""Moving out and in again: what one desk had, the other has, and nothing of it is half."""

import hashlib
import json
import shutil
from contextlib import nullcontext
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from puntuale.agreements import contracts
from puntuale.agreements.publication import publish
from puntuale.cli import doctor
from puntuale.cli.asking import Call
from puntuale.guarantee.facts import Phase
from puntuale.mail.incoming import keeping
from puntuale.moving import desk_import, exporting
from puntuale.moving.desk_import import ExportRefused, import_desk
from puntuale.moving.tables import LEFT_OUT, exported_tables
from puntuale.people import audit, sealing, tokens
from puntuale.people.joining import found_organisation, invite_first_manager
from puntuale.people.models import Organisation, Person, Scope, Token
from puntuale.privacy.data_map import SECRET
from puntuale.tickets import anchoring, attachments, conversation
from puntuale.tickets.models import Event, Ticket
from puntuale.webhooks import endpoints
from puntuale.webhooks.models import Endpoint
from tests.company import LONG_AGO
from tests.guarantee.documents import STANDARD
from tests.guarantee.test_story import on
from tests.moving.everything import fill, state

AT = on("fri 16:00")
MAIL = b"From: nora@elsewhere.test\r\n\r\nWords.\r\n"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(company):
    """A desk in which things have happened, with sealed days behind it."""
    for number in range(3):
        ticket = company.ticket(company.paola, "1", AT - timedelta(days=2, minutes=number))
        file = attachments.take_in("é.txt", [f"Words {number}".encode()], by=company.ada, at=AT)
        conversation.answer(
            ticket, body="See the file.\u2028\x7f", by=company.ada, at=AT - timedelta(days=1), files=[file.key],
            then=Phase.RESOLVED if number else Phase.OPEN,
        )  # fmt: skip
    company.ticket(company.anna, "1", AT - timedelta(days=1))
    company.ticket(company.anna, "3", AT)
    keeping.keep([MAIL], mailbox="pipe", at=AT)
    endpoints.add(name="CRM", url="https://crm.example/", types=[], by=company.mara, at=AT)
    tokens.issue(company.ada, name="script", scopes=[Scope.READ], lasts=timedelta(days=9), at=AT)
    later = found_organisation(name="Later", at=AT)
    contracts.sign(later, plan="basic", starts_at=AT + timedelta(days=30), at=AT)
    audit.record("role_changed", by=company.mara, at=AT - timedelta(days=1), to="manager")
    audit.seal(at=AT)
    anchoring.anchor(at=AT)
    return company


@pytest.fixture
def exported(desk, tmp_path):
    folder = tmp_path / "out"
    exporting.export(folder, at=AT)
    return folder


def start_anew():
    """Empty the database and the files, as a new home has them after its first start."""
    files = [place for _, place in exporting.stored_files()]
    call_command("flush", interactive=False, verbosity=0)
    for place in files:
        place.unlink(missing_ok=True)
    publish(STANDARD, effective_from=LONG_AGO + timedelta(days=1), at=AT)
    invite_first_manager(at=AT)


def evidence(capsys):
    try:
        doctor.command.main(["--evidence"], obj=Call(AT, nullcontext), standalone_mode=False)
    except SystemExit as left:
        return left.code, capsys.readouterr().out
    raise AssertionError


def change(folder, edit):
    """Change a file of an export, and the manifest with it, as somebody with an editor may."""
    manifest = json.loads((folder / "manifest.json").read_text())
    edit(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


DAMAGES = [
    (lambda f: (f / "manifest.json").unlink(), "has no manifest.json: it is no export, or one that was not finished"),
    (lambda f: (f / "manifest.json").write_text("[]"), "is not the manifest of an export"),
    (lambda f: (f / "manifest.json").write_text('{"format": 1, "parts": {}, "made_at": "x"}'), "not the manifest"),
    (lambda f: change(f, lambda m: m.update(format=1)), "has format 1; this version reads format 2"),
    (lambda f: change(f, lambda m: m["schema"].append("tickets.0099_far_ahead")), "another schema .there: tickets.0099_far_ahead; here: nothing else"),
    (lambda f: change(f, lambda m: m["schema"].remove(m["schema"][0])), "another schema .there: nothing else; here: "),
    (lambda f: change(f, lambda m: m["parts"].pop("tickets.event.jsonl")), "do not have the same tables: tickets.event.jsonl"),
    (lambda f: (f / "tickets.event.jsonl").unlink(), "tickets.event.jsonl is missing"),
    (lambda f: (f / "tickets.event.jsonl").write_bytes(b"\n"), "tickets.event.jsonl is not as it was exported"),
    (lambda f: next((f / "files").iterdir()).write_bytes(b"other"), "files/.* is not as it was exported"),
    (lambda f: next((f / "files").iterdir()).unlink(), "files/.* is missing from the export"),
]  # fmt: skip


def test_an_empty_desk_becomes_the_same_desk(desk, tmp_path):
    takes_none = fill()
    before = state()
    empty = {label for label, rows in before[0].items() if not rows}
    assert empty == takes_none <= {"auth.Group_permissions"}
    exporting.export(tmp_path / "out", at=AT)
    start_anew()
    report = import_desk(tmp_path / "out")
    after = state()
    for label, rows in before[0].items():
        assert after[0][label] == rows, label
    assert after[1:] == before[1:]
    assert (report.tables, report.files) == (len(before[0]), len(before[2]))
    exporting.export(tmp_path / "again", at=AT)
    for file in (tmp_path / "out").glob("*.json*"):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name


def test_the_evidence_is_whole_and_guarded_as_before(exported, capsys):
    start_anew()
    import_desk(exported)
    status, said = evidence(capsys)
    assert (status, "bad" in said, "fits its 1 seals" in said, "fits 1 anchors" in said) == (0, False, True, True)
    for table in ("tickets_event", "tickets_promisemade", "people_auditentry", "agreements_publication"):
        with pytest.raises(Exception, match="only ever added to"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")


def test_work_goes_on_where_it_was(exported, desk):
    last = Ticket.objects.order_by("-pk").first().pk
    start_anew()
    import_desk(exported)
    ticket = desk.ticket(Person.objects.get(email=desk.anna.email), "2", AT + timedelta(minutes=1))
    assert ticket.pk == last + 1
    conversation.answer(ticket, body="Yes.", by=Person.objects.get(email=desk.ada.email), at=AT + timedelta(minutes=2))
    assert Event.objects.filter(ticket=ticket).count() == 2


def test_a_key_that_was_given_once_is_never_given_again(desk, tmp_path):
    gone = Organisation.objects.create(name="Gone", joined_at=AT)
    key = gone.pk
    gone.delete()
    exporting.export(tmp_path / "out", at=AT)
    start_anew()
    import_desk(tmp_path / "out")
    assert Organisation.objects.create(name="New", joined_at=AT).pk == key + 1


def test_secrets_stay_behind_and_what_stands_for_them_opens_nothing(exported, desk):
    sealed = Endpoint.objects.get().sealed_secret
    start_anew()
    import_desk(exported)
    anna, endpoint, token = Person.objects.get(email=desk.anna.email), Endpoint.objects.get(), Token.objects.get()
    assert not anna.has_usable_password()
    assert not anna.check_password("")
    assert endpoint.sealed_secret != sealed
    assert sealing.unseal(endpoint.sealed_secret).startswith("whsec_")
    assert (len(token.digest), token.begins) == (64, "")
    everything = "".join(file.read_text() for file in exported.glob("*.jsonl"))
    assert '"password"' not in everything
    assert '"digest": "' not in (exported / "people.token.jsonl").read_text()


def test_every_table_of_the_database_is_exported_or_left_out_for_a_reason(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        there = {name for (name,) in cursor.fetchall()}
    from django.apps import apps  # noqa: PLC0415

    left = {apps.get_model(label)._meta.db_table for label in LEFT_OUT}
    assert there - {table.name for table in exported_tables()} - left == {"django_migrations"}
    assert all(LEFT_OUT.values())
    known = {table.label: {*table.columns, *table.secrets} for table in exported_tables()}
    for label, names in SECRET.items():
        assert label in LEFT_OUT or set(names.split()) <= known[label]


@pytest.mark.parametrize("what", ["organisation", "publication"])
def test_a_desk_that_is_in_use_is_left_as_it_is(exported, what):
    start_anew()
    if what == "publication":
        publish(STANDARD.replace("version = 1", "version = 2"), effective_from=AT, at=AT)
    else:
        Organisation.objects.create(name="Here", joined_at=AT)
    before = state()
    with pytest.raises(ExportRefused, match="this desk is not empty.*(Publication|Organisation)"):
        import_desk(exported)
    assert state() == before


def test_an_import_that_is_cut_off_leaves_nothing_and_can_be_done_again(exported, monkeypatch, desk):
    before = state()
    start_anew()
    empty = state()
    monkeypatch.setattr(desk_import, "_queue_again", lambda _at: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        import_desk(exported)
    assert state() == empty
    assert not attachments.path_of(next(iter(before[2]))).exists()
    monkeypatch.undo()
    import_desk(exported)
    assert state() == before


def test_what_a_killed_import_left_on_the_disk_does_no_harm(exported, desk):
    before = state()
    start_anew()
    for digest in before[2]:
        place = attachments.path_of(digest)
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(b"ha")
    import_desk(exported)
    assert state() == before


def test_an_export_that_is_not_whole_is_refused_before_anything_stays(exported, tmp_path):
    start_anew()
    before = state()
    for number, (damage, told) in enumerate(DAMAGES):
        folder = tmp_path / str(number)
        shutil.copytree(exported, folder)
        damage(folder)
        with pytest.raises(ExportRefused, match=told):
            import_desk(folder)
        assert state() == before


def test_rows_that_do_not_fit_together_are_refused(exported):
    file = exported / "tickets.ticket.jsonl"
    file.write_text(file.read_text().replace('"requester_id":', '"requester_id":99'))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    change(exported, lambda m: m["parts"]["tickets.ticket.jsonl"].update(sha256=digest))
    start_anew()
    with pytest.raises(ExportRefused, match="do not fit together.*requester_id"):
        import_desk(exported)
    assert not Person.objects.exists()


def test_a_file_that_was_missing_when_it_was_exported_is_told_again(desk, tmp_path):
    digest = next(digest for digest, place in exporting.stored_files())
    attachments.path_of(digest).unlink(missing_ok=True)
    assert exporting.export(tmp_path / "out", at=AT).missing == [digest]
    start_anew()
    assert import_desk(tmp_path / "out").missing == [digest]


def test_what_waited_for_its_hour_waits_for_it_again(exported, monkeypatch):
    start_anew()
    queued = []
    monkeypatch.setattr(contracts, "followers", [queued.append])
    import_desk(exported)
    assert [one.starts_at for one in queued] == [AT + timedelta(days=30)]


def test_reports_are_not_noted_anew(exported, desk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_touched")
        before = cursor.fetchone()
    start_anew()
    import_desk(exported)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_touched")
        assert cursor.fetchone() == before


def test_a_desk_that_others_write_in_meanwhile_is_left_alone_after_a_while(exported, monkeypatch):
    start_anew()
    before = state()
    monkeypatch.setattr(desk_import, "WAIT_FOR_OTHERS", "100ms")
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("LOCK TABLE tickets_event IN ROW EXCLUSIVE MODE")
        with pytest.raises(ExportRefused, match="others are using this desk.*; stop the desk, and import again"):
            import_desk(exported)
        other.rollback()
    assert state() == before
    import_desk(exported)
