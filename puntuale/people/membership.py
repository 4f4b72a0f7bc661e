"""Who belongs to an organisation: requests to join it, invitations, and who of its people administers it."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from puntuale.guarantee.visible import one_line
from puntuale.people import company_email, revocation
from puntuale.people.audit import about, record
from puntuale.people.joining import INVITATION_LASTS, add_person, refuse_problems
from puntuale.people.models import Invitation, JoinRequest, Organisation, Person, Role
from puntuale.people.post import later, post
from puntuale.people.rights import ROLES_WITHIN, may_administer, may_invite

MOST_INVITATIONS, WITHIN = 50, timedelta(days=1)


class NotHers(PermissionError):
    """Somebody who does not look after the organisation."""


class Decided(ValueError):
    """Somebody decided a moment ago."""


class TooMany(ValueError):
    """More invitations in a day than anybody needs."""


def ask_to_join(
    organisation: Organisation, *, email: str, name: str, password: str, language: str, zone_name: str, at: datetime
) -> JoinRequest:
    """Return the request of somebody whose address is proven. A newer one takes an older one's place.

    The administrators of the organisation are told, or the managers where it has none. Raises JoiningRefused.
    """
    person = Person(name=one_line(name), email=email, organisation=organisation, language=language, zone_name=zone_name)
    refuse_problems(person, password)
    request, _made = JoinRequest.objects.update_or_create(
        address=email,
        decided_at=None,
        defaults={
            "organisation": organisation,
            "name": person.name,
            "password": make_password(password),
            "language": language,
            "zone_name": zone_name,
            "asked_at": at,
        },
    )
    for one in revocation.administrators_of(organisation):
        with override(one.language):
            told = _("%(name)s (%(address)s) asks to join %(organisation)s.") % {
                "name": request.name,
                "address": email,
                "organisation": organisation,
            }
            where = _("Say yes or no on the page of your people:")
            later(one.email, _("Somebody asks to join"), f"{told}\n\n{where}\n{settings.BASE_URL}/\n")
    return request


def approve(request: JoinRequest, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return the new person of the organisation, who is told. Raises NotHers, Decided, JoiningRefused."""
    with transaction.atomic():
        found = _undecided(request, by)
        person = add_person(
            name=found.name,
            email=found.address,
            password=None,
            role=Role.CUSTOMER,
            organisation=found.organisation,
            language=found.language,
            zone_name=found.zone_name,
            at=at,
        )
        person.password = found.password
        person.save(update_fields=["password"])
        _decide(found, person, by=by, at=at)
        record("join_approved", by=by, about=about(person), at=at, address=address, organisation=found.organisation_id)
        with override(person.language):
            told = _("%(organisation)s has let you in. You can sign in now:") % {"organisation": found.organisation}
            later(person.email, _("You are in"), f"{told}\n{settings.BASE_URL}/\n")
        return person


def refuse(request: JoinRequest, *, by: Person, at: datetime, address: str = "") -> None:
    """Refuse a request to join; whoever made it is told. Raises NotHers, Decided."""
    with transaction.atomic():
        found = _undecided(request, by)
        _decide(found, None, by=by, at=at)
        record(
            "join_refused",
            by=by,
            about=f"organisation {found.organisation_id}",
            at=at,
            address=address,
            request=found.pk,
        )
        with override(found.language):
            told = _("%(organisation)s has not let you in.") % {"organisation": found.organisation}
            later(found.address, _("Your request to join"), f"{told}\n")


def invite(organisation: Organisation, *, to: str, role: Role, by: Person, at: datetime, address: str = "") -> str:
    """Return the secret of a link that was sent to an address, of whatever kind, and lets its owner in within a week.

    Older links to the same address stop working. Whether somebody has an account already, only she learns.
    Raises NotHers, NoAddress, NotPosted, TooMany.
    """
    if not may_invite(by, role, organisation):
        raise NotHers
    whose = company_email.read(to).text
    with transaction.atomic():
        new, secret = made(organisation, whose, role, by=by, at=at)
        record("invited", by=by, about=f"organisation {organisation.pk}", at=at, address=address, invitation=new.pk)
        post(whose, *_invitation(organisation, whose, secret, by))
    return secret


