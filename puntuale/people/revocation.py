"""Ending what somebody could come back by, when they leave, are given less to do, or are erased.

Whoever had a right may have kept what it was used for: a link for a friend, a token, a server that vouches for others.
Secrets that are rows end here; links that are only signed are bound to `Person.credentials_from`, so that none of
those made before is good any more.
"""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntuale.people import audit, tokens
from puntuale.people.models import MANAGING_ROLES, IdentityProvider, Invitation, Organisation, Person, Role
from puntuale.people.post import later
from puntuale.people.rights import may_administer, may_invite

RANK = {Role.CUSTOMER: 0, Role.ORGANISATION_ADMIN: 1, Role.AGENT: 0, Role.MANAGER: 1, Role.ADMINISTRATOR: 2}
"""How much a role may do, among the roles of the same side."""

Subscriber = Callable[[Person, datetime], object]
subscribers: list[Subscriber] = []
"""Rooms above that keep secrets of people, told in the transaction. Wired where everything is put together."""


def is_lower(role: str, than: str) -> bool:
    """Tell whether a role may do less than another one."""
    return RANK[Role(role)] < RANK[Role(than)]


def revoke_access(person: Person, *, by: Person | None, at: datetime, address: str = "") -> None:
    """End everything that somebody got or set up by rights that they have no more.

    `person` is as they are from now on. What they may still do stays: a manager who was an administrator keeps
    invitations that managers may make.
    """
    renew_credentials(person, at=at)
    ended = {
        "tokens": tokens.revoke_all(person, by=by, at=at),
        "invitations": _end_invitations(person, at),
        "sign_on": [_end_sign_on(one, person, at) for one in _servers_of(person)],
    }
    if any(ended.values()):
        audit.record("access_revoked", by=by, about=audit.about(person), at=at, address=address, **ended)
    for subscriber in subscribers:
        subscriber(person, at)


def end_account(person: Person, *, by: Person, at: datetime, address: str = "") -> None:
    """Let somebody sign in no more, by whatever they could come back by. `person` is their locked row."""
    if person.left_at is None:
        person.left_at = at
        person.save(update_fields=["left_at"])
        audit.record("person_left", by=by, at=at, about=audit.about(person), address=address, role=person.role)
        revoke_access(person, by=by, at=at, address=address)


def renew_credentials(person: Person, *, at: datetime) -> None:
    """Let no session and no signed link be good that somebody got before."""
    person.credentials_from = at
    person.save(update_fields=["credentials_from"])


def tell_old_address(before: Person, *, by: Person) -> None:
    """Tell the address that somebody had that it is theirs no more, so that a take-over does not go unseen."""
    with override(before.language):
        told = _(
            "%(name)s changed the email address of your account on the support desk. You have been signed out"
            " everywhere, and this address can no longer be used to sign in. If you did not ask for this, reply to this"
            " email or call us right away."
        ) % {"name": by}
        later(before.email, _("The email address of your account was changed"), f"{told}\n\n{settings.BASE_URL}/\n")


def _end_invitations(person: Person, at: datetime) -> int:
    waiting = Invitation.objects.filter(made_by=person, accepted_at=None, expires_at__gt=at)
    lost = [
        one.pk
        for one in waiting.select_related("organisation")
        if not may_invite(person, Role(one.role), one.organisation)
    ]
    return Invitation.objects.filter(pk__in=lost).update(expires_at=at)


def _servers_of(person: Person) -> list[IdentityProvider]:
    """Return the servers that somebody set up and may set up no more. By such a server they say who is who."""
    found = IdentityProvider.objects.filter(added_by=person, retired_at=None).select_related("organisation")
    return [one for one in found if not _may_have(person, one.organisation)]


def _may_have(person: Person, organisation: Organisation | None) -> bool:
    return may_administer(person, organisation) if organisation else person.is_active and person.manages


def _end_sign_on(provider: IdentityProvider, person: Person, at: datetime) -> str:
    """Let a server speak for nobody, and tell those who can set up another one. Return its key."""
    IdentityProvider.objects.filter(pk=provider.pk).update(retired_at=at)
    for one in administrators_of(provider.organisation):
        with override(one.language):
            told = _(
                "Single sign-on of %(organisation)s has been switched off, because %(name)s, who set it up, no longer"
                " manages it and may still know its secret. Until somebody sets it up again, people sign in with a"
                " password or a code by email."
            ) % {"organisation": provider.organisation or _("the support desk"), "name": person}
            link = f"{settings.BASE_URL}/"
            later(one.email, _("Single sign-on has been switched off"), f"{told}\n\n{link}\n")
    return provider.key


def administrators_of(organisation: Organisation | None) -> list[Person]:
    """Return who looks after an organisation: its administrators, or the managers where it has none."""
    active = Person.objects.filter(left_at=None)
    own = active.filter(organisation=organisation, role=Role.ORGANISATION_ADMIN)
    return list(own) or list(active.filter(role__in=MANAGING_ROLES))
