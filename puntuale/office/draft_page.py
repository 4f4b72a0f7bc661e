"""A draft as the pages about it show it: its findings with their lines, and what is in force beside it."""

from dataclasses import dataclass
from datetime import datetime

from puntuale.agreements.models import AgreementDraft, Publication
from puntuale.agreements.proposals import propose
from puntuale.agreements.reading import NothingInForce, agreement_published_as, publication_in_force
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.document import Finding, Reading
from puntuale.looks.requests import language
from puntuale.wording.findings import told


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that is wrong, or should be looked at, and in which line; none where nothing tells."""

    line: int | None
    finding: Finding

    @property
    def is_warning(self) -> bool:
        """Tell whether it may be published all the same."""
        return self.finding.is_warning

    @property
    def message(self) -> str:
        """Return what is wrong in the language of whoever reads it."""
        return told(self.finding, language())


@dataclass(frozen=True, slots=True)
class Draft:
    """What a manager is writing, read, beside the version in force, if there is one."""

    stored: AgreementDraft
    reading: Reading
    in_force: Publication | None

    @classmethod
    def of(cls, stored: AgreementDraft, *, at: datetime) -> "Draft":
        """Return a draft, read, as it stands."""
        try:
            in_force = publication_in_force(at)
        except NothingInForce:
            in_force = None
        return cls(stored, document.read(stored.source, propose=propose), in_force)

    @property
    def agreement(self) -> Agreement | None:
        """Return what it says, or None while it has errors."""
        return self.reading.agreement

    @property
    def former(self) -> Agreement | None:
        """Return the agreement in force, or None."""
        return agreement_published_as(self.in_force) if self.in_force else None

    @property
    def remarks(self) -> list[Remark]:
        """Return what is wrong and what should be looked at, errors first, in the order of the lines."""
        return remarks(self.reading, self.stored.source)


def remarks(reading: Reading, source: str) -> list[Remark]:
    """Return the findings of a text with their lines."""
    found = [Remark(document.line_of(finding, source), finding) for finding in reading.findings]
    return sorted(found, key=lambda one: (one.is_warning, one.line or 0))
