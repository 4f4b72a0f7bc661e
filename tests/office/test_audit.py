"""The audit log as managers read it: searched, and taken away as a table that does no harm."""

import csv
import io

import pytest

from puntuale.people import audit
from puntuale.people.models import AuditEntry
from puntuale.reports.tables import harmless
from tests.pages import words


@pytest.fixture
def mara(signed_in):
    return signed_in("mara")


@pytest.fixture
def entries(company, now):
    AuditEntry.objects.exists()
    audit.record(
        "contract_signed", by=company.mara, at=now.at, about="organisation 7", address="192.0.2.1", plan="basic"
    )
    audit.record("person_left", by=company.ada, at=now.at, about="person 9", was=["a", "b"], now=None)


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ("", ["organisation 7", "person 9", "192.0.2.1", "plan=basic", "was=a → b"], []),
        ("action=person_left", ["person 9"], ["organisation 7"]),
        ("by=mara", ["organisation 7"], ["person 9"]),
        ("about=person", ["person 9"], ["organisation 7"]),
        ("since=2026-11-20&until=2026-11-20", ["organisation 7"], ["organisation 1 "]),
        ("since=2026-11-21", [], ["organisation 7", "person 9"]),
        ("since=nonsense&page=x", ["organisation 7"], []),
        ("by=%00", ["organisation 7"], []),
    ],
)
def test_what_is_looked_for_is_found(mara, entries, asked, found, not_found):
    said = words(mara.get(f"/en/office/audit/?{asked}"))
    assert all(text in said for text in found) and not any(text in said for text in not_found)


def test_the_table_is_what_was_found_and_taking_it_is_written_down(mara, entries, company):
    response = mara.post("/en/office/audit/export.csv?action=person_left")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [(row["action"], row["by"], row["about"]) for row in rows] == [("person_left", "Ada Byron", "person 9")]
    assert rows[0]["details"] == '{"now": null, "was": ["a", "b"]}'
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.by, entry.details) == ("audit_exported", company.mara, {})


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =x"])
def test_sec_s31_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


def test_sec_s31_a_name_that_is_a_formula_does_no_harm(mara, company, now):
    company.ada.name = '=HYPERLINK("http://evil")'
    company.ada.save()
    audit.record("person_left", by=company.ada, at=now.at)
    response = mara.post("/en/office/audit/export.csv?action=person_left")
    assert b"'=HYPERLINK" in b"".join(response.streaming_content)


def test_harmless_cells_stay_as_they_are():
    assert harmless("organisation 7") == "organisation 7"
