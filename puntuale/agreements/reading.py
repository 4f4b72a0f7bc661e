"""Which agreement, plan and products are in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q, QuerySet

from puntuale.agreements.models import Contract, Product, Publication
from puntuale.guarantee import document
from puntuale.guarantee.agreement import Agreement
from puntuale.people.models import Organisation


class NothingInForce(LookupError):
    """No agreement is in force at that instant."""


class Turn(NamedTuple):
    """The time during which a version is in force: from `since` up to, and not including, `until`."""

    publication: Publication
    since: datetime
    until: datetime | None


_known: ContextVar[dict[datetime | int, Publication] | None] = ContextVar("known", default=None)


@contextmanager
def looking_up_once() -> Iterator[None]:
    """Look each version up once for as long as this lasts: whoever is inside sees one agreement, and asks for it once.

    Nothing that publishes goes inside.
    """
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def publication_in_force(at: datetime) -> Publication:
    """Return the version in force at an instant: the newest that has taken effect. Raises NothingInForce."""
    known = _known.get()
    if known is not None and at in known:
        return known[at]
    found = Publication.objects.filter(effective_from__lte=at).defer("source", "document").order_by("-version").first()
    if found is None:
        raise NothingInForce(f"no agreement is in force on {at.isoformat()}")
    if known is not None:
        known[at] = known[found.version] = found
    return found


def priorities_at(at: datetime) -> list[str]:
    """Return the priorities of the agreement in force, the most urgent first; none while nothing is in force."""
    try:
        return [one.key for one in agreement_in_force(at).priorities]
    except NothingInForce:
        return []


def agreement_in_force(at: datetime) -> Agreement:
    """Return the agreement in force at an instant. Raises NothingInForce."""
    return agreement_published_as(publication_in_force(at))


def agreement_of(version: int) -> Agreement:
    """Return a published version. Raises Publication.DoesNotExist."""
    known = _known.get()
    if known is not None and version in known:
        return agreement_published_as(known[version])
    found = Publication.objects.defer("source", "document").get(version=version)
    if known is not None:
        known[version] = found
    return agreement_published_as(found)


def agreement_published_as(publication: Publication) -> Agreement:
    """Return what a publication says, without reading its document again."""
    return _agreement(publication.version, publication.digest)


def turns(since: datetime, until: datetime | None = None) -> list[Turn]:
    """Return which versions are in force in [since, until), as far as is published, in order."""
    newest = list[Publication]()
    for publication in Publication.objects.defer("source", "document").order_by("effective_from", "version"):
        if not newest or publication.version > newest[-1].version:
            newest.append(publication)
    ends = [*(later.effective_from for later in newest[1:]), None]
    found = [
        Turn(publication, max(publication.effective_from, since), end)
        for publication, end in zip(newest, ends, strict=False)
    ]
    return [
        turn
        for turn in found
        if (turn.until is None or turn.since < turn.until) and (until is None or turn.since < until)
    ]


@lru_cache(maxsize=64)
def _agreement(version: int, digest: str) -> Agreement:
    """Return a published version, read and compiled once. Versions never change, so neither does this."""
    stored = Publication.objects.values_list("document", flat=True).get(version=version, digest=digest)
    return document.read(stored).sound()


def contract_in_force(organisation: Organisation | None, at: datetime) -> Contract | None:
    """Return the contract an organisation has at an instant, or None."""
    if organisation is None:
        return None
    open_end = Q(ends_at=None) | Q(ends_at__gt=at)
    return Contract.objects.filter(open_end, organisation=organisation, starts_at__lte=at).first()


def plan_in_force(organisation: Organisation | None, at: datetime, agreement: Agreement | None = None) -> str | None:
    """Return the plan an organisation has at an instant, or None when no contract is in force.

    None, too, when its plan is not in the agreement in force: publishing refuses that, but rows are repaired by hand.
    `agreement` is that one, for whoever has it at hand.
    """
    contract = contract_in_force(organisation, at)
    if contract is None:
        return None
    known = {plan.key for plan in (agreement or agreement_in_force(at)).plans}
    return contract.plan if contract.plan in known else None


def products_on_offer() -> QuerySet[Product]:
    """Return the products a ticket can be about."""
    return Product.objects.filter(retired_at=None)
