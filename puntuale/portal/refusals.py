"""Why something a customer wanted cannot be done, in words, and with which status a page says so."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.looks.files import why_files_refused
from puntuale.looks.requests import language
from puntuale.looks.words import why_refused, why_spent, why_too_many
from puntuale.tickets.attachments import FilesRefused
from puntuale.tickets.classification import AlreadyDecided, DisagreedAlready, NotARaise, NotOpen
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Attachment
from puntuale.tickets.once import KeySpent
from puntuale.tickets.resolution import TooLateToReopen
from puntuale.tickets.rights import ClosedForGood
from puntuale.tickets.texts import TextRefused
from puntuale.tickets.waiting import NotAnsweredYet

CANNOT_BE_TAKEN = (TextRefused, FilesRefused, KeySpent, PriorityBarred, UnknownTerm, NotARaise, TooMany)
"""What the customer can put right: the page says what, and keeps what she wrote (422)."""

_MEANWHILE: dict[type[Exception], str] = {
    ClosedForGood: gettext_noop("This ticket is closed for good."),
    TooLateToReopen: gettext_noop("It is too late to reopen this ticket. Write to us, and a new one is opened."),
    NotOpen: gettext_noop("This ticket is no longer open."),
    AlreadyDecided: gettext_noop("We are looking at your earlier report already."),
    DisagreedAlready: gettext_noop("You have disagreed with this change already."),
    NotAnsweredYet: gettext_noop("Nobody has answered this ticket yet."),
}
MEANWHILE = tuple(_MEANWHILE)
"""What has come to be since the page was loaded: the page is shown as it is now (409)."""


@dataclass(frozen=True, slots=True)
class Box:
    """What somebody wrote in one of a page's boxes and could not be taken: text, choice, files, and why not.

    `key` is what the form is sent with, `version` that of the draft in it; `is_again` tells that what was sent
    stands in it.
    """

    text: str = ""
    chosen: str = ""
    problems: Sequence[str] = ()
    files: Sequence[Attachment] = ()
    key: UUID = field(default_factory=uuid4)
    version: str = ""
    is_again: bool = False


def why(problem: Exception) -> str:
    """Return in words why something cannot be taken, or what has come to be meanwhile."""
    for kind, tell in _TOLD.items():
        if isinstance(problem, kind):
            return tell(problem)
    if isinstance(problem, UnknownTerm | NotARaise):
        return _("Please choose one of these priorities.")
    return _(_MEANWHILE[type(problem)])


def why_barred(problem: PriorityBarred) -> str:
    """Return why a priority cannot be chosen where the problem shows, what it means, and which ones can."""
    offers = [f"{one.key} \N{MIDDLE DOT} {one.name.in_language(language())}" for one in problem.offers]
    return _("Priority %(priority)s is not available for %(environment)s. %(meaning)s You can choose: %(offers)s.") % {
        "priority": problem.priority.key,
        "environment": problem.environment.name.in_language(language()),
        "meaning": problem.priority.meaning.in_language(language()),
        "offers": ", ".join(offers),
    }


_TOLD: Mapping[type[Exception], Callable[..., str]] = {
    TextRefused: why_refused,
    FilesRefused: why_files_refused,
    KeySpent: why_spent,
    PriorityBarred: why_barred,
    TooMany: why_too_many,
}
