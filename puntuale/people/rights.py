"""Who may say who else comes in, into an organisation and to the desk, and who counts as a second person."""

from datetime import datetime

from django.db.models import Q

from puntuale.people.models import VENDOR_ROLES, AuditEntry, Organisation, Person, Role

ROLES_WITHIN = (Role.CUSTOMER, Role.ORGANISATION_ADMIN)
"""The roles that people have in an organisation."""


def may_administer(person: Person, organisation: Organisation) -> bool:
    """Tell whether somebody says who belongs to an organisation: its own administrators, and managers."""
    if not person.is_active:
        return False
    return person.manages or (person.role == Role.ORGANISATION_ADMIN and person.organisation_id == organisation.pk)


def may_make_administrators(by: Person) -> bool:
    """Tell whether somebody may let others administer the desk: an administrator, or a manager while there is none."""
    administrators = Person.objects.filter(role=Role.ADMINISTRATOR, left_at=None)
    return by.role == Role.ADMINISTRATOR or not administrators.exists()


def roles_to_invite(by: Person) -> list[Role]:
    """Return the roles in which somebody may invite colleagues: none unless they manage."""
    if not (by.manages and by.is_active):
        return []
    return [Role(role) for role in VENDOR_ROLES if role != Role.ADMINISTRATOR or may_make_administrators(by)]


def may_invite(by: Person, role: Role, organisation: Organisation | None) -> bool:
    """Tell whether somebody may let others in by a link: into an organisation, or to the desk where there is none."""
    if organisation is None:
        return role in roles_to_invite(by)
    return role in ROLES_WITHIN and may_administer(by, organisation)


def are_two(one: Person, other: Person, *, since: datetime) -> bool:
    """Tell whether two accounts are two persons: neither got its address from the other since an instant.

    Whoever gave a colleague an address of their own could be both.
    """
    repaired = AuditEntry.objects.filter(action="row_repaired", at__gte=since, details__fields__contains="email")
    by_each_other = Q(by=one, about=f"person {other.pk}") | Q(by=other, about=f"person {one.pk}")
    return one.pk != other.pk and not repaired.filter(by_each_other).exists()
