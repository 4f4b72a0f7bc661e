"""Single sign-on: what an organisation's own server says about somebody, and whom that lets in."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils.text import slugify

from puntuale.guarantee.visible import one_line
from puntuale.people import company_email, egress, sign_up
from puntuale.people.audit import record
from puntuale.people.joining import add_person
from puntuale.people.membership import NotHers
from puntuale.people.models import IdentityProvider, JoinRequest, Organisation, Person, Role, SignUp
from puntuale.people.rights import may_administer
from puntuale.people.sealing import seal, unseal


class Refusal(StrEnum):
    """Why somebody whom a server vouches for does not come in."""

    UNVERIFIED = "unverified"
    """The server does not say that the address is proven."""
    DOMAIN = "domain"
    """The address is not of a domain of the server's organisation."""
    STRANGER = "stranger"
    """The address is somebody's whom the server does not speak for, or nobody's where it lets in only who is known."""
    LEFT = "left"
    """She may not sign in any more."""


class SignOnRefused(ValueError):
    """Somebody does not come in, and why."""

    def __init__(self, because: Refusal) -> None:
        super().__init__(because.value)
        self.because = because


def provider_for(address: str) -> IdentityProvider | None:
    """Return the server that speaks for an address, by its domain, or None."""
    try:
        domain = company_email.read(address).domain
    except company_email.NoAddress:
        return None
    organisation = sign_up.organisation_of(domain)
    found = IdentityProvider.objects.filter(retired_at=None)
    if organisation is not None:
        return found.filter(organisation=organisation).last()
    known = Person.objects.filter(email=company_email.read(address).text, organisation=None).exists()
    return found.filter(organisation=None).last() if known else None


def admit(
    provider: IdentityProvider, *, known: Person | None, address: str, is_verified: bool, name: str, at: datetime
) -> Person:
    """Return who comes in by a server: `known` when it vouched for her before, else whoever has the address, or a new
    person of its organisation. Raises SignOnRefused.

    An address counts only when the server says it is proven, and is of a domain of the organisation. What somebody
    else began with that address without proving it is wiped.
    """  # noqa: D205 -- one sentence
    if known is not None:
        return _of(provider, known)
    if not is_verified:
        raise SignOnRefused(Refusal.UNVERIFIED)
    try:
        read = company_email.read(address)
    except company_email.NoAddress as problem:
        raise SignOnRefused(Refusal.UNVERIFIED) from problem
    if provider.organisation is not None and sign_up.organisation_of(read.domain) != provider.organisation:
        raise SignOnRefused(Refusal.DOMAIN)
    with transaction.atomic():
        SignUp.objects.filter(address=read.text, finished_at=None).delete()
        JoinRequest.objects.filter(address=read.text, decided_at=None).delete()
        person = Person.objects.filter(email=read.text).first()
        if person is not None:
            return _of(provider, person)
        if provider.organisation is None:
            raise SignOnRefused(Refusal.STRANGER)
        person = add_person(
            name=one_line(name)[:200] or read.text,
            email=read.text,
            password=None,
            role=Role.CUSTOMER,
            organisation=provider.organisation,
            at=at,
        )
        record("signed_up", by=person, about=f"organisation {provider.organisation_id}", at=at, provider=provider.key)
        return person


def add_provider(
    organisation: Organisation, *, name: str, server: str, client_id: str, secret: str, by: Person, at: datetime
) -> IdentityProvider:
    """Return a new server that speaks for an organisation, in place of those it had. Raises NotHers, PrivateTarget."""
    if not may_administer(by, organisation):
        raise NotHers
    egress.check(server)
    with transaction.atomic():
        IdentityProvider.objects.filter(organisation=organisation, retired_at=None).update(retired_at=at)
        count = IdentityProvider.objects.filter(organisation=organisation).count()
        made = IdentityProvider.objects.create(
            key=f"{slugify(organisation.name)[:20] or 'organisation'}-{organisation.pk}-{count + 1}",
            name=name,
            organisation=organisation,
            server=server.rstrip("/"),
            client_id=client_id,
            sealed_secret=seal(secret),
            added_at=at,
            added_by=by,
        )
        record("sign_on_added", by=by, about=f"organisation {organisation.pk}", at=at, provider=made.key)
        return made


def retire_provider(provider: IdentityProvider, *, by: Person, at: datetime) -> None:
    """Let a server speak for nobody any more. Raises NotHers."""
    if provider.organisation is None or not may_administer(by, provider.organisation):
        raise NotHers
    if IdentityProvider.objects.filter(pk=provider.pk, retired_at=None).update(retired_at=at):
        about = f"organisation {provider.organisation_id}"
        record("sign_on_removed", by=by, about=about, at=at, provider=provider.key)


def secret_of(provider: IdentityProvider) -> str:
    """Return the secret that a server knows us by. Raises SealBroken."""
    return unseal(provider.sealed_secret)


def _of(provider: IdentityProvider, person: Person) -> Person:
    """Return somebody whom a server speaks for. Raises SignOnRefused for others, and for those who left."""
    if person.organisation_id != provider.organisation_id:
        raise SignOnRefused(Refusal.STRANGER)
    if not person.is_active:
        raise SignOnRefused(Refusal.LEFT)
    return person
