"""What a document may say, and what is wrong with a bad one: path, value and rule, all at once."""

import json
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puntuale.guarantee.agreement import (
    Metric,
    NoGuarantee,
    PriorityBarred,
    Reason,
    UnknownTerm,
)
from puntuale.guarantee.document import DocumentRefused, as_document, read
from puntuale.guarantee.document.rules import RULES
from puntuale.guarantee.targets import Target
from puntuale.guarantee.texts import Text
from tests.guarantee.documents import LEFT_OUT, STANDARD, bent
from tests.guarantee.tables import at


@pytest.fixture(scope="module")
def standard():
    return read(STANDARD).sound()


# --- the document that ships


def test_the_standard_agreement_has_nothing_wrong_with_it():
    assert read(STANDARD).findings == ()


@pytest.mark.parametrize(
    ("plan", "priority", "owed"),
    [
        ("basic", "1", NoGuarantee(Reason.PLAN)),
        ("basic", "2", NoGuarantee(Reason.PLAN)),
        ("basic", "3", NoGuarantee(Reason.PLAN)),
        ("professional", "1", Target(3 * 3600, "business", "3h")),
        ("professional", "2", Target(6 * 3600, "business", "6h")),
        ("professional", "3", Target(9 * 3600, "business", "9h")),
        ("advanced", "1", Target(3600, "always", "1h")),
        ("advanced", "2", Target(3 * 3600, "business", "3h")),
        ("advanced", "3", Target(6 * 3600, "business", "6h")),
    ],
)
def test_the_standard_table_is_the_published_one(standard, plan, priority, owed):
    assert standard.owed(plan=plan, priority=priority, stage="released") == owed


@pytest.mark.parametrize("stage", ["beta", "preview"])
def test_beta_and_preview_products_have_no_guarantee_on_any_plan(standard, stage):
    assert standard.owed(plan="advanced", priority="1", stage=stage) == NoGuarantee(Reason.PRODUCT_STAGE)


def test_no_contract_is_no_guarantee(standard):
    assert standard.owed(plan=None, priority="1", stage="released") == NoGuarantee(Reason.NO_CONTRACT)


def test_a_goal_the_agreement_does_not_mention_is_not_owed(standard):
    owed = standard.owed(plan="advanced", priority="1", stage="released", metric=Metric.RESOLUTION)
    assert owed == NoGuarantee(Reason.PLAN)


def test_the_standard_hours_are_nine_to_five_in_brussels_but_for_the_target_days(standard):
    hours = standard.hours["business"]
    assert hours.zone_name == "Europe/Brussels"
    assert [[str(shift) for shift in day] for day in hours.weekly] == [["09:00-17:00"]] * 5 + [[], []]
    assert sorted(day.isoformat() for day in hours.holidays if day.year == 2027) == [
        "2027-01-01",
        "2027-03-26",
        "2027-03-29",
        "2027-05-01",
        "2027-12-25",
        "2027-12-26",
    ]
    assert hours.holidays[date(2027, 3, 29)].in_language("it") == "Lunedì dell'Angelo"


def test_the_standard_holidays_are_those_of_the_holidays_library(standard):
    import holidays  # noqa: PLC0415

    theirs = holidays.financial_holidays("XECB", years=range(2020, 2041))
    assert sorted(standard.holiday_lists["target"].days) == sorted(theirs)


def test_no_choice_is_priority_three(standard):
    assert standard.choose(priority=None, environment="production").key == "3"
    assert standard.choose(priority="", environment=None).key == "3"


@pytest.mark.parametrize("environment", ["staging", "development"])
@pytest.mark.parametrize("priority", ["1", "2"])
def test_the_urgent_priorities_are_for_production_only_and_priority_three_is_offered(standard, priority, environment):
    with pytest.raises(PriorityBarred) as barred:
        standard.choose(priority=priority, environment=environment)
    assert [offer.key for offer in barred.value.offers] == ["3"]


