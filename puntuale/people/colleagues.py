"""Inviting those who work for the vendor: they come in by a link that was sent to them."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from puntuale.people import company_email, membership
from puntuale.people.audit import record
from puntuale.people.models import Invitation, Person, Role
from puntuale.people.post import post
from puntuale.people.rights import roles_to_invite
from puntuale.people.roles import RoleRefused


def invite(*, to: str, role: Role, by: Person, at: datetime, address: str = "") -> str:
    """Return the secret of a link that was sent to a future colleague, and lets her in within a week, in that role.

    Older links to the same address stop working. Raises RoleRefused, NoAddress, NotPosted, TooMany.
    """
    if role not in roles_to_invite(by):
        raise RoleRefused("role.administrators_only" if by.manages else "role.managers_only")
    whose = company_email.read(to).text
    with transaction.atomic():
        made, secret = membership.made(None, whose, role, by=by, at=at)
        record("invited", by=by, about="the desk", at=at, address=address, invitation=made.pk, role=role.value)
        post(whose, *_letter(whose, secret, by))
    return secret


def invitations(*, at: datetime) -> QuerySet[Invitation]:
    """Return the links to colleagues that still work, the latest first."""
    waiting = Invitation.objects.filter(organisation=None, accepted_at=None, expires_at__gt=at).exclude(address="")
    return waiting.select_related("made_by").order_by("-pk")


def withdraw(invitation: Invitation, *, by: Person, at: datetime, address: str = "") -> None:
    """Let a link that was sent to a colleague work no more. Raises RoleRefused."""
    if Role(invitation.role) not in roles_to_invite(by):
        raise RoleRefused("role.managers_only")
    with transaction.atomic():
        if invitations(at=at).filter(pk=invitation.pk).update(expires_at=at):
            record("invitation_withdrawn", by=by, about="the desk", at=at, address=address, invitation=invitation.pk)


def _letter(address: str, secret: str, by: Person) -> tuple[str, str]:
    """Return the letter with the link, or, to somebody who has an account, one that says so."""
    if Person.objects.filter(email=address).exists():
        told = _("%(name)s wanted to invite you to the support desk. You have an account there already.")
        return _("You have an account already"), f"{told}\n" % {"name": by}
    told = _("%(name)s invites you to work at the support desk. This link works once, for seven days:")
    link = f"{settings.BASE_URL}/{by.language}/invitation/{secret}/"
    return _("You are invited to the support desk"), f"{told}\n\n{link}\n" % {"name": by}
