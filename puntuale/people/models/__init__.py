"""The tables of this room."""

from puntuale.people.models.invitation import Invitation
from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import Person, Role

__all__ = ["Invitation", "Organisation", "Person", "Role"]