def test_an_unknown_word_is_told_with_those_that_are_known(standard):
    with pytest.raises(UnknownTerm, match="plan 'gold' is not one of basic, professional, advanced"):
        standard.owed(plan="gold", priority="1", stage="released")


# --- what else a document can say


def test_a_document_may_have_any_number_of_everything():
    table = bent(
        {
            "priority": [
                {"key": f"p{n}", "name": {"en": f"P{n}", "it": f"P{n}"}, "meaning": {"en": "m", "it": "m"}}
                for n in range(9)
            ],
            "default_priority": "p8",
            "plan": [{"key": "only", "name": {"en": "Only", "it": "Solo"}}],
            "first_response": {"only": {f"p{n}": f"{n + 1}h business" for n in range(9)}},
        }
    )
    agreement = read(table).sound()
    assert len(agreement.priorities) == 9
    assert agreement.owed(plan="only", priority="p4", stage="released") == Target(5 * 3600, "business", "5h")


def test_each_cell_may_count_on_hours_of_its_own():
    table = bent(
        {
            "hours.tokyo": {
                "name": {"en": "Tokyo", "it": "Tokyo"},
                "zone": "Asia/Tokyo",
                "weekly": {"mon-sat": ["10:00-12:00", "13:00-19:30"], "sun": []},
            },
            "first_response.advanced.2": "90m tokyo",
        }
    )
    agreement = read(table).sound()
    owed = agreement.owed(plan="advanced", priority="2", stage="released")
    due = agreement.calendar(owed.hours).deadline(at("2026-03-07T19:00:00+09:00"), owed.seconds)
    assert due == at("2026-03-09T11:00:00+09:00")


def test_a_business_day_is_as_long_as_its_hours_say():
    agreement = read(bent({"first_response.professional.3": "2d business"})).sound()
    assert agreement.owed(plan="professional", priority="3", stage="released").seconds == 16 * 3600
    agreement = read(
        bent({"first_response.professional.3": "1d2h30m business", "hours.business.business_day": "7h30m"})
    ).sound()
    owed = agreement.owed(plan="professional", priority="3", stage="released")
    assert owed.seconds == 10 * 3600
    assert owed.parts == ((1, "d"), (2, "h"), (30, "m"))


def test_goals_may_be_added_for_some_cells_only():
    agreement = read(
        bent({"resolution.advanced": {"1": "8h always"}, "next_response.advanced": {"1": "4h business"}})
    ).sound()
    assert agreement.owed(plan="advanced", priority="1", stage="released", metric=Metric.RESOLUTION).seconds == 8 * 3600
    assert agreement.owed(plan="basic", priority="1", stage="released", metric=Metric.RESOLUTION) == NoGuarantee(
        Reason.PLAN
    )


def test_an_override_is_a_half_day_or_a_day_off_with_a_name():
    agreement = read(
        bent(
            {
                "hours.business.overrides": {
                    "2026-12-24": {"open": ["09:00-13:00"], "name": {"en": "Christmas Eve", "it": "Vigilia"}},
                    "2026-12-31": {"open": []},
                    "2026-12-26": {"open": ["10:00-12:00"]},
                }
            }
        )
    ).sound()
    clock = agreement.calendar("business")
    assert clock.next_close(at("2026-12-24T10:00:00+01:00")) == at("2026-12-24T13:00:00+01:00")
    assert clock.next_open(at("2026-12-31T10:00:00+01:00")) == at("2027-01-04T09:00:00+01:00")
    assert clock.next_open(at("2026-12-25T10:00:00+01:00")) == at("2026-12-26T10:00:00+01:00")


def test_a_closed_day_may_come_every_year_and_29_february_in_leap_years_only():
    kind = {"name": {"en": "Leap day", "it": "Bisesto"}, "every_year": "02-29"}
    agreement = read(bent({"holidays.target.days.leap": kind, "holidays.target.years": [2020, 2040]})).sound()
    leap = [day for day, name in agreement.holiday_lists["target"].days.items() if name.in_language("en") == "Leap day"]
    assert leap == [date(year, 2, 29) for year in (2020, 2024, 2028, 2032, 2036, 2040)]


