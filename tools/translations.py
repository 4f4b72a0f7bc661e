"""The translations: complete, nothing fuzzy, and the compiled files what the written ones say."""

import gettext
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path("puntuale")
LOCALES = PACKAGE / "locale"
VALUE = re.compile(r"%?%\(\w+\)\w|<\w+:\w+>|\{\w+\}")
"""A value in a text, or in an address."""
CROWDED = re.compile("(?<![\u00a0\u202f])[:;!?»](?=\\s|$)|«(?![\u00a0\u202f])")
"""A French mark without the no-break space that keeps it beside its word."""


def languages() -> list[str]:
    """Return the languages that need a catalogue: all but English."""
    return sorted(folder.name for folder in LOCALES.iterdir() if folder.is_dir())


def catalogue(package: Path, language: str) -> Path:
    """Return where the catalogue of a language is written."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def collect(package: Path) -> None:
    """Bring the catalogues of a copy of the package up to date with its code and templates."""
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--add-location", "file", "--no-wrap"]
    for language in languages():
        command += ["--locale", language]
    subprocess.run(command, cwd=package, check=True, capture_output=True, text=True)


def read(path: Path) -> Catalog:
    """Return a catalogue."""
    with path.open("rb") as file:
        return read_po(file)


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as programs read it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def problems(language: str, fresh: Path) -> list[str]:
    """Return what is wrong with a language, given a copy of the package with freshly collected catalogues."""
    path = catalogue(PACKAGE, language)
    catalog, wanted = read(path), {key(message) for message in read(catalogue(fresh, language)) if message.id}
    known = {key(message) for message in catalog if message.id}
    told = [f"{language}: not collected yet: {name}" for name, _ in sorted(wanted - known, key=str)]
    told += [f"{language}: no longer used: {name}" for name, _ in sorted(known - wanted, key=str)]
    for message in catalog:
        if message.id and (message.fuzzy or not is_said(message)):
            told.append(f"{language}: {'fuzzy' if message.fuzzy else 'not translated'}: {message.id}")
        told += [f"{language}: {message.id}: {error}" for error in message.check(catalog)]
        if message.id and is_said(message) and not says_the_same(message):
            told.append(f"{language}: not the same values: {message.id}")
        if language == "fr" and message.id and any(CROWDED.search(said) for said in _forms(message.string)):
            told.append(f"{language}: a mark without a no-break space: {message.id}")
    with path.with_suffix(".mo").open("rb") as file:
        stored = gettext.GNUTranslations(file)
    said = gettext.GNUTranslations(io.BytesIO(compiled(catalog)))
    if stored._catalog != said._catalog:  # type: ignore[attr-defined]
        told.append(f"{language}: django.mo is not what django.po says")
    return told


def key(message: Message) -> tuple[str, str | None]:
    """Return what a message is found by."""
    return (message.id if isinstance(message.id, str) else message.id[0], message.context)


def is_said(message: Message) -> bool:
    """Tell whether a message is translated, in all its plural forms."""
    return all(_forms(message.string) or [""])


def says_the_same(message: Message) -> bool:
    """Tell whether a message names the values that the English one names, in each of its plural forms."""
    named = [set(VALUE.findall(said)) for said in _forms(message.id)]
    return all(set(VALUE.findall(said)) in named for said in _forms(message.string))


def _forms(said: str | Iterable[str] | None) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def main() -> int:
    """Check the catalogues, or bring them up to date."""
    if shutil.which("xgettext") is None:
        print("xgettext is needed to look for what is to be translated. On Debian and Ubuntu: apt install gettext")
        return 1
    if "--update" in sys.argv:
        collect(PACKAGE)
        for language in languages():
            path = catalogue(PACKAGE, language)
            path.with_suffix(".mo").write_bytes(compiled(read(path)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / PACKAGE.name
        shutil.copytree(PACKAGE, fresh, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        collect(fresh)
        told = [line for language in languages() for line in problems(language, fresh)]
    print("\n".join(told), end="\n" if told else "")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
