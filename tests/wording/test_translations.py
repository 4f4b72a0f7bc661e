"""The check of the catalogues: it finds what is missing, fuzzy, left over, or broken, and nothing in what we ship."""

import shutil
from pathlib import Path

import pytest

from puntuale.wording import notices
from puntuale.wording.languages import CATALOGUES, LANGUAGES, words
from tools import translations

OTHERS = [code for code in LANGUAGES if code != "en"]
SENT = '#: cli/telling.py\nmsgid "Sent"\nmsgstr "Gesendet"\n'
NOT_OURS = '#: cli/telling.py\nmsgid "Nobody says this"\nmsgstr "Das sagt niemand"\n'


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the catalogues, and of the German one as it would be collected; `copy(was, becomes)` bends the first."""
    package, fresh = tmp_path / "ours" / "puntuale", tmp_path / "fresh" / "puntuale"
    for folder in (package, fresh):
        shutil.copytree(CATALOGUES, folder / "locale")
    monkeypatch.setattr(translations, "PACKAGE", package)
    german = translations.catalogue(package, "de")

    def problems(was="", becomes="", *, compiled=True):
        written = german.read_text(encoding="utf-8")
        assert was in written
        german.write_text(written.replace(was, becomes, 1), encoding="utf-8")
        if compiled:
            german.with_suffix(".mo").write_bytes(translations.compiled(translations.read(german)))
        return translations.problems("de", fresh)

    problems.fresh = fresh
    return problems


def test_what_we_ship_is_complete(copy):
    assert copy() == []
    assert sorted(OTHERS) == sorted(path.name for path in CATALOGUES.iterdir())


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        (SENT, SENT.replace("Gesendet", ""), ["de: not translated: Sent"]),
        (SENT, SENT.replace("msgid", "#, fuzzy\nmsgid"), ["de: fuzzy: Sent"]),
        (SENT, "", ["de: not collected yet: Sent"]),
        (SENT, SENT + "\n" + NOT_OURS, ["de: no longer used: Nobody says this"]),
        (
            'msgstr[1] "%(count)d Stunden"',
            'msgstr[1] ""',
            ["de: not translated: ('%(count)d hour', '%(count)d hours')"],
        ),
        (
            'msgstr "Ein Mensch antwortet bis %%(due)s"',
            'msgstr "Ein Mensch antwortet"',
            ["de: not the same values: A person answers by %%(due)s"],
        ),
        (
            'msgstr "tickets/<int:number>/"',
            'msgstr "tickets/<int:nummer>/"',
            ["de: not the same values: tickets/<int:number>/"],
        ),
        (
            'msgstr "fällig am %(moment)s"',
            'msgstr "fällig am %(moments)s"',
            ["de: due %(moment)s: unknown named placeholder 'moments'", "de: not the same values: due %(moment)s"],
        ),
    ],
    ids=[
        "missing",
        "fuzzy",
        "not collected",
        "left over",
        "a plural missing",
        "a value not told",
        "an address",
        "an unknown value",
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(copy, was, becomes, told):
    before = copy()
    assert [one for one in copy(was, becomes) if one not in before] == told


@pytest.mark.parametrize(
    ("said", "is_wrong"),
    [
        ("Envoyé : oui", True),
        ("Envoyé: oui", True),
        ("Envoyé ?", True),
        ("«Envoyé\u00a0»", True),
        ("« Envoyé »", True),
        ("Envoyé\u00a0: oui\u202f!", False),
        ("Le 12 à 20:30, voir https://exemple.fr/?a;b", False),
    ],
)
def test_a_french_mark_stays_beside_its_word(copy, said, is_wrong):
    french = translations.catalogue(translations.PACKAGE, "fr")
    written = french.read_text(encoding="utf-8").replace(
        'msgid "Sent"\nmsgstr "Envoyé"', f'msgid "Sent"\nmsgstr "{said}"'
    )
    assert said in written
    french.write_text(written, encoding="utf-8")
    french.with_suffix(".mo").write_bytes(translations.compiled(translations.read(french)))
    told = translations.problems("fr", copy.fresh)
    assert ("fr: a mark without a no-break space: Sent" in told) is is_wrong


def test_a_catalogue_that_was_not_compiled_is_told(copy):
    before = copy()
    assert [one for one in copy("Gesendet", "Abgeschickt", compiled=False) if one not in before] == [
        "de: django.mo is not what django.po says"
    ]


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="looking for what is to be translated takes gettext")
def test_the_check_fails_for_a_text_that_nobody_has_translated(tmp_path, monkeypatch, capsys):
    shutil.copytree(CATALOGUES.parent, tmp_path / "puntuale", ignore=shutil.ignore_patterns("__pycache__", "static"))
    (tmp_path / "puntuale" / "new.py").write_text('print(_("Something new"))\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")
    monkeypatch.setattr(translations, "PACKAGE", Path("puntuale"))
    monkeypatch.setattr("sys.argv", ["translations", "--check"])
    assert translations.main() == 1
    told = capsys.readouterr().out.splitlines()
    assert [line for line in told if "Something new" in line] == [
        f"{code}: not collected yet: Something new" for code in sorted(OTHERS)
    ]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("texts", [notices.GROUNDS, notices.SUGGESTIONS, notices.CANCELLATIONS])
def test_every_notice_is_told_in_every_language(language, texts):
    for said in texts.values():
        assert words(language).gettext(said) != said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", notices.SUGGESTIONS)
def test_a_suggestion_names_the_new_priority(language, key):
    said = notices.suggestion(key, language, was="1", to="3")
    assert "3" in said
    assert "%" not in said


CLOSE = {"de": ("du", "dein", "deine", "dir", "dich"), "fr": ("tu", "ton", "tes", "toi"), "es": ("usted", "ustedes")}


@pytest.mark.parametrize("language", CLOSE)
def test_people_are_addressed_in_one_way(language):
    """Germans and French at a distance, Spaniards as among colleagues."""
    for key, said in words(language)._catalog.items():
        assert not set(said.lower().replace(".", " ").replace(",", " ").split()) & set(CLOSE[language]), key
