"""Files that come with a form: taken in, told why not, and still there when the form is shown again."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from puntuale.looks import throttling
from puntuale.looks.requests import Admitted
from puntuale.looks.words import minutes_of
from puntuale.tickets import attachments
from puntuale.tickets.attachments import MOST_A_MESSAGE, FileRefused, FilesRefused
from puntuale.tickets.models import Attachment


@dataclass(slots=True)
class SentFiles:
    """The files of a form: their keys, and in words what is wrong with others, a sentence a file."""

    keys: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def kept(self, request: Admitted) -> Sequence[Attachment]:
        """Return those that are taken in and not sent yet, to be shown with the form again."""
        return list(attachments.unsent(request.person, self.keys)) if self.keys else []


def sent_files(request: Admitted) -> SentFiles:
    """Return the files of a form: those uploaded ahead by their keys, and those that came with it, taken in now.

    A file that cannot be taken leaves the others alone.
    """
    found = SentFiles(keys=[key for key in request.POST.getlist("files") if key][: MOST_A_MESSAGE + 1])
    for sent in request.FILES.getlist("file"):
        if len(found.keys) >= MOST_A_MESSAGE:
            found.problems.append(why_files_refused(FilesRefused("files.too_many")))
            break
        try:
            kept = attachments.take_in(sent.name or "", sent.chunks(), by=request.person, at=request.at)
        except FileRefused as problem:
            found.problems.append(why_file_refused(problem))
            tell_when(request, problem)
        else:
            found.keys.append(kept.key)
    return found


def why_file_refused(problem: FileRefused) -> str:
    """Return in words why a file cannot be taken."""
    if problem.rule == "file.empty":
        return _("%(name)s is empty.") % {"name": problem.name}
    if problem.rule == "file.too_large":
        limit = filesizeformat(problem.details["limit"])
        return _("%(name)s is too large; at most %(limit)s can be sent.") % {"name": problem.name, "limit": limit}
    if problem.rule == "file.too_many":
        wait = minutes_of(problem.details["seconds"])
        said = _(
            "%(name)s was not uploaded: too many files were uploaded within an hour. Try again in %(minutes)s min."
        )
        return said % {"name": problem.name, "minutes": wait}
    return _("%(name)s is a program and cannot be sent as it is. Put it into a ZIP file.") % {"name": problem.name}


def tell_when(request: HttpRequest, problem: FileRefused) -> None:
    """Let the answer say when to come back, where a file was only one too many."""
    if "seconds" in problem.details:
        throttling.refuse(request, problem.details["seconds"])


def why_files_refused(problem: FilesRefused) -> str:
    """Return in words why these files cannot go with a message."""
    if problem.rule == "files.too_many":
        return _("At most %(count)d files can go with one message.") % {"count": MOST_A_MESSAGE}
    return _("One of the files is no longer there. Please attach it again.")
