"""Moving in: each row that can be taken in is, once; each other one is told, with everything that is wrong with it."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from puntuale.guarantee.facts import Phase
from puntuale.moving import helpdesk, rows, zendesk
from puntuale.moving.mapping import Mapping, MappingRefused, read_mapping
from puntuale.moving.records import record_of
from puntuale.moving.rows import FileRefused, Row, Source
from puntuale.moving.taking_in import Intake
from puntuale.people.models import AuditEntry, Organisation, Person
from puntuale.sending import intents
from puntuale.sending.models import Intent
from puntuale.tickets import conversation, searching
from puntuale.tickets.models import Audience, Event, Message, Ticket
from puntuale.tickets.reading import standings
from puntuale.tickets.replay import differences
from puntuale.webhooks import phones
from tests.company import made
from tests.guarantee.test_story import on

AT = on("fri 16:00")
SENT = "2026-03-02T10:00:00Z"
ROW = {
    "id": "7",
    "subject": "Calls drop",
    "body": "Since today.",
    "requester_email": "lena@newco.example",
    "submitted_at": SENT,
}


def taken(company, tickets, mapping=Mapping(), **more):  # noqa: B008 -- it never changes
    intake = Intake(mapping, company.mara, AT, **more)
    for _ in intake.take(tickets):
        pass
    return intake


def row(**told):
    return [Row(2, ROW | told)]


def problems(company, told):
    intake = taken(company, [[Row(2, told)]])
    assert not Ticket.objects.exists()
    return [(one.field, one.rule) for one in intake.report.problems]


def kinds(ticket):
    return [str(event.kind) for event in ticket.events.order_by("number")]


def test_a_row_becomes_a_ticket_of_a_new_customer_without_a_guarantee(company):
    intake = taken(company, [row(organisation="New Co", requester_name="Lena Berg")])
    ticket = Ticket.objects.get()
    assert (intake.report.taken, dict(intake.report.made)) == (1, {"people": 1, "organisations": 1})
    assert (ticket.subject, ticket.requester.name, ticket.organisation.name) == ("Calls drop", "Lena Berg", "New Co")
    assert ticket.submitted_at == datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    assert (ticket.phase, ticket.due_at) == (Phase.OPEN, None)
    assert standings([ticket], at=AT)[0].reason == "no_contract"
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("domain", ["gmail.com", "mailinator.com", "somebody.github.io", "trial.onmicrosoft.com"])
def test_strangers_at_one_provider_become_no_organisation(company, domain):
    intake = taken(company, [row(organisation="", requester_email=f"lena@{domain}")])
    assert [one.field for one in intake.report.problems] == ["organisation"]
    assert not Organisation.objects.filter(name=domain).exists()
    taken(company, [row(organisation="New Co", requester_email=f"lena@{domain}")])
    assert Ticket.objects.get().organisation.name == "New Co"


def test_what_was_said_and_done_stands_in_order(company):
    said = [
        {"at": "2026-03-02T12:00:00Z", "author": "ada@puntuale.test", "body": "We look."},
        {"at": "2026-03-02T11:00:00Z", "author": "ada@puntuale.test", "body": "A secret.", "internal": True},
        {"at": "2026-03-03T09:00:00Z", "author": "lena@newco.example", "body": "Thanks."},
    ]
    taken(
        company,
        [row(messages=said, state="resolved", resolved_at="2026-03-02T13:00:00Z", assignee="grace@puntuale.test")],
    )
    ticket = Ticket.objects.get()
    assert kinds(ticket) == ["submitted", "assigned", "noted", "answered", "resolved", "customer_wrote"]
    assert (ticket.phase, ticket.assignee) == (Phase.OPEN, company.grace)
    assert ticket.answered_at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert [(m.author, m.audience) for m in ticket.messages.order_by("pk")][1] == (company.ada, Audience.INTERNAL)
    assert list(differences(Ticket.objects.all())) == []


def test_a_note_that_came_along_is_found_by_agents_only(company):
    said = [{"at": SENT, "author": "ada@puntuale.test", "body": "Confidential zebra.", "internal": True}]
    taken(company, [row(messages=said)])
    ticket, lena = Ticket.objects.get(), Person.objects.get(email="lena@newco.example")
    assert searching.find(Ticket.objects.all(), "zebra", by=company.ada) == [ticket]
    assert searching.find(Ticket.objects.all(), "zebra", by=lena) == []
    assert searching.find(Ticket.objects.all(), "today", by=lena) == [ticket]


def test_importing_again_changes_nothing(company):
    taken(company, [row(), row(id="8")])
    counts = [table.objects.count() for table in (Ticket, Event, Message, Person, Organisation)]
    again = taken(company, [row(), row(id="8"), row(id="9"), row(id="9")])
    assert (again.report.taken, again.report.known) == (1, 3)
    assert [table.objects.count() for table in (Ticket, Event, Message, Person, Organisation)] == [
        counts[0] + 1, counts[1] + 1, counts[2] + 1, counts[3], counts[4],
    ]  # fmt: skip


def test_nobody_is_told_of_what_came_from_elsewhere(company, settings):
    settings.EMAIL_IS_SET = True
    taken(company, [row(messages=[{"at": SENT, "author": "ada@puntuale.test", "body": "Yes."}])])
    assert not Intent.objects.exists()


def test_open_tickets_have_what_the_plan_promises_from_now_on(company):
    intake = taken(
        company,
        [
            row(requester_email="anna@northwind.test", priority="2"),
            row(id="8", requester_email="anna@northwind.test", state="resolved"),
        ],
    )
    intake.promise()
    opened, resolved = Ticket.objects.order_by("pk")
    assert intake.report.promised == 1
    assert opened.due_at == on("mon 11:00")
    assert resolved.due_at is None
    assert list(differences(Ticket.objects.all())) == []


def test_a_trial_says_the_same_and_leaves_nothing(company):
    before = Person.objects.count(), Organisation.objects.count()
    intake = taken(company, [row(), row(id="8", priority="9")], trial=True)
    assert (intake.report.taken, intake.report.refused, intake.report.made["people"]) == (1, 1, 1)
    assert not Ticket.objects.exists()
    assert (Person.objects.count(), Organisation.objects.count()) == before


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (ROW | {"id": ""}, [("id", "missing")]),
        (ROW | {"submitted_at": ""}, [("submitted_at", "missing")]),
        (
            ROW | {"submitted_at": "yesterday"},
            [("submitted_at", "not an instant: write 2026-03-02T10:00:00Z, or name its time_format in the mapping")],
        ),
        (
            ROW | {"submitted_at": "2026-03-02T10:00:00"},
            [("submitted_at", "not an instant: it lacks a zone; name one with --zone, or zone in the mapping")],
        ),
        (ROW | {"submitted_at": "2027-03-02T10:00:00Z"}, [("submitted_at", "in the future")]),
        (ROW | {"requester_email": "lena"}, [("requester_email", "not an e-mail address")]),
        (ROW | {"requester_email": "ada@puntuale.test"}, [("requester_email", "works for the vendor")]),
        (ROW | {"subject": "", "body": ""}, [("subject", "neither a subject nor a body")]),
        (ROW | {"state": "hanging"}, [("state", "not one of open, waiting, resolved, cancelled")]),
        (
            ROW | {"priority": "9", "environment": "moon"},
            [("environment", "not one of development, production, staging"), ("priority", "not one of 1, 2, 3")],
        ),
        (ROW | {"product": "Teleporter"}, [("product", "there is no such product")]),
        (
            ROW | {"plan": "platinum", "organisation": "X"},
            [("plan", "not to be had: plan 'platinum' is not one of basic, professional, advanced")],
        ),
        (ROW | {"messages": "many"}, [("id", "messages is no list, or a very long one")]),
        (
            {"id": "7"},
            [("requester_email", "missing"), ("subject", "neither a subject nor a body"), ("submitted_at", "missing")],
        ),
    ],
)
def test_everything_that_is_wrong_with_a_row_is_told(company, told, expected):
    found = problems(company, told)
    assert [(name, rule[:60]) for name, rule in found] == [(name, rule[:60]) for name, rule in expected] or sorted(
        found
    ) == sorted(expected)


def test_a_bad_row_keeps_no_good_one_out(company):
    intake = taken(company, [row(id="1"), row(id="2", submitted_at="never"), row(id="3")])
    assert (intake.report.taken, intake.report.refused) == (2, 1)


def test_a_mapping_names_columns_values_zones_and_formats(company, tmp_path):
    file, mapping = tmp_path / "old.csv", tmp_path / "old.toml"
    file.write_text(
        "number,caller,opened,state,changed,prio,what\n"
        "INC1,Caller 24,29-02-2016 01:16,New,29-02-2016 01:23,2 - High,Printer\n"
        "INC1,Caller 24,29-02-2016 01:16,Awaiting User Info,29-02-2016 09:00,2 - High,Printer\n"
        "INC1,Caller 24,29-02-2016 01:16,Resolved,01-03-2016 09:00,2 - High,Printer\n"
        "INC2,Caller 25,27-03-2016 02:30,New,27-03-2016 02:31,3 - Moderate,Screen\n"
    )
    mapping.write_text(
        'source = "servicenow"\nzone = "Europe/Rome"\ntime_format = "%d-%m-%Y %H:%M"\n'
        '[columns]\nid = "number"\nsubject = "{what} of {caller}"\nrequester_email = "{caller}@old.example"\n'
        'submitted_at = "opened"\nupdated_at = "changed"\nstate = "state"\npriority = "prio"\n'
        '[values.state]\nNew = "open"\n"Awaiting User Info" = "waiting"\nResolved = "resolved"\n'
        '[values.priority]\n"2 - High" = "2"\n"3 - Moderate" = "3"\n[defaults]\norganisation = "Old Desk"\n'
    )
    read_as = read_mapping(mapping)
    intake = taken(company, Source(file, read_as).tickets(), read_as)
    assert intake.report.problems == []
    first, second = Ticket.objects.order_by("pk")
    assert first.requester.email == "caller-24@old.example"
    assert (first.subject, first.priority, first.organisation.name) == ("Printer of Caller 24", "2", "Old Desk")
    assert first.submitted_at == datetime(2016, 2, 29, 0, 16, tzinfo=UTC)
    assert kinds(first) == ["submitted", "waited", "resolved"]
    assert second.phase == Phase.OPEN
    assert list(differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("written", ["[columns]\ncolour = 'x'", "nonsense = 1", "zone = 'Mars/North'", "= ="])
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path, written):
    file = tmp_path / "m.toml"
    file.write_text(written)
    with pytest.raises(MappingRefused):
        read_mapping(file)


def test_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "tickets.json").write_text("[]")
    for name in ("tickets.xlsx", "missing.csv", "tickets.json"):
        with pytest.raises(FileRefused):
            list(Source(tmp_path / name).rows())
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": 1}\n{\n\n[]\n' + "[" * 100_000 + "\n")
    assert [bool(one.problem) for one in Source(broken).rows()] == [False, True, True, True]


def test_tickets_of_zendesk_come_with_everything(company, tmp_path):
    users = [
        {"id": 1, "name": "Lena Berg", "email": "lena@newco.example", "role": "end-user", "organization_id": 5},
        {"id": 2, "name": "Ada", "email": "ada@puntuale.test", "role": "agent"},
        {"id": 3, "name": "Gone", "email": "gone@old.example", "role": "admin"},
    ]
    tickets = [
        {
            "id": 77, "subject": "Calls drop", "description": "Since today.", "requester_id": 1, "assignee_id": 2, "status": "closed",
            "priority": "urgent", "created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-05T10:00:00Z",
            "comments": [
                {"author_id": 1, "body": "Since today.", "public": True, "created_at": "2026-03-02T10:00:00Z"},
                {"author_id": 3, "body": "Look here.", "public": False, "created_at": "2026-03-02T10:30:00Z"},
                {"author_id": 2, "body": "Fixed.", "public": True, "created_at": "2026-03-02T11:00:00Z"},
            ],
        },
        {"id": 78, "subject": "No requester", "requester_id": 99, "created_at": "2026-03-02T10:00:00Z"},
    ]  # fmt: skip
    (tmp_path / "users.json").write_text(json.dumps({"users": users}))
    (tmp_path / "organizations.jsonl").write_text(json.dumps({"id": 5, "name": "New Co"}) + "\n")
    (tmp_path / "tickets.jsonl").write_text("".join(json.dumps(one) + "\n" for one in tickets))
    intake = taken(company, ([one] for one in zendesk.rows_of(tmp_path)))
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.organisation.name, ticket.phase) == ("1", "New Co", Phase.RESOLVED)
    assert kinds(ticket) == ["submitted", "assigned", "noted", "answered", "resolved"]
    assert [message.author for message in ticket.messages.order_by("pk")][1:] == [company.mara, company.ada]
    assert [(one.line, one.field, one.rule) for one in intake.report.problems] == [(2, "requester_email", "missing")]
    with pytest.raises(FileRefused):
        list(zendesk.rows_of(tmp_path / "nowhere"))


def test_whoever_has_no_address_at_zendesk_comes_in_with_a_number_and_files_are_named(company, tmp_path):
    users = [
        {"id": 1, "name": "Lena Berg", "phone": "+49 30 1234567", "role": "end-user", "organization_id": 5},
        {"id": 2, "name": "Ada", "email": "ada@puntuale.test", "role": "agent"},
        {"id": 3, "name": "@someone", "role": "end-user"},
    ]
    files = [{"file_name": "log.txt"}, {"file_name": "screen shot.png", "content_url": "https://old.example/x"}]
    ticket = {
        "subject": "Calls drop", "description": "Since today.", "requester_id": 1, "created_at": SENT,
        "comments": [
            {"author_id": 1, "body": "Since today.", "created_at": SENT, "attachments": files},
            {"author_id": 2, "body": "See this.", "created_at": "2026-03-02T11:00:00Z", "attachments": files[:1]},
            {"author_id": 1, "body": "", "created_at": "2026-03-02T12:00:00Z", "attachments": files[:1]},
        ],
    }  # fmt: skip
    tickets = [ticket | {"id": 77}, ticket | {"id": 78}, ticket | {"id": 79, "requester_id": 3}]
    (tmp_path / "users.json").write_text(json.dumps({"users": users}))
    (tmp_path / "organizations.json").write_text(json.dumps([{"id": 5, "name": "New Co"}]))
    (tmp_path / "tickets.jsonl").write_text("".join(json.dumps(one) + "\n" for one in tickets))
    intake = taken(company, ([one] for one in zendesk.rows_of(tmp_path)))
    assert (intake.report.problems, intake.report.made["people"]) == ([], 2)
    first, second, third = Ticket.objects.order_by("pk")
    assert first.requester == second.requester
    assert (first.requester.name, first.requester.email) == ("Lena Berg (+49 30 1234567)", "zendesk-1@no-email.invalid")
    assert (first.organisation.name, third.organisation.name) == ("New Co", "@someone")
    assert phones.caller("+49301234567") == first.requester
    assert [message.body for message in first.messages.order_by("pk")] == [
        "Since today.\n\nAttachments not imported: log.txt, screen shot.png",
        "See this.\n\nAttachments not imported: log.txt",
        "Attachments not imported: log.txt",
    ]
    assert ("attachments", "not imported: named in the message") in {
        (one.field, one.rule) for one in intake.report.changes
    }


def test_nothing_is_sent_to_whoever_has_no_address(company, settings):
    settings.EMAIL_IS_SET = True
    taken(company, [row(requester_email="", requester_phone="+49 30 1234567")])
    ticket = Ticket.objects.get()
    conversation.answer(ticket, body="Yes.", by=company.ada, at=AT + timedelta(minutes=1))
    intents.intend(intents.to_person(ticket.requester, kind="x", about=1, rank=1, at=AT))
    assert not Intent.objects.filter(channel="email").exists()


def test_whom_we_do_not_know_is_told(company):
    said = [
        {"at": SENT, "author": "gone@old.example", "body": "x", "by_agent": True},
        {"at": SENT, "author": "other@newco.example", "body": "y"},
        {"at": SENT, "author": "lena@newco.example", "body": "z"},
    ]
    intake = taken(company, [row(messages=said, assignee="gone@old.example")])
    assert [(one.field, one.value, one.rule.partition(":")[0]) for one in intake.report.changes] == [
        ("assignee", "gone@old.example", "not an agent here"),
        ("messages", "gone@old.example", "not an agent here"),
        ("messages", "other@newco.example", "not known here"),
    ]


def test_a_trial_counts_whoever_is_new_once_whatever_the_portions(company, monkeypatch):
    monkeypatch.setattr(rows, "PORTION", 2)
    intake = taken(company, [row(id=str(number)) for number in range(7)], trial=True)
    assert (intake.report.taken, dict(intake.report.made)) == (7, {"people": 1, "organisations": 1})
    assert not Ticket.objects.exists()


def test_tickets_of_a_django_helpdesk_come_from_its_database(company, tmp_path):
    file = tmp_path / "helpdesk.sqlite3"
    base = sqlite3.connect(file)
    base.executescript(
        """
        CREATE TABLE auth_user (id INTEGER, email TEXT, is_staff BOOL, first_name TEXT, last_name TEXT);
        CREATE TABLE helpdesk_queue (id INTEGER, title TEXT);
        CREATE TABLE helpdesk_ticket (id INTEGER, title TEXT, description TEXT, created TEXT, modified TEXT, submitter_email TEXT,
            status INTEGER, priority INTEGER, queue_id INTEGER, assigned_to_id INTEGER);
        CREATE TABLE helpdesk_followup (id INTEGER, ticket_id INTEGER, date TEXT, comment TEXT, public BOOL, new_status INTEGER, user_id INTEGER);
        INSERT INTO auth_user VALUES (1, 'ada@puntuale.test', 1, 'Ada', 'Byron');
        INSERT INTO helpdesk_queue VALUES (1, 'Support');
        INSERT INTO helpdesk_ticket VALUES (5, 'Calls drop', 'Since today.', '2026-03-02 10:00:00', '2026-03-03 10:00:00.5',
            'lena@newco.example', 4, 1, 1, 1);
        INSERT INTO helpdesk_followup VALUES (1, 5, '2026-03-02 11:00:00', 'We look.', 1, NULL, 1);
        INSERT INTO helpdesk_followup VALUES (2, 5, '2026-03-02 12:00:00', '', 1, 4, 1);
        INSERT INTO helpdesk_ticket VALUES (4, 'Before', 'x', '2026-03-02 10:00:00', '2026-03-02 10:00:00', 'lena@newco.example', 1, 1, 1, 1);
        INSERT INTO helpdesk_ticket VALUES (9, 'After', 'x', '2026-03-02 10:00:00', '2026-03-02 10:00:00', 'lena@newco.example', 1, 1, 1, 1);
        INSERT INTO helpdesk_followup VALUES (3, 9, '2026-03-02 11:00:00', 'Later.', 1, NULL, 1);
        INSERT INTO helpdesk_followup VALUES (4, 6, '2026-03-02 11:00:00', 'Of none.', 1, NULL, 1);
        """
    )
    base.close()
    intake = taken(company, ([one] for one in helpdesk.rows_of(str(file))))
    assert intake.report.problems == []
    assert {one.subject: kinds(one) for one in Ticket.objects.exclude(subject="Calls drop")} == {
        "Before": ["submitted", "assigned"],
        "After": ["submitted", "assigned", "answered"],
    }
    ticket = Ticket.objects.get(subject="Calls drop")
    assert kinds(ticket) == ["submitted", "assigned", "answered", "resolved"]
    assert ticket.phase_since == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    with pytest.raises(FileRefused):
        list(helpdesk.rows_of(str(tmp_path / "nowhere")))


def test_the_audit_log_says_what_came_from_where(company):
    taken(company, [row()]).note("old.csv")
    entry = AuditEntry.objects.get(action="tickets_imported")
    assert (entry.by, entry.about, entry.details) == (company.mara, "old.csv", {"tickets": 1, "source": "import"})


TIMES = st.integers(0, 500).map(lambda hours: (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)).isoformat())
SAID = st.fixed_dictionaries(
    {"at": TIMES, "author": st.sampled_from(["", "ada@puntuale.test", "lena@newco.example", "x@y.example"]), "body": st.sampled_from(["", "Words."]),
     "internal": st.booleans(), "by_agent": st.booleans()}
)  # fmt: skip
UPDATES = st.lists(st.tuples(TIMES, st.sampled_from(["open", "waiting", "resolved", "cancelled"])), max_size=6)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(said=st.lists(SAID, max_size=5), updates=UPDATES)
def test_whatever_happened_elsewhere_the_events_lead_to_what_is_stored(said, updates):
    with transaction.atomic():
        company = made()
        told = [Row(1, ROW | {"messages": said})]
        told += [Row(2, ROW | {"updated_at": at, "state": state}) for at, state in updates]
        intake = taken(company, [told])
        assert intake.report.problems == []
        assert list(differences(Ticket.objects.all())) == []
        transaction.set_rollback(True)


def test_nothing_happened_before_it_was_sent_or_is_still_to_come():
    told = [
        Row(
            1,
            ROW
            | {
                "state": "resolved",
                "resolved_at": "2030-01-01T00:00:00Z",
                "messages": [{"at": "2020-01-01T00:00:00Z", "body": "x"}],
            },
        )
    ]
    record = record_of(told, Mapping(), now=AT)
    assert record.said[0].at == record.submitted_at
    assert record.states == [(AT, "resolved")]
