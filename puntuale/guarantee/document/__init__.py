"""The agreement as a document: read from TOML or JSON, judged by named rules, written back in full."""

from puntuale.guarantee.document.findings import DocumentRefused, Finding
from puntuale.guarantee.document.reading import Reading, read
from puntuale.guarantee.document.writing import as_document

__all__ = ["DocumentRefused", "Finding", "Reading", "as_document", "read"]
