"""What is wrong with a document: path, value and the named rule, all at once."""

from collections import Counter
from dataclasses import dataclass, field

from puntuale.guarantee.document.phrases import Phrase, Translate
from puntuale.guarantee.document.rules import RULES

MOST_FINDINGS, LONGEST_DETAIL = 200, 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule. A warning leaves the document usable; an error does not."""

    path: str
    value: object
    rule: str
    details: tuple[tuple[str, object], ...] = ()

    @property
    def is_warning(self) -> bool:
        """Tell whether the document may be used all the same."""
        return RULES[self.rule].is_warning

    @property
    def message(self) -> str:
        """Return the rule in words, with the facts of the case."""
        return self.told(str)

    def told(self, translate: Translate) -> str:
        """Return the message in the language that `translate` speaks."""
        facts = {name: one.told(translate) if isinstance(one, Phrase) else one for name, one in self.details}
        return translate(RULES[self.rule].says).format(value=_shown(self.value), **facts)

    def __str__(self) -> str:
        return f"{self.path or 'document'}: {self.message} [{self.rule}]"


class DocumentRefused(ValueError):
    """A document that breaks rules, with all of them as `findings`."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


@dataclass(slots=True)
class Findings:
    """Collects what is wrong while a document is read: the first errors and the first warnings, when there are many."""

    found: list[Finding] = field(default_factory=list)
    counts: Counter[bool] = field(default_factory=Counter)

    def report(self, path: str, value: object, rule: str, /, **details: object) -> None:
        """Add one broken rule. Whoever wrote the document chose how long its words are, so they are shortened."""
        self.counts[RULES[rule].is_warning] += 1
        if self.counts[RULES[rule].is_warning] > MOST_FINDINGS:
            return
        said = {name: shortened(detail) for name, detail in details.items() if f"{{{name}" in RULES[rule].says}
        self.found.append(Finding(str(shortened(path)), shortened(value), rule, tuple(said.items())))

    @property
    def has_errors(self) -> bool:
        """Tell whether anything but warnings was found."""
        return self.counts[False] > 0


def shortened(value: object) -> object:
    """Return a value as it is, or shortened when it is a long text."""
    if isinstance(value, str) and len(value) > LONGEST_DETAIL:
        return f"{value[:LONGEST_DETAIL]}..."
    return value


def _shown(value: object) -> str:
    written = f'"{value}"' if isinstance(value, str) else str(value)
    return written if len(written) <= 80 else written[:77] + "..."
