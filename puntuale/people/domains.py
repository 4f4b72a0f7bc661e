"""What managers say about domains: whether their addresses are a company's, and whose they are."""

from datetime import datetime

from django.db import transaction

from puntuale.people import company_email
from puntuale.people.audit import record
from puntuale.people.models import DomainRule, Organisation, OrganisationDomain, Person


class NoDomain(ValueError):
    """Something that is no domain of e-mail addresses."""


class Taken(ValueError):
    """The domain is another organisation's."""


class NotCompanyDomain(ValueError):
    """A domain at which anybody gets an address, or below which anybody gets a name."""


def rule(text: str, *, is_company: bool, because: str, by: Person, at: datetime) -> DomainRule:
    """Return what a manager ruled about a domain and everything below it, anew.

    A public suffix is no company's, whoever says so. Raises NoDomain, NotCompanyDomain.
    """
    domain = _domain(text)
    if is_company and company_email.is_public_suffix(domain):
        raise NotCompanyDomain(domain)
    with transaction.atomic():
        made, _ = DomainRule.objects.update_or_create(
            domain=domain,
            defaults={"is_company": is_company, "because": because.strip(), "ruled_by": by, "ruled_at": at},
        )
        record("domain_ruled", by=by, about=f"domain {domain}", at=at, is_company=is_company)
    return made


def take_back(ruled: DomainRule, *, by: Person, at: datetime) -> None:
    """Leave a domain to the lists again."""
    with transaction.atomic():
        record("domain_rule_taken_back", by=by, about=f"domain {ruled.domain}", at=at)
        ruled.delete()


def give(text: str, organisation: Organisation, *, by: Person, at: datetime) -> OrganisationDomain:
    """Return a domain whose addresses are an organisation's from now on.

    One that is no company's has to be ruled to be one first. Raises NoDomain, NotCompanyDomain, Taken.
    """
    domain = _domain(text)
    if isinstance(company_email.judge(f"somebody@{domain}"), company_email.NotCompany):
        raise NotCompanyDomain(domain)
    with transaction.atomic():
        found, _ = OrganisationDomain.objects.select_for_update().get_or_create(
            domain=domain, defaults={"organisation": organisation, "known_since": at}
        )
        if found.organisation_id != organisation.pk:
            raise Taken(domain)
        record("domain_given", by=by, about=f"organisation {organisation.pk}", at=at, domain=domain)
    return found


def take(given: OrganisationDomain, *, by: Person, at: datetime) -> None:
    """Let a domain be nobody's."""
    with transaction.atomic():
        record("domain_taken", by=by, about=f"organisation {given.organisation_id}", at=at, domain=given.domain)
        given.delete()


def _domain(text: str) -> str:
    """Return a domain as it stands in the DNS, written as such or as an address. Raises NoDomain."""
    try:
        return company_email.read(f"somebody@{text.strip().rpartition('@')[2]}").domain
    except company_email.NoAddress as problem:
        raise NoDomain(text) from problem
