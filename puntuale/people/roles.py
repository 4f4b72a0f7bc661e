"""Who may do what: changing the role of a person, and letting her go. What she had open ends with it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from puntuale.people import audit, revocation
from puntuale.people.models import VENDOR_ROLES, Person, Role
from puntuale.people.rights import may_make_administrators


class RoleRefused(PermissionError):
    """A role that cannot be given or taken, with the rule that says why."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def roles_for(person: Person, *, by: Person) -> list[Role]:
    """Return the roles that somebody may give a person, her present one included: none for herself."""
    if _refusal(person, by) is not None:
        return []
    same_side = [role for role in Role if (role in VENDOR_ROLES) == person.works_for_vendor]
    return [role for role in same_side if role is not Role.ADMINISTRATOR or may_make_administrators(by)]


def give_role(person: Person, role: Role, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return the person in another role; whoever is signed in as her is signed out.

    Nobody changes her own role, only administrators make administrators (and managers, as long as there is none), and
    the last one stays. Customers do not become colleagues: they belong to their organisation. Raises RoleRefused.
    """
    with transaction.atomic():
        row = _locked(person, by)
        if role not in roles_for(row, by=by):
            crosses = (role in VENDOR_ROLES) != row.works_for_vendor
            raise RoleRefused("role.other_side" if crosses else "role.administrators_only")
        was = row.role
        if was != role:
            row.role = role
            row.save(update_fields=["role"])
            about = audit.about(row)
            audit.record("person_role_changed", by=by, at=at, about=about, address=address, was=was, now=role.value)
            if revocation.is_lower(role, was):
                revocation.revoke_access(row, by=by, at=at, address=address)
        return row


def leave(person: Person, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return the person, who may not log in any more, nor their programs, nor whom they invited; what they wrote stays.

    Raises RoleRefused.
    """
    with transaction.atomic():
        row = _locked(person, by)
        revocation.end_account(row, by=by, at=at, address=address)
        return row


def come_back(person: Person, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return the person, who may log in again. Raises RoleRefused."""
    with transaction.atomic():
        row = _locked(person, by)
        if row.left_at is not None:
            row.left_at = None
            row.save(update_fields=["left_at"])
            audit.record("person_came_back", by=by, at=at, about=audit.about(row), address=address, role=row.role)
        return row


def _locked(person: Person, by: Person) -> Person:
    """Return the person's row, locked along with all administrators', so that two cannot both let the last one go."""
    list(Person.objects.select_for_update(no_key=True).filter(role=Role.ADMINISTRATOR).order_by("pk"))
    row = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    rule = _refusal(row, by)
    if rule is not None:
        raise RoleRefused(rule)
    return row


def _refusal(person: Person, by: Person) -> str | None:
    if not (by.manages and by.is_active):
        return "role.managers_only"
    if person.pk == by.pk:
        return "role.own"
    if person.is_erased:
        return "role.erased"
    if person.role == Role.ADMINISTRATOR:
        if by.role != Role.ADMINISTRATOR:
            return "role.administrators_only"
        if person.is_active and _administrators().exclude(pk=person.pk).count() == 0:
            return "role.last_administrator"
    return None


def _administrators() -> QuerySet[Person]:
    return Person.objects.filter(role=Role.ADMINISTRATOR, left_at=None)
