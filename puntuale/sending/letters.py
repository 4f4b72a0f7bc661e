"""What is told, before any channel has dressed it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along, with its type such as `text/calendar; method=PUBLISH`."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to one person: a subject of one line, a text, and where it leads, for channels with little room.

    For channels with more: the same as HTML, the address at which answers are taken, the name of what it belongs to,
    the same in all letters about it, and files. `refers_to` are the Message-IDs of the reader's own mails about it, the
    last one that which is answered. `is_by_person` tells that a person wrote what it brings, `is_reply` that it is our
    own immediate reply to a mail.
    """

    subject: str
    text: str
    link: str = ""
    html: str = ""
    answers_to: str = ""
    thread: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    refers_to: tuple[str, ...] = ()
    is_by_person: bool = False
    is_reply: bool = False
