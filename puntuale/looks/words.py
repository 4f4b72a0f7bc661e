"""The form of one message, and how a text that cannot be taken is told."""

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puntuale.tickets.limits import TooMany
from puntuale.tickets.once import KeySpent
from puntuale.tickets.priorities import ReasonContradicts
from puntuale.tickets.texts import TextRefused


class Words(forms.Form):
    """A message."""

    body = forms.CharField(strip=False)

    def refuse(self, problem: TextRefused) -> None:
        """Tell why the text cannot be taken."""
        self.add_error("body", why_refused(problem))


def why_refused(problem: TextRefused) -> str:
    """Return in words why a text cannot be taken, with the limit and the length it has."""
    if problem.rule == "text.empty":
        return _("Please write something here.")
    if problem.rule == "text.unstorable":
        return unstorable()
    if problem.rule == "text.says_nothing":
        return _("This says nothing yet: quotes, signatures and empty markup don't count. Please write your answer.")
    limit = problem.details["limit"]
    said = ngettext(
        "This text has %(length)s characters; at most %(limit)s character fits.",
        "This text has %(length)s characters; at most %(limit)s characters fit.",
        limit,
    )
    return said % {"length": _grouped(problem.details["length"]), "limit": _grouped(limit)}


def unstorable() -> str:
    """Return in words why a text cannot be kept as it is."""
    return _("This text contains a character that can't be saved (a null character or an incomplete one). Remove it.")


def why_spent(_problem: KeySpent) -> str:
    """Return in words why a form cannot be sent once more with something else in it. It is shown with a fresh key."""
    return _("This form was used for another message already. If this is a further one, please send it again.")


def why_contradicting(problem: ReasonContradicts) -> str:
    """Return in words why a reason cannot be the one for a change of priority."""
    if problem.rule == "environment":
        return _("The reason says “not in production”, and production is selected. Please change one of them.")
    return _("This reason doesn't fit: it speaks for the opposite change. Please choose another one.")


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)


def why_too_many(problem: TooMany) -> str:
    """Return in words why no further ticket or message is taken just now, and what can be done meanwhile."""
    if problem.what == "messages":
        return _("Too many requests. Please wait.")
    told = {"limit": problem.limit, "minutes": minutes_of(problem.seconds)}
    if problem.what == "urgent":
        said = _(
            "%(limit)s tickets of the most urgent priority were sent within the last hour. Choose a lower priority,"
            " reply to one of these tickets, or try again in %(minutes)s min."
        )
    elif problem.is_of_all:
        said = _(
            "Your organisation sent %(limit)s tickets within the last hour. Reply to one of them, or try again in"
            " %(minutes)s min. You can still send tickets of the most urgent priority."
        )
    else:
        said = _(
            "You sent %(limit)s tickets within the last hour. Reply to one of them, or try again in %(minutes)s min."
            " You can still send tickets of the most urgent priority."
        )
    return said % told


def minutes_of(seconds: int) -> int:
    """Return a wait in whole minutes, at least one."""
    return max(1, -(-seconds // 60))
