"""The agreement as a document: read from TOML or JSON, judged by named rules, compared, written back in full."""

from puntuale.guarantee.document.comparing import Change, changes
from puntuale.guarantee.document.findings import DocumentRefused, Finding
from puntuale.guarantee.document.lines import line_of
from puntuale.guarantee.document.reading import Reading, read
from puntuale.guarantee.document.toml import as_toml
from puntuale.guarantee.document.writing import as_document

__all__ = ["Change", "DocumentRefused", "Finding", "Reading", "as_document", "as_toml", "changes", "line_of", "read"]