def proposal(source, years, languages):
    assert (source, list(years), list(languages)) == ("country:IT", [2026, 2027], ["en", "it"])
    return {date(year, 6, 2): Text.of({"en": "Republic Day", "it": "Festa della Repubblica"}) for year in years}


def test_a_proposed_list_is_expanded_with_additions_and_removals():
    table = bent(
        {
            "languages": ["en", "it"],
            "holidays.target": {
                "name": {"en": "Italy", "it": "Italia"},
                "propose": "country:IT",
                "years": [2026, 2027],
                "remove": ["2027-06-02"],
                "days": {"patron": {"name": {"en": "Patron saint", "it": "Patrono"}, "every_year": "12-07"}},
            },
        }
    )
    agreement = read(table, propose=proposal).sound()
    assert {
        day.isoformat(): name.in_language("it") for day, name in agreement.holiday_lists["target"].days.items()
    } == {
        "2026-06-02": "Festa della Repubblica",
        "2026-12-07": "Patrono",
        "2027-12-07": "Patrono",
    }
    frozen = as_document(agreement)
    assert read(frozen).sound() == agreement, "what was expanded needs the library no more"
    assert read(table).errors[0].rule == "holidays.proposal_open"


def english(source, years, languages):
    """A calendar of the library that speaks English only."""
    return {date(2026, 12, day): Text.of({"en": name}) for day, name in ((25, "Christmas"), (26, "26 December"))}


def test_a_proposed_day_without_a_name_in_a_language_is_a_warning_until_it_is_named():
    days = {"natale": {"name": {"en": "Christmas Day", "it": "Natale"}, "dates": ["2026-12-25"]}}
    table = {"propose": "financial:XECB", "years": [2026, 2026]}
    two = {"languages": ["en", "it"]}
    proposed = read(bent({"holidays.target": table, **two}), propose=english)
    assert [str(finding) for finding in proposed.findings] == [
        'holidays.target.propose: "financial:XECB" does not say in it what these days are called: Christmas, 26 December;'
        " name them under days [holidays.name_missing]"
    ]
    named = read(bent({"holidays.target": table | {"days": days, "remove": ["2026-12-26"]}, **two}), propose=english)
    assert named.findings == ()
    assert {day.day: name.in_language("it") for day, name in named.agreement.holiday_lists["target"].days.items()} == {
        25: "Natale"
    }


def test_alarm_levels_are_shares_instants_before_due_due_itself_and_after():
    levels = [{"at": written, "tell": ["manager"]} for written in ("1%", "99%", "due", "-15m", "+1h30m")]
    agreement = read(bent({"alarm": levels})).sound()
    assert [(level.kind, level.amount) for level in agreement.alarms] == [
        ("share", 1),
        ("share", 99),
        ("due", 0),
        ("before", 900),
        ("after", 5400),
    ]


def test_markup_in_a_text_is_text():
    said = "<script>alert(1)</script> & <b>bold</b>"
    agreement = read(bent({"title.en": said})).sound()
    assert agreement.title.in_language("en") == said


def test_a_language_falls_back_to_its_base_and_then_to_the_first():
    text = Text.of({"en": "yes", "pt": "sim", "pt-br": "sim!"})
    assert [text.in_language(code) for code in ("pt-br", "pt-pt", "it")] == ["sim!", "sim", "yes"]


# --- written back


def test_a_document_written_back_and_read_again_says_the_same(standard):
    assert read(json.loads(json.dumps(as_document(standard)))).sound() == standard


def test_the_same_agreement_is_written_the_same_each_time(standard):
    assert json.dumps(as_document(standard)) == json.dumps(as_document(read(as_document(standard)).sound()))


def test_json_text_is_read_as_well_as_toml(standard):
    assert read(json.dumps(as_document(standard))).sound() == standard


# --- bad documents: the rows of bad_inputs.tsv and more

