"""The tables of this room."""

from puntuale.people.models.audit import AuditEntry, AuditSeal
from puntuale.people.models.domain import DomainRule, OrganisationDomain
from puntuale.people.models.identity_provider import IdentityProvider
from puntuale.people.models.invitation import Invitation
from puntuale.people.models.organisation import Organisation
from puntuale.people.models.person import MANAGING_ROLES, VENDOR_ROLES, Person, Role
from puntuale.people.models.sign_up import JoinRequest, SignUp
from puntuale.people.models.token import Scope, Token

__all__ = [
    "MANAGING_ROLES",
    "VENDOR_ROLES",
    "AuditEntry",
    "AuditSeal",
    "DomainRule",
    "IdentityProvider",
    "Invitation",
    "JoinRequest",
    "Organisation",
    "OrganisationDomain",
    "Person",
    "Role",
    "Scope",
    "SignUp",
    "Token",
]
