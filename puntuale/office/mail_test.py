"""A letter to whoever asks for one, to see whether mail works, in the server's own words."""

from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from puntuale.people.models import Person
from puntuale.sending.letters import Letter
from puntuale.sending.transports import NotDelivered, Undeliverable, email


def send(person: Person) -> str:
    """Return nothing when the mail server took a letter to a person, else what is wrong, in its own words."""
    if not settings.EMAIL_IS_SET:
        return _("No mail server is set: set PUNTUALE_SMTP and start anew.")
    letter = Letter(_("Mail from your desk works"), _("You asked for this letter on the page Settings.") + "\n")
    try:
        email.send(person.email, letter, uuid4())
    except (NotDelivered, Undeliverable) as problem:
        return str(problem)
    return ""
