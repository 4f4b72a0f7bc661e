"""Why a verb refused something, told to an agent."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.guarantee.facts import Phase
from puntuale.looks.files import why_files_refused
from puntuale.looks.requests import language
from puntuale.looks.words import why_contradicting, why_refused, why_spent
from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.tickets.attachments import FilesRefused
from puntuale.tickets.classification import AlreadyDecided, SecondPersonNeeded
from puntuale.tickets.merging import CannotMerge
from puntuale.tickets.once import KeySpent
from puntuale.tickets.priorities import NoChange, PriorityChanged, ReasonContradicts
from puntuale.tickets.resolution import NotADuplicate
from puntuale.tickets.rights import ClosedForGood, NotAManager, NotTheCustomer
from puntuale.tickets.saved_filters import TooManyFilters
from puntuale.tickets.saved_replies import VARIABLES, TitleTaken, UnknownVariable
from puntuale.tickets.splitting import NotACustomersMessage
from puntuale.tickets.texts import TextRefused
from puntuale.tickets.waiting import NotAnsweredYet

MEANWHILE = (ClosedForGood, AlreadyDecided, PriorityChanged, SecondPersonNeeded, NothingToAcknowledge)
"""Refusals because somebody else was faster."""

NOT_ALLOWED = (NotAManager, NotTheCustomer)
"""Refusals because of who asks, or who is asked for."""


def told(problem: Exception) -> str:
    """Return in words why it cannot be done."""
    return next(tell(problem) for kind, tell in _TOLD.items() if isinstance(problem, kind))


def variables() -> list[str]:
    """Return the variables of saved replies, as they are written there."""
    return ["{{ " + name + " }}" for name in VARIABLES]


def status_of(problem: Exception) -> int:
    """Return the status of the page that tells it."""
    if isinstance(problem, MEANWHILE):
        return 409
    return 403 if isinstance(problem, NOT_ALLOWED) else 422


def _closed(problem: ClosedForGood) -> str:
    if problem.phase is Phase.MERGED:
        return _("This ticket was merged into another one meanwhile. Please go on there.")
    return _("This ticket is cancelled. Bring it back first.")


def _barred(problem: PriorityBarred) -> str:
    return _("Priority %(priority)s is not available for %(environment)s. Possible: %(offers)s.") % {
        "priority": problem.priority.key,
        "environment": problem.environment.name.in_language(language()),
        "offers": ", ".join(one.key for one in problem.offers),
    }


def _not_merged(problem: CannotMerge) -> str:
    return {
        "same": _("A ticket cannot be merged into itself."),
        "organisation": _("Only tickets of the same organisation can be merged."),
        "closed": _("Tickets that were merged or cancelled cannot be merged."),
        "not_merged": _("This ticket is not merged into another one."),
    }[problem.rule]


def _unknown_variable(problem: UnknownVariable) -> str:
    return _("There is no variable “%(name)s”. There are: %(there_are)s.") % {
        "name": problem.name,
        "there_are": ", ".join(variables()),
    }


def _simply(sentence: Callable[[], str]) -> Callable[[Exception], str]:
    return lambda _problem: sentence()


_TOLD: dict[type[Exception], Callable[..., str]] = {
    TextRefused: why_refused,
    FilesRefused: why_files_refused,
    ClosedForGood: _closed,
    PriorityBarred: _barred,
    CannotMerge: _not_merged,
    UnknownVariable: _unknown_variable,
    KeySpent: why_spent,
    ReasonContradicts: why_contradicting,
    PriorityChanged: _simply(lambda: _("The priority of this ticket was changed meanwhile. Please look again.")),
    UnknownTerm: _simply(lambda: _("Please choose one of these.")),
    NoChange: _simply(lambda: _("The ticket has this priority already.")),
    SecondPersonNeeded: _simply(
        lambda: _("A lowering of this ticket waits for a manager already. Until it is decided the promise stays.")
    ),
    AlreadyDecided: _simply(lambda: _("Somebody has decided this a moment ago.")),
    NotAnsweredYet: _simply(lambda: _("Nobody has answered the customer yet. Please answer first.")),
    NotADuplicate: _simply(lambda: _("Please give the number of another ticket of the same organisation.")),
    NotAManager: _simply(lambda: _("A manager decides this, and not whoever proposed it.")),
    NotTheCustomer: _simply(lambda: _("Only people of the customer's organisation can read along.")),
    NotACustomersMessage: _simply(lambda: _("Only what the customer wrote can become a ticket of its own.")),
    TitleTaken: _simply(lambda: _("Another saved reply has this title.")),
    TooManyFilters: _simply(lambda: _("You have many filters already. Please delete one first.")),
}

REFUSALS = tuple(_TOLD)
"""What verbs raise when they refuse something that an agent asked for."""
