"""What the documents show is what the program prints, and every link leads somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from puntuale.conf.main import COMMANDS, main

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
EXAMPLE = re.compile(r"(?ms)^```console\n(.*?)^```")


def examples():
    """Each command that a document shows with what it prints."""
    for document in DOCUMENTS:
        for block in EXAMPLE.findall(document.read_text(encoding="utf-8")):
            for call in re.split(r"(?m)^\$ ", block)[1:]:
                command, _, printed = call.partition("\n")
                if printed:
                    yield pytest.param(command, printed, id=f"{document.name}: {command[:70]}")


@pytest.mark.parametrize(("command", "printed"), list(examples()))
def test_a_command_prints_what_the_document_shows(command, printed, capsys):
    program, *arguments = shlex.split(command)
    assert program in {"puntuale", "./run"}
    assert main(arguments) == 0
    assert capsys.readouterr().out == printed


def test_there_are_examples():
    assert len(list(examples())) >= 10


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document):
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_command_is_in_the_reference():
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"`{name}" in reference


def test_every_setting_is_in_the_reference():
    reference = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "puntuale/conf").rglob("*.py"))
    for name in set(re.findall(r'"(PUNTUALE_[A-Z_]+|DATABASE_URL)"', code)):
        assert f"`{name}`" in reference, name