def made(
    organisation: Organisation | None, whose: str, role: Role, *, by: Person, at: datetime
) -> tuple[Invitation, str]:
    """Return a new invitation and the secret of its link; older ones to the same address end. Raises TooMany."""
    if Invitation.objects.filter(made_by=by, made_at__gt=at - WITHIN).count() >= MOST_INVITATIONS:
        raise TooMany
    secret = secrets.token_urlsafe(32)
    Invitation.objects.filter(address=whose, accepted_at=None, expires_at__gt=at).update(expires_at=at)
    new = Invitation.objects.create(
        digest=hashlib.sha256(secret.encode()).hexdigest(),
        role=role,
        organisation=organisation,
        address=whose,
        made_at=at,
        made_by=by,
        expires_at=at + INVITATION_LASTS,
    )
    return new, secret


def withdraw(invitation: Invitation, *, by: Person, at: datetime, address: str = "") -> None:
    """Let a link that was sent work no more. Raises NotHers."""
    if invitation.organisation is None or not may_administer(by, invitation.organisation):
        raise NotHers
    whose = f"organisation {invitation.organisation_id}"
    with transaction.atomic():
        if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=at).update(expires_at=at):
            record("invitation_withdrawn", by=by, about=whose, at=at, address=address, invitation=invitation.pk)


def give_role(person: Person, role: Role, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return somebody of an organisation with another role in it. Nobody gives one to themselves. Raises NotHers."""
    if role not in ROLES_WITHIN:
        raise NotHers
    with transaction.atomic():
        row = _colleague(person, by)
        _change_role(row, role, by=by, at=at, address=address)
    person.role = role
    return person


def remove(person: Person, *, by: Person, at: datetime, address: str = "") -> Person:
    """Return a colleague who may not sign in any more. Their tickets stay with the organisation. Raises NotHers.

    Nobody removes themselves, so an organisation keeps the administrator who acts.
    """
    with transaction.atomic():
        row = _colleague(person, by)
        revocation.end_account(row, by=by, at=at, address=address)
        return row


def hand_over(*, to: Person, by: Person, at: datetime, address: str = "") -> None:
    """Let a colleague administer the organisation, and `by`, who did until now, no longer. Raises NotHers."""
    with transaction.atomic():
        row = _colleague(to, by)
        before = Person.objects.get(pk=by.pk)
        if before.organisation_id != row.organisation_id:
            raise NotHers
        _change_role(row, Role.ORGANISATION_ADMIN, by=by, at=at, address=address)
        _change_role(before, Role.CUSTOMER, by=by, at=at, address=address)


def _colleague(person: Person, by: Person) -> Person:
    """Return the row of somebody whom `by` may give a role or remove.

    Locked along with the administrators of their organisation, so that two cannot take each other's role at once.
    """
    among = Q(pk=person.pk) | Q(organisation=person.organisation_id, role=Role.ORGANISATION_ADMIN)
    rows = {row.pk: row for row in Person.objects.select_for_update(of=("self",)).filter(among).order_by("pk")}
    row, actor = rows[person.pk], rows.get(by.pk) or Person.objects.get(pk=by.pk)
    organisation = row.organisation
    if organisation is None or not row.is_active or row.pk == actor.pk or not may_administer(actor, organisation):
        raise NotHers
    return row


def _change_role(row: Person, role: Role, *, by: Person, at: datetime, address: str) -> None:
    was, row.role = row.role, role
    if was == role:
        return
    row.save(update_fields=["role"])
    record("person_role_changed", by=by, about=about(row), at=at, address=address, was=was, now=str(role))
    if revocation.is_lower(role, was):
        revocation.revoke_access(row, by=by, at=at, address=address)


def _invitation(organisation: Organisation, address: str, secret: str, by: Person) -> tuple[str, str]:
    """Return the letter with the link, or, to somebody who has an account, one that says so."""
    if Person.objects.filter(email=address).exists():
        told = _("%(name)s wanted to invite you to %(organisation)s. You have an account on our support desk already.")
        return _("You have an account already"), f"{told}\n" % {"name": by, "organisation": organisation}
    told = _("%(name)s invites you to send tickets for %(organisation)s. This link works once, for seven days:")
    link = f"{settings.BASE_URL}/{by.language}/invitation/{secret}/"
    names = {"name": by, "organisation": organisation}
    return _("You are invited to %(organisation)s") % names, f"{told % names}\n\n{link}\n"


def _undecided(request: JoinRequest, by: Person) -> JoinRequest:
    found = JoinRequest.objects.select_for_update().select_related("organisation").get(pk=request.pk)
    if not may_administer(by, found.organisation):
        raise NotHers
    if found.decided_at is not None:
        raise Decided
    return found


def _decide(request: JoinRequest, person: Person | None, *, by: Person, at: datetime) -> None:
    JoinRequest.objects.filter(pk=request.pk).update(decided_at=at, decided_by=by, person=person, password="")
