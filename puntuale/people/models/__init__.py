"""The tables of this room."""

from puntuale.people.models.audit import AuditEntry, AuditSeal
from puntuale.people.models.invitation import Invitation
from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import MANAGING_ROLES, VENDOR_ROLES, Person, Role

__all__ = ["MANAGING_ROLES", "VENDOR_ROLES", "AuditEntry", "AuditSeal", "Invitation", "Organisation", "Person", "Role"]
