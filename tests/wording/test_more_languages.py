"""How times, targets and hours are told in German, French and Spanish."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from puntuale.guarantee import document
from puntuale.guarantee.agreement import NoGuarantee, Reason
from puntuale.guarantee.document import Finding
from puntuale.guarantee.document.rules import RULES
from puntuale.guarantee.hours import HoursTable
from puntuale.guarantee.reckoning import reckon
from puntuale.guarantee.targets import Target
from puntuale.wording import durations, findings, moments, opening, sums
from puntuale.wording.languages import words
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at, every_day, shifts, table, weekdays

LANGUAGES = ["de", "fr", "es"]
BERLIN = ZoneInfo("Europe/Berlin")
NOW = at("2026-11-20T16:00:00+01:00")
AGREEMENT = document.read(STANDARD).sound()
SATURDAY = date(2026, 11, 28)


def told(row):
    """A row of expectations, one for each language."""
    return list(zip(LANGUAGES, row, strict=True))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-20T17:05:59+01:00", ("heute 17:05", "aujourd’hui 17:05", "hoy 17:05")),
        ("2026-11-21T09:00:00+01:00", ("morgen 09:00", "demain 09:00", "mañana 09:00")),
        ("2026-11-19T09:00:00+01:00", ("gestern 09:00", "hier 09:00", "ayer 09:00")),
        ("2026-11-26T09:00:00+01:00", ("Do 09:00", "jeu. 09:00", "jue 09:00")),
        ("2026-11-27T09:00:00+01:00", ("Fr 27. Nov. 09:00", "ven. 27 nov. 09:00", "vie 27 nov 09:00")),
        ("2027-03-01T09:00:00+01:00", ("Mo 1. März 2027 09:00", "lun. 1er mars 2027 09:00", "lun 1 mar 2027 09:00")),
    ],
)
def test_an_instant_is_told_as_people_say_it(moment, expected):
    for language, said in told(expected):
        assert moments.near_moment(at(moment), language, BERLIN, now=NOW) == said


@pytest.mark.parametrize(
    ("day", "plain", "long"),
    [
        (
            date(2026, 12, 24),
            ("24. Dezember 2026", "24 décembre 2026", "24 de diciembre de 2026"),
            ("Donnerstag, 24. Dezember 2026", "jeudi 24 décembre 2026", "jueves, 24 de diciembre de 2026"),
        ),
        (
            date(2027, 5, 1),
            ("1. Mai 2027", "1er mai 2027", "1 de mayo de 2027"),
            ("Samstag, 1. Mai 2027", "samedi 1er mai 2027", "sábado, 1 de mayo de 2027"),
        ),
    ],
)
def test_days_in_full(day, plain, long):
    for language, said in told(plain):
        assert moments.plain_day(day, language) == said
    for language, said in told(long):
        assert moments.long_day(day, language) == said


def test_runs_of_days():
    for language, said in told(("Sa 28., So 29. Nov.", "sam. 28, dim. 29 nov.", "sáb 28, dom 29 nov")):
        assert moments.days(SATURDAY, SATURDAY + timedelta(days=1), language) == said
    for language, said in told(("Mo 30. Nov. - Di 1. Dez.", "lun. 30 nov. - mar. 1er déc.", "lun 30 nov - mar 1 dic")):
        assert moments.days(SATURDAY + timedelta(days=2), SATURDAY + timedelta(days=3), language) == said


def test_the_repeated_hour_is_told_apart_in_the_letters_of_the_zone():
    first, second = at("2026-10-25T02:30:00+02:00"), at("2026-10-25T02:30:00+01:00")
    for language, said in told(("So 25. Okt. 02:30", "dim. 25 oct. 02:30", "dom 25 oct 02:30")):
        assert moments.moment(first, language, BERLIN) == f"{said} CEST"
        assert moments.moment(second, language, BERLIN) == f"{said} CET"
    assert moments.zone_letters(NOW, ZoneInfo("America/Sao_Paulo")) == "UTC-3"


def test_a_zone_has_a_name():
    for language, said in told(("Mitteleuropäische Zeit", "heure d’Europe centrale", "hora de Europa central")):
        assert moments.zone_name(ZoneInfo("Europe/Brussels"), language).replace("'", "’") == said
        assert moments.zone_name(ZoneInfo("UTC"), language) == "UTC"


@pytest.mark.parametrize(
    ("written", "hours", "expected"),
    [
        ("3h", "business", ("3 Geschäftsstunden", "3 heures ouvrées", "3 horas laborables")),
        ("1h", "business", ("1 Geschäftsstunde", "1 heure ouvrée", "1 hora laborable")),
        ("1h", "always", ("1 Stunde, Tag und Nacht", "1 heure, jour et nuit", "1 hora, día y noche")),
        ("2d", "business", ("2 Geschäftstage", "2 jours ouvrés", "2 días laborables")),
        ("30m", "business", ("30 Geschäftsminuten", "30 minutes ouvrées", "30 minutos laborables")),
        (
            "1d2h30m",
            "business",
            (
                "1 Geschäftstag, 2 Geschäftsstunden und 30 Geschäftsminuten",
                "1 jour ouvré, 2 heures ouvrées et 30 minutes ouvrées",
                "1 día laborable, 2 horas laborables y 30 minutos laborables",
            ),
        ),
    ],
)
def test_targets_in_words(written, hours, expected):
    for language, said in told(expected):
        assert durations.target(Target(1, hours, written), AGREEMENT, language) == said


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        (timedelta(minutes=42), ("0:42", "0:42", "0:42")),
        (timedelta(days=1), ("1 Tag", "1 jour", "1 día")),
        (timedelta(days=3, hours=5), ("3 Tage", "3 jours", "3 días")),
    ],
)
def test_how_long_ago(gone, expected):
    for language, said in told(expected):
        assert durations.rough(gone, language) == said


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ("0 Tage", "0 jour", "0 días")),
        (1, ("1 Tag", "1 jour", "1 día")),
        (2, ("2 Tage", "2 jours", "2 días")),
        (1_000_000, ("1000000 Tage", "1000000 jours", "1000000 días")),
    ],
)
def test_nothing_is_singular_in_french_alone(count, expected):
    for language, said in told(expected):
        assert words(language).ngettext("%(count)d day", "%(count)d days", count) % {"count": count} == said


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (
            table(weekdays("09:00-17:00")),
            ("Montag bis Freitag, 09:00-17:00", "Du lundi au vendredi, 09:00-17:00", "De lunes a viernes, 09:00-17:00"),
        ),
        (
            table(((),) * 5 + (shifts("10:00-16:00"),) * 2),
            ("Samstag und Sonntag, 10:00-16:00", "samedi et dimanche, 10:00-16:00", "sábado y domingo, 10:00-16:00"),
        ),
        (
            table(every_day("22:00-06:00")),
            (
                "Jeden Tag, 22:00-06:00 des Folgetags",
                "Tous les jours, 22:00-06:00 du lendemain",
                "Todos los días, 22:00-06:00 del día siguiente",
            ),
        ),
        (
            HoursTable.always(),
            (
                "Tag und Nacht, an jedem Tag des Jahres",
                "Jour et nuit, tous les jours de l’année",
                "Día y noche, todos los días del año",
            ),
        ),
    ],
)
def test_weekly_hours_in_words(hours, expected):
    for language, said in told(expected):
        assert opening.weekly(hours, language) == [said]


def test_a_sum_over_christmas():
    calendar = AGREEMENT.calendar("business")
    start = at("2026-12-24T15:30:00+01:00")
    owed = Target(3 * 3600, "business", "3h")
    reckoning = reckon(calendar, start=start, due=calendar.deadline(start, owed.seconds), target=owed)
    expected = (
        ["geschlossen: 1. Weihnachtstag", "geschlossen: 2. Weihnachtstag", "geschlossen"],
        ["fermé\N{NO-BREAK SPACE}: Noël", "fermé\N{NO-BREAK SPACE}: Saint-Étienne", "fermé"],
        ["cerrado: Navidad", "cerrado: San Esteban", "cerrado"],
    )
    for language, said in told(expected):
        lines = sums.lines(reckoning, language, BERLIN)
        assert [line.remark for line in lines if line.is_closed] == said
        assert [line.counted for line in lines if not line.is_closed] == ["1:30", "1:30"]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words(reason):
    english = durations.no_guarantee(NoGuarantee(reason), "en")
    for language in LANGUAGES:
        assert durations.no_guarantee(NoGuarantee(reason), language) not in {"", english}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", '"9-5" non è una fascia oraria; scrivi "09:00-17:00"'),
        ("de", '"9-5" ist keine Zeitspanne; schreiben Sie "09:00-17:00"'),
        ("fr", '"9-5" n’est pas une plage horaire ; écrivez "09:00-17:00"'),
        ("es", '"9-5" no es una franja horaria; escribe "09:00-17:00"'),
        ("en", '"9-5" is no shift; write "09:00-17:00"'),
    ],
)
def test_what_is_wrong_with_a_document_is_said_in_the_language_of_its_reader(language, said):
    assert findings.told(Finding("hours.business.weekly.mon-fri", "9-5", "shift.form"), language) == said


def test_hints_and_kinds_within_a_finding_are_in_the_language_of_its_reader():
    reading = document.read(STANDARD.replace('environments = ["production"]', 'environments = ["prodaction"]', 1))
    (found,) = [one for one in reading.errors if one.rule == "reference.unknown"]
    assert '"prodaction" non è tra questi (ambienti): ' in findings.told(found, "it")
    assert findings.told(found, "it").endswith('; intendevi "production"?')


@pytest.mark.parametrize("language", ["it", "de", "fr", "es"])
def test_every_rule_is_said_with_all_its_facts(language):
    spoken = words(language).gettext
    for rule in RULES.values():
        assert spoken(rule.says) != rule.says
        assert set(re.findall(r"\{(\w+)\}", spoken(rule.says))) == set(re.findall(r"\{(\w+)\}", rule.says))
