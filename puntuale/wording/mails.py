"""Why a mail became no message, in words."""

from puntuale.guarantee.marking import gettext_noop
from puntuale.wording.languages import words

REASONS = {
    # Nobody wrote it.
    "report": gettext_noop("a report of a mail server"),
    "null_path": gettext_noop("sent so that no answer comes"),
    "auto_submitted": gettext_noop("says that no person wrote it"),
    "bulk": gettext_noop("sent in bulk"),
    "machine": gettext_noop("written by a program"),
    "list": gettext_noop("from a mailing list"),
    "no_person": gettext_noop("from an address that nobody reads"),
    "absence": gettext_noop("a notice of absence"),
    "failure": gettext_noop("a notice that a letter did not arrive"),
    "bounce": gettext_noop("a letter that came back"),
    "from_us": gettext_noop("from ourselves"),
    "came_before": gettext_noop("came before by another way"),
    "other_letter": gettext_noop("answers a letter that asks for no answer"),
    # It only looks like that, or comes by a list that writes itself into From.
    "rewritten": gettext_noop("sent by our mailing list for this address"),
    "behind": gettext_noop("gives this address only as the one to reply to"),
    "echo": gettext_noop("names a ticket that the sender has just opened"),
    "often": gettext_noop("several new tickets from this sender within an hour"),
    # Somebody is to look.
    "no_sender": gettext_noop("it is not clear who sent it"),
    "stranger": gettext_noop("we do not know the sender"),
    "stranger_with_our_seal": gettext_noop("somebody we do not know answers a letter that went to another"),
    "left": gettext_noop("the sender has no account any more"),
    "forged": gettext_noop("the mail server says that the sender is forged"),
    "not_a_participant": gettext_noop("the sender takes no part in the ticket"),
    "letter_of_another": gettext_noop("answers a letter that went to another, and nothing proves who sent it"),
    "agent_unproven": gettext_noop("from one of ours, and nothing proves it"),
    "from_the_desk": gettext_noop("from one of ours, and answers no ticket"),
    "too_many": gettext_noop("too many mails in an hour"),
    "ticket_over": gettext_noop("its ticket was closed for good"),
    "empty": gettext_noop("it is empty"),
    "headers_too_long": gettext_noop("its header is too long"),
    "too_many_parts": gettext_noop("it has too many parts"),
    "too_deep": gettext_noop("its parts are nested too deeply"),
    "too_many_recipients": gettext_noop("it is addressed to too many"),
    "too_large": gettext_noop("it is too large, and is still in the mailbox"),
    # It was opened nevertheless.
    "thread_denied": gettext_noop("answers a ticket in which the sender takes no part"),
    # Somebody looked.
    "spam": gettext_noop("nobody asked for it"),
    "not_ours": gettext_noop("not for us"),
    "done": gettext_noop("done in another way"),
}
"""Each by the code that the mail's row has."""


def why(code: str, language: str) -> str:
    """Return a reason in words, or its code where it has none."""
    said = REASONS.get(code)
    return words(language).gettext(said) if said else code
