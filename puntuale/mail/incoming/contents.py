"""What was read out of a mail: plain values, which pass from the process that reads to the one that decides."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a mail: its name, where its content lies in the folder of this reading, its size and content id."""

    name: str
    path: str
    size: int
    content_id: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a mail says.

    `sender` is empty where nobody can tell who it is, `behind` the one for whom a list may stand there. `automatic` is
    by which standard no person wrote it, `hint` what makes it look so, `absence` by what it is a notice of absence.
    `references` are its headers In-Reply-To and References, `given_back` what a server's report says of a letter, with
    `status` and `said`. `vouched` is what the trusted server found about the sender: pass, fail, or nothing;
    `stamped_at` when it took the mail. The first `own_lines` lines of the text are the sender's own, if
    the lines between `quoted_from` and `quoted_to` quote what the desk knows. `is_plain` tells that the text is no
    Markdown. `left_out` are
    names of files that were not kept, `defects` what was wrong with its structure.
    """

    sender: str = ""
    sender_name: str = ""
    subject: str = ""
    date: str = ""
    to: tuple[str, ...] = ()
    references: str = ""
    message_id: str = ""
    from_us: bool = False
    automatic: str = ""
    hint: str = ""
    absence: str = ""
    behind: str = ""
    is_given_back: bool = False
    given_back: str = ""
    status: str = ""
    said: str = ""
    vouched: str = ""
    stamped_at: str = ""
    text: str = ""
    is_plain: bool = False
    own_lines: int = 0
    quoted_from: int = 0
    quoted_to: int = 0
    files: tuple[FoundFile, ...] = ()
    left_out: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    refused: str = ""

    def as_json(self) -> str:
        """Return it on one line."""
        return json.dumps(asdict(self), ensure_ascii=True)

    @classmethod
    def of_json(cls, line: str) -> "Contents":
        """Return what a line says."""
        said = json.loads(line)
        files = tuple(FoundFile(**one) for one in said.pop("files"))
        to, left_out, defects = (tuple(said.pop(name)) for name in ("to", "left_out", "defects"))
        return cls(files=files, to=to, left_out=left_out, defects=defects, **said)

    @property
    def stamp(self) -> datetime | None:
        """Return when the trusted server took the mail, or None."""
        return datetime.fromisoformat(self.stamped_at) if self.stamped_at else None
