"""Taking in organisations, and what they are called."""

from datetime import datetime

from django.db import IntegrityError, transaction

from puntuale.guarantee.visible import one_line
from puntuale.people import audit
from puntuale.people.models import Organisation, Person

LONGEST_NAME = 200


class NameRefused(ValueError):
    """A name that an organisation cannot have, with the rule that says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def found(*, name: str, by: Person, at: datetime, address: str = "") -> Organisation:
    """Return a new organisation. Raises NameRefused."""
    return _named(Organisation(joined_at=at), "organisation_founded", name, by=by, at=at, address=address)


def rename(organisation: Organisation, *, name: str, by: Person, at: datetime, address: str = "") -> Organisation:
    """Return an organisation with another name. Raises NameRefused."""
    return _named(organisation, "organisation_renamed", name, by=by, at=at, address=address)


def _named(
    organisation: Organisation, action: str, name: str, *, by: Person, at: datetime, address: str
) -> Organisation:
    said = one_line(name)
    if not said or len(said) > LONGEST_NAME:
        raise NameRefused("name.length")
    was, organisation.name = organisation.name, said
    if was == said:
        return organisation
    try:
        with transaction.atomic():
            organisation.save()
            audit.record(action, by=by, at=at, about=f"organisation {organisation.pk}", address=address)
    except IntegrityError as problem:
        raise NameRefused("name.taken") from problem
    return organisation
