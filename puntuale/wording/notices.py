"""What customers are told when something changes: suggestions in their language, which agents edit before sending."""

from puntuale.guarantee.marking import gettext_noop
from puntuale.wording.languages import words

GROUNDS = {
    "not_production": gettext_noop("Not in production"),
    "how_to": gettext_noop("A question on how to do something"),
    "workaround": gettext_noop("There is a workaround"),
    "impact_fell": gettext_noop("The impact fell"),
    "impact_grew": gettext_noop("The impact grew"),
    "duplicate": gettext_noop("Another ticket covers it"),
    "our_mistake": gettext_noop("Our mistake"),
    "other": gettext_noop("Another reason"),
}
"""The reasons for changing a priority, by key."""

SUGGESTIONS = {
    "not_production": gettext_noop(
        "This happens outside production, and priority %(was)s is for production only. We now treat your ticket as"
        " priority %(to)s. If it does concern production, please tell us."
    ),
    "how_to": gettext_noop(
        "As far as we can see everything works, and this is a question on how to do something. We now treat your ticket"
        " as priority %(to)s."
    ),
    "workaround": gettext_noop(
        "There is a way to go on working until this is solved, so we now treat your ticket as priority %(to)s. If the"
        " workaround does not help you, please tell us."
    ),
    "impact_fell": gettext_noop(
        "The impact is smaller than at first, so we now treat your ticket as priority %(to)s. If it grows again, please"
        " tell us."
    ),
    "impact_grew": gettext_noop(
        "The impact is larger than at first, so we now treat your ticket as priority %(to)s and answer sooner."
    ),
    "duplicate": gettext_noop(
        "Another ticket of yours covers the urgent part, so we treat this one as priority %(to)s."
    ),
    "our_mistake": gettext_noop("We set the wrong priority for your ticket. It is now priority %(to)s. We are sorry."),
    "other": gettext_noop("We now treat your ticket as priority %(to)s, because "),
}

CANCELLATIONS = {
    "spam": gettext_noop("Not a request"),
    "duplicate": gettext_noop("Another ticket covers it"),
    "withdrawn": gettext_noop("The customer withdrew it"),
    "other": gettext_noop("Another reason"),
}
"""The reasons for cancelling a ticket, by key."""


def grounds(key: str, language: str) -> str:
    """Return a reason for a change of priority in a few words."""
    return words(language).gettext(GROUNDS[key])


def suggestion(key: str, language: str, *, was: str, to: str) -> str:
    """Return what a customer may be told about a change of priority. `was` and `to` name the priorities."""
    return words(language).gettext(SUGGESTIONS[key]) % {"was": was, "to": to}


def cancellation(key: str, language: str) -> str:
    """Return a reason for cancelling a ticket in a few words."""
    return words(language).gettext(CANCELLATIONS[key])
