"""Parts of what is said of a document: in English, and marked, so that rooms that speak others can say them."""

from collections.abc import Callable
from dataclasses import dataclass

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words within a sentence, with facts filled in."""

    says: str
    facts: tuple[tuple[str, object], ...] = ()

    def told(self, translate: Translate) -> str:
        """Return it in the language that `translate` speaks."""
        return translate(self.says).format(**dict(self.facts))

    def __str__(self) -> str:
        return self.told(str)


def gettext_lazy(says: str, **facts: object) -> Phrase:
    """Return a phrase; by the name of this function its words are collected for the translators."""
    return Phrase(says, tuple(facts.items()))
