"""Signing up: an address is proven by a code; then its owner founds an organisation or asks to join hers."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from puntuale.guarantee.visible import one_line
from puntuale.people import company_email, membership
from puntuale.people.audit import about, record
from puntuale.people.company_email import NotCompany, Unchecked, Why
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import JoinRequest, Organisation, OrganisationDomain, Person, Role, SignUp
from puntuale.people.post import post

CODE_LASTS = timedelta(minutes=15)
MOST_TRIES = 5
FINISHED_WITHIN = timedelta(hours=2)
KEPT_FOR = timedelta(days=2)

founded: list[Callable[[Organisation, datetime], object]] = []
"""What is told of every organisation that signed itself up, in its transaction. Wired where all is put together."""


class Refused(ValueError):
    """The address is not a company's, and why."""

    def __init__(self, because: Why) -> None:
        super().__init__(because.value)
        self.because = because


class CodeWrong(ValueError):
    """Not the code that was sent."""


class CodeOver(ValueError):
    """The code is too old, or was tried too often. A new one can be asked for."""


def ask(text: str, *, at: datetime) -> SignUp:
    """Return a sign-up for an address, to which a code is sent. Raises Refused, NotPosted.

    Whether the address has an account already, only its owner learns, by the letter. One that could not
    be judged just now goes on, and a person will look at it.
    """
    address, unchecked = _judged(text)
    code = f"{secrets.randbelow(10**6):06}"
    known = Person.objects.filter(email=address.text).exists()
    sign_up = SignUp.objects.create(
        address=address.text,
        domain=address.domain,
        unchecked_because=unchecked,
        asked_at=at,
        expires_at=at + CODE_LASTS,
    )
    # Worked out for everybody, so that it takes as long whether there is an account or not.
    digest = _digest(sign_up, code)
    SignUp.objects.filter(pk=sign_up.pk).update(digest="" if known else digest)
    post(address.text, *(_known_already() if known else _with_code(code)))
    return sign_up


def confirm(sign_up: SignUp, code: str, *, at: datetime) -> SignUp:
    """Return the sign-up with its address proven. Raises CodeWrong, CodeOver."""
    with transaction.atomic():
        found = SignUp.objects.select_for_update().get(pk=sign_up.pk)
        if found.verified_at is not None:
            return found
        if at >= found.expires_at or found.tries >= MOST_TRIES:
            raise CodeOver
        right = hmac.compare_digest(found.digest, _digest(found, "".join(code.split())))
        if right:
            found.verified_at, found.digest = at, ""
        found.tries += 1
        found.save(update_fields=["tries", "verified_at", "digest"])
    if not right:
        raise CodeWrong
    return found


def open_sign_up(key: object, *, at: datetime) -> SignUp | None:
    """Return a sign-up that goes on, by its key, or None when it is over or too old."""
    if not isinstance(key, int):
        return None
    return SignUp.objects.filter(pk=key, finished_at=None, asked_at__gt=at - FINISHED_WITHIN).first()


def organisation_of(domain: str) -> Organisation | None:
    """Return whose addresses those of a domain are, or None: the nearest parent of the domain counts.

    A public suffix is nobody's, also where it stands as somebody's from before our list of them.
    """
    suffixes = company_email.Address("", domain).suffixes
    claimable = [one for one in suffixes if not company_email.is_public_suffix(one)]
    found = OrganisationDomain.objects.filter(domain__in=claimable).select_related("organisation")
    nearest = max(found, key=lambda one: len(one.domain), default=None)
    return nearest.organisation if nearest else None


