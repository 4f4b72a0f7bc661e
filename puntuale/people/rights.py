"""Who may say who else comes in, into an organisation and to the desk, and who counts as a second person."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from puntuale.people.models import VENDOR_ROLES, AuditEntry, Invitation, Organisation, Person, Role

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
    """Tell whether two accounts are two persons: neither let the other in, nor gave it its address, since an instant.

    Whoever let an account in by an invitation of theirs, or by hand, could be behind both; so could somebody who let
    in both of them, or those who did. Administrators vouch for whom they let in, but not for an account that they are
    to be a second person with, so that one of them can always be it.
    """
    if one.pk == other.pk or one.pk in _let_in_by([other.pk], since) or other.pk in _let_in_by([one.pk], since):
        return False
    if Role.ADMINISTRATOR in (one.role, other.role):
        return True
    return _behind(one, since).isdisjoint(_behind(other, since))


def _behind(person: Person, since: datetime) -> set[int]:
    """Return an account with whoever could be behind it: who let it in since an instant, and who let those in."""
    found, latest = {person.pk}, {person.pk}
    while latest:
        makers = Person.objects.filter(pk__in=_let_in_by(latest, since)).exclude(role=Role.ADMINISTRATOR)
        latest = set(makers.values_list("pk", flat=True)) - found
        found |= latest
    return found


def _let_in_by(accounts: Collection[int], since: datetime) -> set[int]:
    """Return the accounts whose invitations some others accepted since an instant, or who added or readdressed them."""
    accepted = Invitation.objects.filter(accepted_by__in=accounts, accepted_at__gte=since, made_by__isnull=False)
    by_hand = AuditEntry.objects.filter(
        Q(action="row_added") | Q(action="row_repaired", details__fields__contains="email"),
        about__in=[f"person {account}" for account in accounts],
        at__gte=since,
        by__isnull=False,
    )
    return {*accepted.values_list("made_by", flat=True), *by_hand.values_list("by", flat=True)}
