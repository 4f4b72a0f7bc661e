"""The house keeps its shape: who may import whom is checked by import-linter; this is what it cannot say."""

import ast
import itertools
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "puntuale"
ROOMS = {
    "conf",
    "cli",
    "demo",
    "api",
    "client",
    "portal",
    "desk",
    "office",
    "accounts",
    "privacy",
    "looks",
    "tickets",
    "agreements",
    "people",
    "sending",
    "mail",
    "moving",
    "oncall",
    "reports",
    "watch",
    "webhooks",
    "whatif",
    "wording",
    "guarantee",
}


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


def test_the_guarantee_needs_the_standard_library_only_and_numpy_in_one_file():
    for file in (PACKAGE / "guarantee").rglob("*.py"):
        foreign = {name.split(".")[0] for name in imported(file)} - set(sys.stdlib_module_names) - {"puntuale"}
        allowed = {"vectors.py": {"numpy"}, "zones.py": {"tzdata"}}.get(file.name, set())
        assert foreign == allowed, file


def test_the_rooms_are_the_rooms():
    assert {
        folder.name for folder in PACKAGE.iterdir() if folder.is_dir() and (folder / "__init__.py").exists()
    } == ROOMS


@pytest.mark.parametrize(
    "name", ["utils", "helpers", "exceptions", "constants", "common", "misc", "services", "repositories"]
)
def test_there_are_no_drawers(name):
    assert not list(PACKAGE.rglob(f"{name}.py")) + list(PACKAGE.rglob(name))


def test_files_stay_short():
    long = {
        str(file.relative_to(ROOT)): length
        for file in PACKAGE.rglob("*.py")
        if "migrations" not in file.parts and (length := len(file.read_text(encoding="utf-8").splitlines())) > 330
    }
    assert long == {}


def test_only_the_clock_of_conf_reads_the_systems_clock():
    readers = [
        str(file.relative_to(PACKAGE))
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "timezone"}
    ]
    assert readers == ["conf/clock.py"]


def colons_behind_values(file):
    """Return the lines of f-strings in which a colon follows a value."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            for value, after in itertools.pairwise(node.values):
                # Hours and minutes have a colon between them, and no space.
                text = after.value if isinstance(after, ast.Constant) else ""
                if isinstance(value, ast.FormattedValue) and re.match(r":\s", text):
                    yield f"{file.relative_to(PACKAGE)}:{node.lineno}"


def test_a_colon_is_part_of_a_sentence_that_can_be_translated():
    """In French a space stands before it."""
    behind = re.compile(r"(%\}|\}\})\s*:(\s|<|$)", re.MULTILINE)
    sentence = re.compile(r"\{% blocktrans(late)? .*?\{% endblocktrans(late)? %\}", re.DOTALL)
    templates = {file: file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.html")}
    assert {file.name for file, text in templates.items() if behind.search(sentence.sub("", text))} == set()
    spoken = [PACKAGE / room for room in ("portal", "desk", "office", "looks", "wording")]
    files = [*(file for room in spoken for file in room.rglob("*.py")), *PACKAGE.glob("*/letters.py")]
    assert [place for file in [*files, PACKAGE / "cli" / "telling.py"] for place in colons_behind_values(file)] == []


def test_nothing_foreign_is_loaded_by_a_page():
    for template in PACKAGE.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert "http://" not in text, template
        assert "https://" not in text, template
        assert "style=" not in text, template
        # A letter is no page: it has no sheet to load, and no policy that would refuse its own.
        assert "<style" not in text or template.relative_to(PACKAGE).as_posix() == "mail/templates/mail/letter.html"
        assert "|safe" not in text, template
        assert "autoescape off" not in text, template
    for sheet in PACKAGE.rglob("*.css"):
        assert "//" not in sheet.read_text(encoding="utf-8").replace("/*", "").replace("*/", ""), sheet


def test_what_is_translated_stands_outside_of_f_strings():
    """What stands within one is not collected, and would stay English for ever."""
    within = re.compile(r"""\bf(["']).*\{[^}]*\b(_|gettext|ngettext)\(""")
    lines = ((file, line) for file in PACKAGE.rglob("*.py") for line in file.read_text(encoding="utf-8").splitlines())
    assert [f"{file.name}: {line.strip()}" for file, line in lines if within.search(line)] == []
