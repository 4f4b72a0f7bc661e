"""What is told, before any channel has dressed it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person: a subject of one line, a text, and where it leads, for channels with little room."""

    subject: str
    text: str
    link: str = ""
