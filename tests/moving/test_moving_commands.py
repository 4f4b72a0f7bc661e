"""`puntuale import` and `puntuale export`, as somebody calls them."""

import csv
from contextlib import nullcontext

import click
import pytest
from django.core.management import call_command

from puntuale.cli import moving
from puntuale.cli.asking import Call, Failed
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket
from puntuale.webhooks import phones
from tests.guarantee.test_story import on

AT = on("fri 16:00")
BY = ("--by", "mara@puntuale.test")
HEAD = "id;subject;body;requester_email;requester_name;requester_phone;submitted_at;state;resolved_at\n"


@pytest.fixture
def run(capsys):
    def call(command, *arguments):
        try:
            command.main([str(one) for one in arguments], obj=Call(AT, nullcontext), standalone_mode=False)
        except click.ClickException as problem:
            return problem, capsys.readouterr()
        return None, capsys.readouterr()

    return call


def test_a_file_from_a_spreadsheet_comes_in_and_what_changed_is_told(run, company, tmp_path):
    file, changed, rejected = tmp_path / "t.csv", tmp_path / "changed.csv", tmp_path / "rejected.csv"
    file.write_bytes(
        (
            HEAD
            + "1;Perché non funziona più?;;anna@northwind.test;;;31/05/2026 7:29;resolved;30/05/2026 23:51\n"
            + "2;Anruf;;;Jürgen Groß;+49 30 1234567;01/06/2026 1:05 PM;;\n"
            + "3;;;anna@northwind.test;;;01/06/2026 10:00;;\n"
            + "4;Post;;jürgen@neu.example;;;29/03/2026 02:30;;\n"
        ).encode("cp1252")
    )
    problem, said = run(
        moving.import_, file, *BY, "--zone", "Europe/Berlin", "--changed", changed, "--rejected", rejected
    )
    assert str(problem) == "1 tickets were refused"
    assert "3 taken in, 0 here already, 1 refused." in said.out
    assert "Note: read as cp1252, which is a guess: the file is not in UTF-8." in said.out
    assert "Note: dates such as 03/04/2026 are read day-first, as others in this file show." in said.out
    assert "  1 x resolved_at: before it was sent: read as when it was sent" in said.out
    assert "line 4: subject '': neither a subject nor a body" in said.err
    with changed.open(encoding="utf-8", newline="") as lines:
        told = [(row["line"], row["field"], row["rule"].partition(":")[0]) for row in csv.DictReader(lines)]
    assert told == [
        ("2", "resolved_at", "before it was sent"),
        ("3", "requester_email", "missing"),
        ("5", "submitted_at", "the clocks of Europe/Berlin skipped this time"),
    ]
    assert rejected.read_text().splitlines()[1:] == ["4,subject,,neither a subject nor a body"]
    subjects = {ticket.subject for ticket in Ticket.objects.all()}
    assert subjects == {"Perché non funziona più?", "Anruf", "Post"}
    caller = phones.caller("+49301234567")
    assert (caller.name, caller.email) == ("Jürgen Groß (+49 30 1234567)", "49-30-1234567@no-email.invalid")
    assert caller.organisation.name == "Jürgen Groß"
    assert Person.objects.filter(email="jürgen@neu.example").exists()


def test_a_file_that_is_no_table_is_named(run, company, tmp_path):
    (tmp_path / "t.csv").write_bytes(b"%PDF-1.7")
    problem, _ = run(moving.import_, tmp_path / "t.csv", *BY)
    assert "this is a PDF, not a table" in str(problem)
    assert not Ticket.objects.exists()


def test_what_is_asked_wrongly_is_told_as_usage(run, company, tmp_path):
    (tmp_path / "t.csv").write_text(HEAD)
    for arguments, told in (
        ((tmp_path / "t.csv",), "--by is needed"),
        ((tmp_path / "t.csv", *BY, "--zone", "CET"), "--zone 'CET' is not a zone"),
        ((tmp_path, "--format", "export", "--dry-run"), "comes in whole"),
    ):
        problem, _ = run(moving.import_, *arguments)
        assert isinstance(problem, click.UsageError)
        assert told in str(problem)
    problem, _ = run(moving.import_, tmp_path, "--format", "export")
    assert isinstance(problem, Failed)
    assert "has no manifest.json" in str(problem)


@pytest.mark.django_db(transaction=True)
def test_an_export_is_recognised_and_comes_in_once(run, company, tmp_path):
    company.ticket()
    assert run(moving.export, tmp_path / "out")[0] is None
    call_command("flush", interactive=False, verbosity=0)
    problem, said = run(moving.import_, tmp_path / "out")
    assert problem is None
    assert "files are here." in said.out
    assert "people sign in with a code" in said.out
    problem, _ = run(moving.import_, tmp_path / "out")
    assert "this desk is not empty; an export comes into an empty one" in str(problem)
    assert Ticket.objects.count() == 1
