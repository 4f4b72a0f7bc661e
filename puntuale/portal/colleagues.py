"""Colleagues of a customer, as she names them: by e-mail address, several at once."""

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from puntuale.people.email import normalised
from puntuale.people.models import Person

MOST_SUGGESTED = 100
MOST_NAMED = 20


class UnknownColleagues(ValueError):
    """Addresses that nobody in the organisation has, or too many of them. `text` says so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def colleagues(person: Person) -> QuerySet[Person]:
    """Return the other people of somebody's organisation who can read along."""
    return Person.objects.filter(organisation=person.organisation_id, left_at=None).exclude(pk=person.pk)


def named(person: Person, written: str) -> list[Person]:
    """Return the colleagues whose addresses stand in a text, by commas or spaces. Raises UnknownColleagues."""
    words = re.split(r"[\s,;\0]+", written)
    addresses = list(dict.fromkeys(normalised(word) for word in words if word))
    if len(addresses) > MOST_NAMED:
        raise UnknownColleagues(_("At most %(count)d colleagues can be added at once.") % {"count": MOST_NAMED})
    found = {one.email: one for one in colleagues(person).filter(email__in=addresses)}
    missing = [address for address in addresses if address not in found]
    if missing:
        said = _("Nobody else in your organisation has the address %(address)s.")
        raise UnknownColleagues(said % {"address": ", ".join(missing)})
    return [found[address] for address in addresses]
