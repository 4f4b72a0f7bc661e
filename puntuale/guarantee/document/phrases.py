"""Parts of what is said of a document: in English, and marked, so that rooms that speak others can say them."""

from collections.abc import Callable
from dataclasses import dataclass

Translate = Callable[[str], str]


def gettext_noop(said: str) -> str:
    """Return the text. It is translated where it is shown; the name lets it be collected for that."""
    return said


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words within a sentence, with facts filled in."""

    says: str
    facts: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, says: str, **facts: object) -> "Phrase":
        """Return a phrase that was marked with `gettext_noop`."""
        return cls(says, tuple(facts.items()))

    def told(self, translate: Translate) -> str:
        """Return it in the language that `translate` speaks."""
        return translate(self.says).format(**dict(self.facts))

    def __str__(self) -> str:
        return self.told(str)
