"""How people and organisations come in."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from puntuale.guarantee.visible import one_line
from puntuale.guarantee.zones import UnknownZone, zone
from puntuale.people.audit import record
from puntuale.people.email import normalised, validate
from puntuale.people.models import MANAGING_ROLES, Invitation, Organisation, Person, Role
from puntuale.people.rights import may_invite
from puntuale.wording.languages import spoken

INVITATION_LASTS = timedelta(days=7)


class JoiningRefused(ValueError):
    """Somebody cannot join with these words, and why, by field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(told)}" for name, told in problems.items()))
        self.problems = problems


class InvitationInvalid(LookupError):
    """A link that was never handed out, has been used, is too old, or whose sender may invite nobody any more."""


def found_organisation(*, name: str, at: datetime) -> Organisation:
    """Return a new organisation. Raises JoiningRefused for a name that nobody can see."""
    called = one_line(name)
    if not called:
        raise JoiningRefused({"organisation": [_("A name is needed.")]})
    return Organisation.objects.create(name=called, joined_at=at)


def add_person(
    *,
    name: str,
    email: str,
    password: str | None,
    role: Role,
    at: datetime,
    organisation: Organisation | None = None,
    language: str = "en",
    zone_name: str = "UTC",
) -> Person:
    """Return a new person. Without a password she cannot log in yet. Raises JoiningRefused."""
    person = Person(
        name=one_line(name),
        email=normalised(email),
        role=role,
        organisation=organisation,
        language=spoken(language),
        zone_name=zone_name,
        joined_at=at,
    )
    refuse_problems(person, password)
    person.set_password(password)
    person.save()
    return person


def invite_first_manager(*, at: datetime) -> str | None:
    """Return the secret of a one-time link for the first manager, or None when there is a manager already.

    Older links to the same end stop working.
    """
    with transaction.atomic():
        if Person.objects.filter(role__in=(Role.MANAGER, Role.ADMINISTRATOR)).exists():
            return None
        Invitation.objects.filter(role=Role.MANAGER, accepted_at=None).update(expires_at=at)
        secret = secrets.token_urlsafe(32)
        Invitation.objects.create(
            digest=_digest(secret), role=Role.MANAGER, made_at=at, expires_at=at + INVITATION_LASTS
        )
        return secret


def open_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation a link belongs to. Raises InvitationInvalid."""
    found = Invitation.objects.filter(digest=_digest(secret), accepted_at=None, expires_at__gt=at)
    invitation = found.select_related("organisation", "made_by").first()
    if invitation is None or not _may_still_invite(invitation):
        raise InvitationInvalid
    return invitation


def _may_still_invite(invitation: Invitation) -> bool:
    """Tell whether whoever made an invitation may make it now. That of the first manager is for a desk without any."""
    if invitation.made_by is None:
        return not Person.objects.filter(role__in=MANAGING_ROLES).exists()
    return may_invite(invitation.made_by, Role(invitation.role), invitation.organisation)


def accept_invitation(
    secret: str, *, name: str, password: str, language: str, zone_name: str, at: datetime, email: str = ""
) -> Person:
    """Return the person who joined by a link, which works no more. Raises InvitationInvalid, JoiningRefused.

    Her address is the one the link was sent to. Only the first manager, whose link was sent nowhere, says hers.
    """
    with transaction.atomic():
        # Whoever takes the rights of the sender away at this moment goes first, or waits until it is done.
        senders = Invitation.objects.filter(digest=_digest(secret)).values("made_by")
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=senders))
        invitation = open_invitation(secret, at=at)
        person = add_person(
            name=name,
            email=invitation.address or email,
            password=password,
            role=Role(invitation.role),
            organisation=invitation.organisation,
            language=language,
            zone_name=zone_name,
            at=at,
        )
        used = Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=at, accepted_by=person)
        if used != 1:
            # Somebody else used the same link a moment ago.
            raise InvitationInvalid
        whose = f"organisation {invitation.organisation_id}" if invitation.organisation_id else "the desk"
        record("signed_up", by=person, about=whose, at=at, invitation=invitation.pk)
        return person


def refuse_problems(person: Person, password: str | None) -> None:
    """Raise JoiningRefused with everything that is wrong with a person who is to be, by field."""
    problems: dict[str, list[str]] = {}
    if not person.name:
        problems["name"] = [_("A name is needed.")]
    try:
        validate(person.email)
    except ValidationError as problem:
        problems["email"] = list(problem.messages)
    else:
        if Person.objects.filter(email=person.email).exists():
            problems["email"] = [_("This address is already in use.")]
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as problem:
            problems["password"] = list(problem.messages)
    try:
        zone(person.zone_name)
    except UnknownZone:
        problems["zone_name"] = [_("%(zone)s is not a time zone.") % {"zone": person.zone_name}]
    if problems:
        raise JoiningRefused(problems)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