BAD = {
    "G01 tab for indentation and no TOML": ("format: 1\n\tversion: 2", "", "document.syntax"),
    "G01 unfinished": ("format = ", "", "document.syntax"),
    "G01 JSON unfinished": ('{"format": 1,', "", "document.syntax"),
    "G01 nested too deep": ('{"a":' * 100_000, "", "document.syntax"),
    "G01 a key twice": ("format = 1\nformat = 2", "", "document.syntax"),
    "G01 a JSON key twice": ('{"format": 1, "format": 2}', "", "document.syntax"),
    "not UTF-8": ("title = 'caf\xe9'".encode("latin-1"), "", "document.syntax"),
    "G15 five megabytes": ("#" * 5_000_000, "", "document.too_large"),
    "G15 100,000 plans": (
        {"plan": [{"key": f"p{n}", "name": {"en": "x", "it": "x"}} for n in range(100_000)]},
        "plan",
        "list.too_long",
    ),
    "format of tomorrow": ({"format": 2}, "format", "document.format"),
    "format true": ({"format": True}, "format", "document.format"),
    "version none": ({"version": LEFT_OUT}, "version", "key.missing"),
    "version zero": ({"version": 0}, "version", "version.form"),
    "version text": ({"version": "1"}, "version", "version.form"),
    "no languages": ({"languages": []}, "languages", "value.empty"),
    "language by name": ({"languages": ["English"]}, "languages", "language.form"),
    "language twice": ({"languages": ["en", "en"]}, "languages", "key.duplicate"),
    "G02 unknown key": ({"priority.0.meanng": {"en": "x"}}, "priority[1]", "key.unknown"),
    "G02 unknown section": ({"respnse": {}}, "", "key.unknown"),
    "G03 unknown priority": ({"first_response.advanced.4": "1h always"}, "first_response.advanced", "reference.unknown"),
    "G03 missing priority": ({"first_response.advanced.2": LEFT_OUT}, "first_response", "cell.missing"),
    "G03 missing plan": ({"first_response.basic": LEFT_OUT}, "first_response", "cell.missing"),
    "G03 no table at all": ({"first_response": LEFT_OUT}, "first_response", "key.missing"),
    "unknown plan": ({"first_response.gold": {"1": "none"}}, "first_response", "reference.unknown"),
    "G05 none and a time": (
        {"first_response.basic.1": "none 3h business"},
        "first_response.basic.1",
        "target.contradiction",
    ),
    "G07 a time on no hours": ({"first_response.advanced.1": "1h"}, "first_response.advanced.1", "target.hours_missing"),
    "G07 hours that are not there": (
        {"first_response.advanced.1": "1h busines"},
        "first_response.advanced.1",
        "target.hours_unknown",
    ),
    "G07 always open and a calendar": (
        {"hours.always.holidays": "target"},
        "hours.always.always",
        "hours.always_or_weekly",
    ),
    "target in words": ({"first_response.advanced.1": "soon"}, "first_response.advanced.1", "target.form"),
    "target of nothing": ({"first_response.advanced.1": "0h always"}, "first_response.advanced.1", "target.zero"),
    "negative target": ({"first_response.advanced.1": "-1h always"}, "first_response.advanced.1", "target.form"),
    "fraction": ({"first_response.advanced.1": "1.5h always"}, "first_response.advanced.1", "target.form"),
    "target longer than a year": (
        {"first_response.advanced.1": "99999h always"},
        "first_response.advanced.1",
        "target.too_long",
    ),
    "target a number": ({"first_response.advanced.1": 3}, "first_response.advanced.1", "value.type"),
    "days of no length": (
        {"first_response.advanced.2": "1d business", "hours.business.business_day": LEFT_OUT},
        "first_response.advanced.2",
        "target.day_undefined",
    ),
    "business day of 25 hours": ({"hours.business.business_day": "25h"}, "hours.business.business_day", "hours.business_day"),
    "G09 CET": ({"hours.business.zone": "CET"}, "hours.business.zone", "zone.ambiguous"),
    "G09 EST": ({"hours.business.zone": "EST"}, "hours.business.zone", "zone.ambiguous"),
    "G09 GMT+1": ({"hours.business.zone": "GMT+1"}, "hours.business.zone", "zone.unknown"),
    "G09 in words": ({"hours.business.zone": "Central European Time"}, "hours.business.zone", "zone.unknown"),
    "G09 Europe/Roma": ({"hours.business.zone": "Europe/Roma"}, "hours.business.zone", "zone.unknown"),
    "G09 a path": ({"hours.business.zone": "../../etc/localtime"}, "hours.business.zone", "zone.unknown"),
    "G10 0 %": ({"alarm.0.at": "0%"}, "alarm[1].at", "alarm.share"),
    "G10 100 %": ({"alarm.0.at": "100%"}, "alarm[1].at", "alarm.share"),
    "G10 120 %": ({"alarm.0.at": "120%"}, "alarm[1].at", "alarm.share"),
    "G10 twice": ({"alarm.0.at": "75%"}, "alarm[2].at", "alarm.duplicate"),
    "G10 twice in other units": (
        {"alarm": [{"at": "-60m", "tell": ["team"]}, {"at": "-1h", "tell": ["team"]}]},
        "alarm[2].at",
        "alarm.duplicate",
    ),
    "G10 in words": ({"alarm.0.at": "early"}, "alarm[1].at", "alarm.form"),
    "G10 minutes spelled out": ({"alarm.0.at": "-10min"}, "alarm[1].at", "alarm.form"),
    "alarm to nobody": ({"alarm.0.tell": []}, "alarm[1].tell", "value.empty"),
    "alarm to a stranger": ({"alarm.0.tell": ["boss"]}, "alarm[1].tell", "reference.unknown"),
    "text missing": ({"priority.0.meaning": LEFT_OUT}, "priority[1].meaning", "key.missing"),
    "text empty": ({"title.en": " "}, "title.en", "value.empty"),
    "text without language": ({"title": "When we answer"}, "title", "value.type"),
    "text too long": ({"title.en": "x" * 4_001}, "title.en", "text.too_long"),
    "key with a space": ({"plan.0.key": "my plan"}, "plan[1].key", "key.form"),
    "key twice": ({"plan.1.key": "basic"}, "plan[2].key", "key.duplicate"),
    "default priority unknown": ({"default_priority": "4"}, "default_priority", "reference.unknown"),
    "default priority barred somewhere": ({"default_priority": "1"}, "default_priority", "default_priority.barred"),
    "priority for an unknown environment": (
        {"priority.0.environments": ["prodution"]},
        "priority[1].environments",
        "reference.unknown",
    ),
    "G18 nothing guaranteed": ({"stage.0.guaranteed": False}, "stage", "stage.none_guaranteed"),
    "excluded without a word": ({"stage.1.explanation": LEFT_OUT}, "stage[2].explanation", "key.missing"),
    "a flag in words": ({"stage.1.guaranteed": "no"}, "stage[2].guaranteed", "value.type"),
    "K08 nothing long": ({"hours.business.weekly.mon-fri": ["09:00-09:00"]}, "hours.business.weekly.mon-fri", "shift.empty"),
    "K08 25 o'clock": (
        {"hours.business.weekly.mon-fri": ["09:00-25:00"]},
        "hours.business.weekly.mon-fri",
        "shift.time_of_day",
    ),
    "K08 no list": ({"hours.business.weekly.mon-fri": "09:00-17:00"}, "hours.business.weekly.mon-fri", "value.type"),
    "K09 overlap": ({"hours.business.weekly.mon-fri": ["09:00-13:00", "12:00-17:00"]}, "hours.business.weekly", "hours.overlap"),
    "K09 overlap on a special day": (
        {"hours.business.overrides": {"2026-12-24": {"open": ["09:00-13:00", "12:00-17:00"]}}},
        "hours.business.overrides.2026-12-24.open",
        "hours.overlap",
    ),
    "never open": ({"hours.business.weekly": {"mon": []}}, "hours.business.weekly", "hours.never_open"),
    "a day of no week": ({"hours.business.weekly.lun": ["09:00-17:00"]}, "hours.business.weekly", "reference.unknown"),
    "a day twice": ({"hours.business.weekly.fri": ["09:00-13:00"]}, "hours.business.weekly.fri", "key.duplicate"),
    "no hours": ({"hours": {}}, "hours", "key.missing"),
    "holidays that are not there": ({"hours.business.holidays": "targt"}, "hours.business.holidays", "reference.unknown"),
    "30 February": ({"holidays.target.days.christmas.dates": ["2026-02-30"]}, "holidays.target.days.christmas.dates", "date.form"),
    "a date with an hour": (
        {"holidays.target.days.christmas.dates": [tomllib.loads("a = 2026-12-25T00:00:00Z")["a"]]},
        "holidays.target.days.christmas.dates",
        "date.form",
    ),
    "outside the years": (
        {"holidays.target.days.christmas.dates": ["2050-12-25"]},
        "holidays.target.days.christmas.dates",
        "holidays.outside_years",
    ),
    "K05 two on one day": (
        {"holidays.target.days.party": {"name": {"en": "Party", "it": "Festa"}, "dates": ["2026-12-25"]}},
        "holidays.target.days.party.dates",
        "holidays.duplicate",
    ),
    "K16 a million dates": (
        {"holidays.target.days.christmas.dates": ["2026-12-25"] * 100_000},
        "holidays.target.days.christmas.dates",
        "list.too_long",
    ),
    "years backwards": ({"holidays.target.years": [2040, 2020]}, "holidays.target.years", "years.form"),
    "K03 a thousand years": ({"holidays.target.years": [1970, 2199]}, "holidays.target.years", "years.form"),
    "13 December every 31st month": (
        {"holidays.target.days.party": {"name": {"en": "Party", "it": "Festa"}, "every_year": "31-12"}},
        "holidays.target.days.party.every_year",
        "day.form",
    ),
    "removed but not there": ({"holidays.target.remove": ["2026-06-02"]}, "holidays.target.remove", "holidays.not_there"),
    "a proposal of nothing": ({"holidays.target.propose": "http://x/cal.ics"}, "holidays.target.propose", "holidays.proposal_form"),
    "a proposal unexpanded": ({"holidays.target.propose": "country:IT"}, "holidays.target.propose", "holidays.proposal_open"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_document_names_path_value_and_rule(case):
    source, path, rule = BAD[case]
    reading = read(bent(source) if isinstance(source, dict) else source)
    assert reading.agreement is None
    told = [(finding.path, finding.rule) for finding in reading.errors]
    assert (path, rule) in told
    assert all(
        finding.message and "{" not in RULES[finding.rule].says.format_map(AnyWord()) for finding in reading.errors
    )
    with pytest.raises(DocumentRefused, match=rule):
        reading.sound()


class AnyWord(dict):
    def __missing__(self, key):
        return "word"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"first_response.advanced.1": "1h busines"},
            'first_response.advanced.1: "1h busines" counts on hours that are not there; the hours tables are business,'
            ' always; did you mean "business"? [target.hours_unknown]',
        ),
        (
            {"respnse": 1, "first_respnse": {}},
            'document: "first_respnse" is not known here; did you mean "first_response"? [key.unknown]',
        ),
        (
            {"hours.business.zone": "CET"},
            'hours.business.zone: "CET" is an abbreviation, and people disagree on whether it moves its clocks in summer;'
            " write Europe/Brussels for a place that does, or Etc/GMT-1 for a fixed offset [zone.ambiguous]",
        ),
        (
            {"hours.business.zone": "EST"},
            'hours.business.zone: "EST" is an abbreviation, and people disagree on whether it moves its clocks in summer;'
            " write America/New_York for a place that does, or Etc/GMT+5 for a fixed offset [zone.ambiguous]",
        ),
        (
            {"hours.business.weekly.mon-fri": ["09:00-13:00", "12:00-17:00"]},
            "hours.business.weekly: mon 09:00-13:00 and mon 12:00-17:00 overlap [hours.overlap]",
        ),
        (
            {"first_response.basic": LEFT_OUT},
            "first_response: says nothing for basic.1, basic.2, basic.3; every plan needs every priority, if only as none"
            " [cell.missing]",
        ),
    ],
)
def test_an_error_reads_well(changes, said):
    assert said in [str(finding) for finding in read(bent(changes)).errors]


