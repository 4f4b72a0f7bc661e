"""Texts of an agreement in the languages it is published in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or name, said in one or more languages. The language written first is the fallback."""

    versions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, versions: Mapping[str, str]) -> "Text":
        """Return the text with the given wording per language code."""
        return cls(tuple(versions.items()))

    def __bool__(self) -> bool:
        return bool(self.versions)

    def in_language(self, language: str) -> str:
        """Return the wording for a language such as `it` or `pt-br`, else its base language, else the first one.

        Empty when the text has no wording at all.
        """
        versions = dict(self.versions)
        base = language.split("-", maxsplit=1)[0]
        if found := versions.get(language) or versions.get(base):
            return found
        return self.versions[0][1] if self.versions else ""

    def as_mapping(self) -> dict[str, str]:
        """Return the wording per language code, fallback first."""
        return dict(self.versions)


UNSAID = Text(())
"""A text nobody has written."""
