"""Publishing: a version is checked, spelled out, stored for good, and in force from its instant on."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from puntuale.agreements.models import Publication
from puntuale.agreements.publication import PublicationRefused, publish, replaced_by
from puntuale.agreements.reading import NothingInForce, agreement_in_force, agreement_of, publication_in_force, turns
from puntuale.guarantee import document
from puntuale.guarantee.document import DocumentRefused
from tests.guarantee.documents import STANDARD

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def version(number, *changes):
    text = STANDARD.replace("version = 1", f"version = {number}")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


@pytest.mark.django_db
def test_a_version_is_in_force_from_its_instant_on():
    publish(version(1), effective_from=NOW, at=NOW)
    publish(version(2, ('"3h business"', '"2h business"')), effective_from=NOW + timedelta(days=1), at=NOW)
    with pytest.raises(NothingInForce):
        agreement_in_force(NOW - timedelta(seconds=1))
    assert agreement_in_force(NOW).version == 1
    assert agreement_in_force(NOW + timedelta(days=1, seconds=-1)).version == 1
    assert agreement_in_force(NOW + timedelta(days=1)).version == 2
    assert publication_in_force(NOW + timedelta(days=9)).version == 2


@pytest.mark.django_db
def test_what_is_stored_says_the_same_as_its_source():
    stored = publish(STANDARD, effective_from=NOW, at=NOW)
    stored.refresh_from_db()
    assert stored.source == STANDARD
    assert agreement_of(1) == document.read(STANDARD).sound()
    assert list(agreement_of(1).hours) == ["business", "always"], "the order is part of what it says"


@pytest.mark.django_db
def test_proposed_holidays_are_spelled_out_so_that_the_library_can_change_nothing(monkeypatch):
    source = (
        STANDARD[: STANDARD.index("[holidays.target.days.new-year]")] + STANDARD[STANDARD.index("# --- who is told") :]
    )
    source = source.replace('source = "financial:XECB"', 'propose = "country:IT-BZ"').replace(
        "[2020, 2040]", "[2026, 2028]"
    )
    source = source.replace('["en", "it", "de", "fr", "es"]', '["en", "it"]')
    stored = publish(source, effective_from=NOW, at=NOW)
    written = json.loads(stored.document)["holidays"]["target"]
    assert "propose" not in written
    dates = {day for kind in written["days"].values() for day in kind["dates"]}
    assert {"2026-05-25", "2027-10-04", "2028-06-02"} <= dates
    names = [kind["name"] for kind in written["days"].values() if "2026-06-02" in kind["dates"]]
    assert names == [{"en": "Republic Day", "it": "Festa della Repubblica"}]

    def forgetful(*args, **kwargs):
        raise AssertionError("the library was asked again")

    monkeypatch.setattr("puntuale.agreements.proposals.propose", forgetful)
    assert len(agreement_of(1).holiday_lists["target"].days) == len(dates)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "effective", "rule"),
    [
        (1, NOW, "version.not_newer"),
        (2, NOW - timedelta(seconds=1), "effective.past"),
        (2, NOW + timedelta(days=733), "effective.too_far"),
        (2, datetime.fromisoformat("9999-12-31T23:59:59-10:00"), "effective.too_far"),
    ],
    ids=["G17 the same version", "G11 in the past", "more than two years ahead", "past the end of time"],
)
def test_a_version_that_would_rewrite_a_promise_or_waits_too_long_is_refused(number, effective, rule):
    publish(version(1), effective_from=NOW - timedelta(days=9), at=NOW - timedelta(days=9))
    with pytest.raises(PublicationRefused) as refused:
        publish(version(number), effective_from=effective, at=NOW)
    assert refused.value.rule == rule
    assert Publication.objects.count() == 1


@pytest.mark.django_db
def test_a_newer_version_may_come_before_one_that_is_only_planned_which_then_never_takes_effect():
    publish(version(1), effective_from=NOW, at=NOW)
    planned = publish(version(2), effective_from=NOW + timedelta(days=700), at=NOW)
    newer = publish(version(3), effective_from=NOW + timedelta(days=2), at=NOW + timedelta(days=1))
    assert list(replaced_by(newer)) == [planned]
    assert list(replaced_by(planned)) == []
    instants = [NOW + timedelta(days=days) for days in (1, 2, 699, 700, 900)]
    assert [agreement_in_force(at).version for at in instants] == [1, 3, 3, 3, 3]


@pytest.mark.django_db
def test_a_bad_document_changes_nothing():
    with pytest.raises(DocumentRefused, match="zone.ambiguous"):
        publish(version(1, ("Europe/Brussels", "CET")), effective_from=NOW, at=NOW)
    assert Publication.objects.count() == 0


@pytest.mark.django_db
def test_what_is_probably_a_slip_is_published_only_on_purpose():
    slip = version(1, ('2 = "3h business"', '2 = "7h business"'))
    with pytest.raises(DocumentRefused, match="order.priority_slower"):
        publish(slip, effective_from=NOW, at=NOW)
    assert Publication.objects.count() == 0
    assert publish(slip, effective_from=NOW, at=NOW, allowing_warnings=True).version == 1


WITHOUT_BASIC = (
    '[[plan]]\nkey = "basic"\nname = { en = "Basic", it = "Basic", de = "Basic", fr = "Basic", es = "Basic" }\n',
    '[first_response.basic]\n1 = "none"\n2 = "none"\n3 = "none"\n',
)


def without_basic(number):
    return version(number, *((part, "") for part in WITHOUT_BASIC))


@pytest.mark.parametrize("ends", [None, timedelta(days=5, seconds=1)], ids=["open", "ending later"])
def test_a_version_that_lacks_a_plan_somebody_has_then_is_refused(company, ends):
    company.basic.contracts.update(ends_at=ends and NOW + ends)
    with pytest.raises(PublicationRefused, match=r'"basic" \(Litware\)') as refused:
        publish(without_basic(2), effective_from=NOW + timedelta(days=5), at=NOW)
    assert refused.value.rule == "plan.in_use"
    assert Publication.objects.count() == 1


def test_a_plan_that_nobody_has_any_more_can_go(company):
    company.basic.contracts.update(ends_at=NOW + timedelta(days=5))
    publish(without_basic(2), effective_from=NOW + timedelta(days=5), at=NOW)
    assert [plan.key for plan in agreement_in_force(NOW + timedelta(days=5)).plans] == ["professional", "advanced"]


def test_each_version_has_its_turn_and_one_that_was_overtaken_has_none(company):
    publish(version(2), effective_from=NOW + timedelta(days=9), at=NOW)
    publish(version(3), effective_from=NOW + timedelta(days=3), at=NOW)
    publish(version(4), effective_from=NOW + timedelta(days=5), at=NOW)
    days = [timedelta(days=number) for number in (0, 3, 5)]
    assert [(turn.publication.version, turn.since, turn.until) for turn in turns(NOW)] == [
        (1, NOW, NOW + days[1]),
        (3, NOW + days[1], NOW + days[2]),
        (4, NOW + days[2], None),
    ]
    assert [turn.publication.version for turn in turns(NOW + days[1], NOW + days[2])] == [3]