def test_everything_wrong_is_told_at_once():
    reading = read(
        bent(
            {
                "hours.business.zone": "Europe/Roma",
                "first_response.advanced.1": "1 hour always",
                "plan.0.key": "",
                "alarm.0.at": "0%",
                "colour": "green",
            }
        )
    )
    assert {finding.rule for finding in reading.errors} >= {
        "zone.unknown",
        "target.form",
        "value.empty",
        "alarm.share",
        "key.unknown",
    }


def test_an_empty_document_says_what_it_lacks():
    missing = {finding.path for finding in read("").errors}
    assert missing >= {"format", "version", "languages", "title", "plan", "priority", "hours", "first_response"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (
            {"first_response.professional.1": "9h business", "first_response.professional.3": "3h business"},
            "order.priority_slower",
        ),
        (
            {"first_response.professional": {"1": "9h business", "2": "none", "3": "3h business"}},
            "order.priority_slower",
        ),
        ({"first_response.advanced.2": "7h business"}, "order.plan_slower"),
        (
            {"first_response.professional.1": "1h always", "first_response.advanced.1": "1h business"},
            "order.plan_slower",
        ),
        (
            {
                "first_response.basic": {"1": "2h business", "2": "9h business", "3": "9h business"},
                "first_response.professional.1": "none",
                "first_response.advanced.1": "3h business",
            },
            "order.plan_slower",
        ),
        ({"first_response.basic.1": "8h business", "first_response.advanced.1": "1h always"}, None),
        ({"first_response.advanced.3": "none"}, "order.plan_loses"),
        ({"languages": ["en", "it", "pt"]}, "text.language_missing"),
    ],
    ids=[
        "G06 P1 slower than P3",
        "past one without",
        "G06 advanced slower",
        "business hours are slower than day and night",
        "past a plan without",
        "on other hours",
        "advanced without",
        "G13 not said in Portuguese",
    ],
)
def test_what_is_probably_a_slip_is_a_warning_and_leaves_the_document_usable(changes, rule):
    reading = read(bent(changes))
    assert reading.agreement is not None
    assert rule is None or rule in {finding.rule for finding in reading.warnings}
    assert (rule is None) == (reading.findings == ())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
PATHS = [
    "format", "version", "languages", "title", "title.en", "environment", "environment.0", "stage.0.key", "plan.1",
    "plan.1.name", "priority.0.environments", "priority.2.key", "first_response", "first_response.advanced",
    "first_response.advanced.1", "hours", "hours.business", "hours.business.zone", "hours.business.weekly",
    "hours.business.weekly.mon-fri", "hours.business.overrides", "hours.business.business_day", "hours.always.always",
    "holidays", "holidays.target", "holidays.target.years", "holidays.target.days", "holidays.target.days.christmas.dates",
    "holidays.target.propose", "holidays.target.remove", "alarm", "alarm.0.at", "alarm.0.tell", "note", "resolution",
]  # fmt: skip


@settings(max_examples=400)
@given(st.sampled_from(PATHS), JSON_VALUES)
def test_no_value_anywhere_makes_reading_fail_other_than_by_findings(path, value):
    reading = read(bent({path: value}))
    assert (reading.agreement is None) == bool(reading.errors)
    assert all(str(finding) for finding in reading.findings)
    if reading.agreement is not None:
        assert read(as_document(reading.agreement)).sound() == reading.agreement
