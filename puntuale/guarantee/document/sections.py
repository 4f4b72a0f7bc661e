"""Handing out the parts of a document, checked as they are taken, so that one reading finds everything wrong."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import islice

from puntuale.guarantee.document.findings import Findings
from puntuale.guarantee.document.phrases import Phrase, gettext_lazy
from puntuale.guarantee.texts import UNSAID, Text
from puntuale.guarantee.visible import is_visible

MOST_ENTRIES, LONGEST_GUESSED = 100, 100
LONGEST_TEXT = 4_000
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


class Section:
    """One table of the document. Every value taken from it is checked, and what nobody took is reported at the end."""

    def __init__(self, table: Mapping[str, object], path: str, findings: Findings, languages: Sequence[str]) -> None:
        self.table = table
        self.path = path
        self.findings = findings
        self.languages = languages
        self._taken: set[str] = set()

    def path_of(self, key: str) -> str:
        """Return the path of a key, as reported."""
        return f"{self.path}.{key}" if self.path else key

    def report(self, key: str, value: object, rule: str, /, **details: object) -> None:
        """Report a broken rule at a key of this section."""
        self.findings.report(self.path_of(key) if key else self.path, value, rule, **details)

    def take(self, key: str, *, required: bool = False) -> object:
        """Return the raw value, or None when it is absent."""
        self._taken.add(key)
        value = self.table.get(key)
        if value is None and required:
            self.report(key, None, "key.missing")
        return value

    def string(self, key: str, *, required: bool = False) -> str | None:
        """Return a text of one line, or None when it is absent or none."""
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self._mistyped(key, value, gettext_lazy("a text in quotes"))
            return None
        if not is_visible(value):
            self.report(key, value, "value.empty")
            return None
        return value.strip()

    def flag(self, key: str, *, otherwise: bool) -> bool:
        """Return true or false, and `otherwise` when it is absent."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return otherwise if value is None else value
        self._mistyped(key, value, gettext_lazy("true or false"))
        return otherwise

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...] | None:
        """Return a list of texts, or None when it is absent or none."""
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self._mistyped(key, value, gettext_lazy("a list of texts in quotes"))
            return None
        return tuple(value) if self._short_enough(key, value) else None

    def text(self, key: str, *, required: bool = False) -> Text:
        """Return a text in several languages. Warns of the published languages in which it is not said."""
        value = self.take(key, required=required)
        if value is None:
            return UNSAID
        return self.text_of(self.path_of(key), value)

    def text_of(self, path: str, value: object) -> Text:
        """Return the text that a table such as `{ en = "...", it = "..." }` says."""
        if isinstance(value, Mapping) and len(value) > MOST_ENTRIES:
            self.findings.report(path, None, "list.too_long", count=len(value), limit=MOST_ENTRIES)
            return UNSAID
        if not isinstance(value, Mapping) or not all(isinstance(said, str) for said in value.values()):
            wanted = gettext_lazy("a text per language, {example}", example='{ en = "..." }')
            self.findings.report(path, value, "value.type", wanted=wanted)
            return UNSAID
        for language, said in value.items():
            self._check_words(path, language, said)
        if not value:
            self.findings.report(path, value, "value.empty")
        for language in self.languages:
            if value and language not in value:
                self.findings.report(
                    path, value, "text.language_missing", language=language, fallback=next(iter(value))
                )
        return Text.of({language: said.strip() for language, said in value.items()})

    def _check_words(self, path: str, language: str, said: str) -> None:
        if not LANGUAGE.fullmatch(language):
            self.findings.report(path, language, "language.form")
        if not is_visible(said):
            self.findings.report(f"{path}.{language}", said, "value.empty")
        if len(said) > LONGEST_TEXT:
            self.findings.report(f"{path}.{language}", said, "text.too_long", count=len(said), limit=LONGEST_TEXT)

    def section(self, key: str, *, required: bool = False) -> "Section":
        """Return the table under a key, empty when it is absent or none."""
        value = self.take(key, required=required)
        if value is None:
            return Section({}, self.path_of(key), self.findings, self.languages)
        if not isinstance(value, Mapping):
            self._mistyped(key, value, gettext_lazy("a table"))
            value = {}
        return Section(value, self.path_of(key), self.findings, self.languages)

    def sections(self, key: str, *, required: bool = False) -> list["Section"]:
        """Return the tables of a list such as `[[plan]]`, in their order."""
        value = self.take(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, Mapping) for entry in value):
            self._mistyped(key, value, gettext_lazy("a list of tables, {example}", example=f"[[{key}]]"))
            return []
        if not self._short_enough(key, value):
            return []
        return [
            Section(entry, f"{self.path_of(key)}[{number}]", self.findings, self.languages)
            for number, entry in enumerate(value, start=1)
        ]

    def named(self) -> Iterator[tuple[str, "Section"]]:
        """Yield each key of this table with the table under it, as in `[hours.business]`. Keys are checked."""
        if not self.is_short_enough():
            return
        for key in self.table:
            if not KEY.fullmatch(key):
                self.report("", key, "key.form")
            yield key, self.section(key)

    def key(self, seen: set[str]) -> str:
        """Return the `key` of an entry of a list, reported when it is none or already in `seen`, and remember it."""
        key = self.string("key", required=True) or ""
        if key and not KEY.fullmatch(key):
            self.report("key", key, "key.form")
        if key in seen:
            self.report("key", key, "key.duplicate")
        seen.add(key)
        return key

    def reference(self, key: str, value: str, kind: Phrase, known: Iterable[str]) -> bool:
        """Tell whether a value is one of the known keys, and report it when it is not."""
        names = list(known)
        if value in names:
            return True
        self.report(key, value, "reference.unknown", kind=kind, known=", ".join(names), hint=did_you_mean(value, names))
        return False

    def date(self, key: str, value: object) -> date | None:
        """Return the date a value is, written as a TOML date or as text, or None when it is none."""
        if type(value) is date:
            return value
        if isinstance(value, str):
            with suppress(ValueError):
                return date.fromisoformat(value)
        self.report(key, value, "date.form")
        return None

    def finish(self) -> None:
        """Report every key that nobody took, with the nearest one that is known."""
        for key in islice((key for key in self.table if key not in self._taken), MOST_ENTRIES):
            self.report("", key, "key.unknown", hint=did_you_mean(key, self._taken))

    def is_short_enough(self) -> bool:
        """Tell whether this table, whose keys the author chose, has no more of them than are read, and report it."""
        return self._short_enough("", self.table)

    def _mistyped(self, key: str, value: object, wanted: Phrase) -> None:
        self.report(key, value, "value.type", wanted=wanted)

    def _short_enough(self, key: str, value: Sequence[object] | Mapping[str, object]) -> bool:
        if len(value) <= MOST_ENTRIES:
            return True
        self.report(key, f"{len(value)} entries", "list.too_long", count=len(value), limit=MOST_ENTRIES)
        return False


def did_you_mean(value: str, known: Iterable[str]) -> Phrase | str:
    """Return `; did you mean ...?` with the nearest known word, or nothing when none is near."""
    close = difflib.get_close_matches(value[:LONGEST_GUESSED], sorted(known), n=1, cutoff=0.6)
    return meant(f'"{close[0]}"') if close else ""


def meant(word: str) -> Phrase:
    """Return `; did you mean ...?` with a word."""
    return gettext_lazy("; did you mean {word}?", word=word)
