"""What is wrong with a document, in the language of whoever reads it."""

from puntuale.guarantee.document.findings import Finding
from puntuale.wording.languages import words


def told(finding: Finding, language: str) -> str:
    """Return what a finding says. Words of the document itself, and of libraries that read it, stay as they are."""
    return finding.told(words(language).gettext)
