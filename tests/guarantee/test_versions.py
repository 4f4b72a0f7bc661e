"""Versions beside each other: where something stands in a text, what differs, and writing one for further editing."""

import pytest

from puntuale.guarantee import document
from puntuale.guarantee.document import as_document, as_toml, changes, line_of
from puntuale.guarantee.document.lines import places_of
from tests.guarantee.documents import LEFT_OUT, STANDARD, bent

AGREEMENT = document.read(STANDARD).sound()


def told(**paths):
    after = document.read(bent({path.replace("__", "."): value for path, value in paths.items()})).sound()
    return [(change.part, change.where, change.was, change.now) for change in changes(AGREEMENT, after)]


def test_a_version_does_not_differ_from_itself_however_it_is_written():
    assert changes(AGREEMENT, document.read(as_document(AGREEMENT)).sound()) == []
    assert told(version=2) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("first_response.professional.1", "2h business", ("cells", ("first_response", "professional", "1"), "3h business", "2h business")),
        ("first_response.basic.3", "9h business", ("cells", ("first_response", "basic", "3"), "none", "9h business")),
        ("priority.0.meaning.en", "Down.", ("priority", ("1", "meaning", "en"), AGREEMENT.priorities[0].meaning.in_language("en"), "Down.")),
        ("stage.1.guaranteed", True, ("stage", ("beta", "guaranteed"), "false", "true")),
        ("hours.business.zone", "Europe/London", ("hours", ("business", "zone"), "Europe/Brussels", "Europe/London")),
        ("reopen_within_days", 7, ("other", ("reopen_within_days",), "14", "7")),
        ("alarm.0.tell", ["manager"], ("alarm", ("50%",), "assignee", "manager")),
    ],
)  # fmt: skip
def test_each_difference_is_told_with_its_place(path, value, expected):
    assert expected in told(**{path.replace(".", "__"): value})


def test_holidays_differ_day_by_day():
    found = told(**{"holidays__target__days__second-christmas": LEFT_OUT})
    assert ("holidays", ("target", "2026-12-26"), "26 December", None) in found
    assert len(found) == 21


def test_what_matters_most_stands_first():
    found = told(reopen_within_days=7, first_response__basic__3="9h business", title__en="Times")
    assert [part for part, *_ in found] == ["cells", "other", "other"]


def test_toml_reads_as_what_was_written():
    assert document.read(as_toml(as_document(AGREEMENT))).sound() == AGREEMENT
    odd = bent({"title.en": 'A "quoted" \\ text\nof two lines', "hours.business.overrides": {"2026-12-24": {"open": ["09:00-12:00"], "name": {"en": "Eve"}}}})  # fmt: skip
    odd_one = document.read(odd).sound()
    assert document.read(as_toml(as_document(odd_one))).sound() == odd_one


@pytest.mark.parametrize(
    ("was", "becomes", "at_text"),
    [
        ('1 = "3h business"', '1 = "3h bussiness"', '1 = "3h bussiness"'),
        ('zone = "Europe/Brussels"', 'zone = "CET"', 'zone = "CET"'),
        ('at = "50%"', 'at = "500%"', 'at = "500%"'),
        ("version = 1", "version = 0", "version = 0"),
        ("[hours.business]", "[hours.business", "[hours.business"),
        ('key = "beta"', 'key = "Beta!"', 'key = "Beta!"'),
        ("reopen_within_days = 14", "reopen_within_dais = 14", "reopen_within_dais = 14"),
    ],
)
def test_a_finding_is_told_with_its_line(was, becomes, at_text):
    source = STANDARD.replace(was, becomes, 1)
    wanted = source.splitlines().index(at_text) + 1
    assert wanted in {line_of(finding, source) for finding in document.read(source).findings}


def test_every_path_of_the_standard_has_a_place():
    places = places_of(STANDARD)
    lines = STANDARD.splitlines()
    assert lines[places["priority[2].summary.it"] - 1].startswith("summary.it")
    assert lines[places["holidays.target.days.christmas"] - 1] == "[holidays.target.days.christmas]"
    assert lines[places["first_response.advanced.1"] - 1] == '1 = "1h always"'
