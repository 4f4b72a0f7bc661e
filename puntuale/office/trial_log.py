"""The log of another desk in the form of a trial: read, or refused in words and with the numbers of its rows."""

from datetime import datetime, tzinfo

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntuale.whatif.histories import ColumnsMissing, HistoryRefused
from puntuale.whatif.logs import BOUND, LogRefused, Told, taken

SHOWN = 10
MEGABYTE = 1024 * 1024


class Refused(ValueError):
    """A log that is not replayed, with why in the language of the reader; `lines` tell where, as the rules put it."""

    def __init__(self, said: str, lines: str = "") -> None:
        super().__init__(said)
        self.lines = lines


def read(file: "UploadedFile[bytes]", *, at: datetime, zone: tzinfo) -> Told:
    """Return what a log tells. Times without a zone are on the clock of `zone`. Raises Refused."""
    content = file.file
    assert content is not None
    try:
        return taken(content, file.size or 0, at=at, zone=zone)
    except LogRefused as problem:
        raise Refused(_said(problem), _lines(problem.lines)) from problem
    except ColumnsMissing as problem:
        said = _("The first line should name the columns. Missing: %(names)s.")
        raise Refused(said % {"names": ", ".join(problem.names)}) from problem
    except HistoryRefused as problem:
        raise Refused(_("We couldn't read this file as a table."), str(problem)) from problem


def _said(problem: LogRefused) -> str:
    if problem.rule == "rows":
        count = len(problem.lines)
        said = ngettext(
            "%(count)d row of this log cannot be replayed. Correct it, or take it out.",
            "%(count)d rows of this log cannot be replayed. Correct them, or take them out.",
            count,
        )
        return said % {"count": count}
    reasons = {
        "size": _("This log is too large: here it may have %(most)d MB. `puntuale what-if --input` reads any."),
        "empty": _("There is no ticket in this log."),
    }
    return reasons[problem.rule] % {"most": BOUND // MEGABYTE}


def _lines(lines: list[str]) -> str:
    """Return the first lines that were refused, and how many more there are."""
    more = len(lines) - SHOWN
    return "\n".join([*lines[:SHOWN], *([f"and {more} more"] if more > 0 else [])])
