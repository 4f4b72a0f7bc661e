"""Why something about being on call is refused, told to an agent."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puntuale.oncall.acknowledging import NothingToAcknowledge
from puntuale.oncall.contacts import ContactRefused
from puntuale.oncall.rotas import SpanRefused
from puntuale.tickets.rights import NotAManager

RULES = {
    "span.unreadable": gettext_lazy("Please give a day and a time."),
    "span.ends_after_start": gettext_lazy("It has to end after it begins."),
    "span.over": gettext_lazy("That time is over already."),
    "span.too_far": gettext_lazy("That is more than two years ahead."),
    "swap.two_people": gettext_lazy("A swap needs the turns of two people."),
    "swap.apart": gettext_lazy("These two turns overlap, so they cannot be swapped."),
    "swap.changed": gettext_lazy("The rota has changed meanwhile. Please choose the turns again."),
    "contact.channel": gettext_lazy("Please choose how you want to be reached."),
    "contact.too_many": gettext_lazy("You have ten ways already. Please remove one first."),
    "contact.too_often": gettext_lazy("Too many tries. Please wait a while, and try again."),
    "contact.too_long": gettext_lazy("This address is too long."),
    "contact.there_already": gettext_lazy("You have this way already."),
    "contact.proved_already": gettext_lazy("This way is proved already."),
    "contact.wait": gettext_lazy("A code was sent a moment ago. Please wait for half a minute."),
    "contact.code_old": gettext_lazy("This code does not hold any more. Please have another one sent."),
    "contact.code_wrong": gettext_lazy("That is not the code that was sent."),
    "contact.not_there": gettext_lazy("This way is not there any more."),
    "address.email": gettext_lazy("That is not an e-mail address."),
    "address.web": gettext_lazy("A webhook is an address that begins with https://."),
    "address.service": gettext_lazy("That is not an address of such a service. Examples stand below the field."),
    "address.private": gettext_lazy(
        "This address leads to a private network. Use one that can be reached from the internet."
    ),
    "address.parameter": gettext_lazy(
        "This address has settings that aren't supported here. Remove them after the “?”."
    ),
    "address.service_parts": gettext_lazy("Something is missing in this address. Examples stand below the field."),
}

REFUSALS = (SpanRefused, ContactRefused, NothingToAcknowledge, NotAManager)
"""What verbs raise when they refuse something on this page."""


def told(problem: Exception) -> str:
    """Return in words why it cannot be done."""
    if isinstance(problem, NothingToAcknowledge):
        return _("Nothing is left to do there: somebody has answered, or the promise has ended.")
    if isinstance(problem, SpanRefused | ContactRefused):
        return str(RULES[problem.rule])
    return _("Only managers arrange time off for others.")