def finish(
    sign_up: SignUp,
    *,
    name: str,
    organisation: str,
    password: str,
    language: str,
    zone_name: str,
    at: datetime,
    address: str = "",
) -> Person | JoinRequest:
    """Return who signed up: the administrator of a new organisation, or the request to join a known one.

    `organisation` is the name of a new one, `address` from where it is done. Raises JoiningRefused, CodeOver for a
    sign-up that was not proven or is over.
    """
    about_her = {"name": name, "password": password, "language": language, "zone_name": zone_name}
    with transaction.atomic():
        found = SignUp.objects.select_for_update().get(pk=sign_up.pk)
        if found.verified_at is None or found.finished_at is not None:
            raise CodeOver
        known = organisation_of(found.domain)
        if known is None:
            person = _found(found, organisation, about_her, at=at)
            if person is not None:
                record("signed_up", by=person, about=f"organisation {person.organisation_id}", at=at, address=address)
                _over(found, person, at=at)
                return person
            # Somebody of the same company was quicker.
            known = OrganisationDomain.objects.get(domain=found.domain).organisation
        request = membership.ask_to_join(known, email=found.address, at=at, **about_her)
        record("join_asked", by=None, about=f"organisation {known.pk}", at=at, address=address, request=request.pk)
        _over(found, None, at=at)
        return request


def review(sign_up: SignUp, *, by: Person, at: datetime) -> None:
    """Note that a manager has looked at a sign-up whose address could not be checked."""
    if SignUp.objects.filter(pk=sign_up.pk, reviewed_at=None).update(reviewed_at=at, reviewed_by=by):
        sign_up.refresh_from_db()
        whom = about(sign_up.person) if sign_up.person else f"sign-up {sign_up.pk}"
        record("sign_up_reviewed", by=by, about=whom, at=at)


def to_be_reviewed() -> QuerySet[SignUp]:
    """Return the sign-ups that came through unchecked, and that no manager has looked at."""
    return SignUp.objects.filter(finished_at__isnull=False, reviewed_at=None).exclude(unchecked_because="")


def forget_old(*, at: datetime) -> int:
    """Forget the sign-ups that led nowhere and those nobody need look at any more, and return how many."""
    old = SignUp.objects.filter(asked_at__lt=at - KEPT_FOR)
    return old.exclude(pk__in=to_be_reviewed().values("pk")).delete()[0]


def _judged(text: str) -> tuple[company_email.Address, str]:
    """Return an address with why it could not be checked. Raises Refused."""
    judgement = company_email.judge(text)
    if isinstance(judgement, NotCompany):
        raise Refused(judgement.because)
    return judgement.address, judgement.because.value if isinstance(judgement, Unchecked) else ""


def _found(sign_up: SignUp, name: str, about_her: dict[str, str], *, at: datetime) -> Person | None:
    """Return the administrator of a new organisation, or None when its domain has just become another's."""
    try:
        with transaction.atomic():
            organisation = found_organisation(name=_free_name(name, sign_up.domain), at=at)
            if _can_be_claimed(sign_up):
                OrganisationDomain.objects.create(domain=sign_up.domain, organisation=organisation, known_since=at)
    except IntegrityError:
        return None
    person = add_person(
        email=sign_up.address, role=Role.ORGANISATION_ADMIN, organisation=organisation, at=at, **about_her
    )
    for told in founded:
        told(organisation, at)
    return person


def _can_be_claimed(sign_up: SignUp) -> bool:
    """Tell whether a domain is known to be a company's. One that was let through unchecked, a manager gives later."""
    return sign_up.unchecked_because != Why.LISTS and not company_email.is_public_suffix(sign_up.domain)


def _free_name(name: str, domain: str) -> str:
    """Return a name for an organisation that no other has. Whoever signs up does not learn which there are."""
    name = one_line(name)[:150]
    return f"{name} ({domain[:45]})" if Organisation.objects.filter(name__iexact=name).exists() else name


def _over(sign_up: SignUp, person: Person | None, *, at: datetime) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(finished_at=at, person=person)


def _digest(sign_up: SignUp, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"sign-up {sign_up.pk} {code}".encode(), "sha256").hexdigest()


def _with_code(code: str) -> tuple[str, str]:
    told = _("Somebody, you we hope, wants an account on our support desk with this address. The code is:")
    else_ = _("It works for 15 minutes. If that was not you, do nothing: without the code nothing happens.")
    return _("Your code: %(code)s") % {"code": code}, f"{told}\n\n    {code}\n\n{else_}\n"


def _known_already() -> tuple[str, str]:
    told = _("Somebody, you we hope, wanted an account on our support desk with this address. You have one already.")
    how = _("Sign in here, or ask for a new password there:")
    return _("You have an account already"), f"{told}\n\n{how}\n{settings.BASE_URL}/\n"
