"""Further holidays: proposed by the library, confirmed by a person, kept in the document. An upgrade changes nothing."""

from datetime import UTC, date, datetime

import pytest

from puntuale.agreements import holidays, proposals
from puntuale.agreements.holidays import NotConfirmable, confirm, proposed
from puntuale.agreements.publication import publish
from puntuale.agreements.reading import agreement_of
from puntuale.guarantee import document
from puntuale.guarantee.texts import Text
from tests.guarantee.documents import STANDARD, bent

LANGUAGES = ("en", "it", "de", "fr", "es")
TARGET = document.read(STANDARD).sound().holiday_lists["target"]


def test_further_years_are_proposed_with_the_names_the_list_has():
    found = proposed(TARGET, LANGUAGES, up_to=2042)
    assert [one.day for one in found if one.day.year == 2041] == [
        date(2041, 1, 1), date(2041, 4, 19), date(2041, 4, 22), date(2041, 5, 1), date(2041, 12, 25), date(2041, 12, 26),
    ]  # fmt: skip
    assert {one.day: one.name.in_language("it") for one in found}[date(2041, 4, 19)] == "Venerdì santo"
    assert proposed(TARGET, LANGUAGES, up_to=2040) == []


def test_what_is_confirmed_stands_in_the_authors_own_text():
    days = {one.day: one.name for one in proposed(TARGET, LANGUAGES, up_to=2041)}
    source = confirm(STANDARD, "target", up_to=2041, days=days)
    assert "# --- the promise: the first answer by a person" in source
    assert "years = [2020, 2041]" in source
    agreement = document.read(source).sound()
    assert agreement.holiday_lists["target"].days.keys() == TARGET.days.keys() | days.keys()
    assert date(2041, 4, 19) in agreement.hours["business"].holidays


def test_a_day_left_out_is_open_although_the_library_closes_it():
    days = {one.day: one.name for one in proposed(TARGET, LANGUAGES, up_to=2041) if one.day.month != 5}
    agreement = document.read(confirm(STANDARD, "target", up_to=2041, days=days)).sound()
    assert date(2041, 5, 1) not in agreement.hours["business"].holidays
    assert agreement.holiday_lists["target"].last_year == 2041


def test_a_list_that_only_names_a_calendar_is_written_out():
    table = bent({"holidays": {"target": {"propose": "financial:XECB", "years": [2026, 2027]}}})
    source = document.as_toml(table)
    agreement = document.read(confirm(source, "target", up_to=2028, days={}), propose=proposals.propose).sound()
    assert max(agreement.holiday_lists["target"].days).year == 2027
    assert agreement.holiday_lists["target"].last_year == 2028


def test_a_text_with_errors_cannot_be_added_to():
    with pytest.raises(NotConfirmable):
        confirm("nonsense", "target", up_to=2041, days={})
    with pytest.raises(NotConfirmable):
        confirm(STANDARD, "italy", up_to=2041, days={})


def test_a_newer_library_changes_nothing_by_itself(company, monkeypatch):
    table = bent({"version": 2, "holidays": {"target": {"propose": "financial:XECB", "years": [2026, 2027]}}})
    at = datetime(2026, 11, 1, tzinfo=UTC)
    publish(document.as_toml(table), effective_from=at, at=at, allowing_warnings=True)
    before = dict(agreement_of(2).holiday_lists["target"].days)
    monkeypatch.setattr(holidays, "propose", lambda *_: {date(2027, 7, 1): Text.of({"en": "New"})})
    monkeypatch.setattr(proposals, "propose", lambda *_: {date(2027, 7, 1): Text.of({"en": "New"})})
    assert dict(agreement_of(2).holiday_lists["target"].days) == before
