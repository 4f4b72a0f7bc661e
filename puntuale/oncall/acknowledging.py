"""Saying that one is on it: by the signed link of a page, at the desk, or by mail. It keeps no promise (rule 7)."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction

from puntuale.oncall.models import Acknowledgement, Page, Paging
from puntuale.oncall.paging import standing_acknowledgement, stop_pages
from puntuale.people.models import Person
from puntuale.tickets.rights import agents_only

SHORTEST = timedelta(seconds=60)
_signer = Signer(salt="puntuale.oncall.page")


class NothingToAcknowledge(LookupError):
    """The promise has ended, so there is nothing to be on any more; or there is no such page."""


def token_of(page: Page) -> str:
    """Return what proves that somebody got a page, for its link."""
    return _signer.sign(str(page.pk))


def page_of(token: str) -> Page:
    """Return the page a token belongs to. Raises NothingToAcknowledge for any other text."""
    try:
        key = int(_signer.unsign(token))
    except (BadSignature, ValueError) as problem:
        raise NothingToAcknowledge(token) from problem
    page = Page.objects.select_related("person", "paging__ticket", "paging__promise__ending").filter(pk=key).first()
    if page is None or not page.person.is_active or is_void(page):
        raise NothingToAcknowledge(token)
    return page


def acknowledge(paging: Paging, *, by: Person, via: Acknowledgement.Via, at: datetime) -> Acknowledgement:
    """Return that somebody is on it. Every further page is stopped at once, until it lapses without an answer.

    It holds for as long as the chain says, and at most for half of what is left of the promise, so that somebody else
    can still keep it. Whoever says so twice has said so once; somebody else may take over.
    Raises NotAnAgent, NothingToAcknowledge.
    """
    agents_only(by)
    with transaction.atomic():
        found = Paging.objects.select_for_update(of=("self",)).select_related("chain", "promise")
        row = found.filter(pk=paging.pk, ended_at=None).first()
        if row is None:
            raise NothingToAcknowledge(paging.pk)
        standing = standing_acknowledgement(row)
        if standing is not None and standing.person_id == by.pk:
            return standing
        row.acknowledgements.filter(lapsed_at=None).update(lapsed_at=at)
        row.next_at = _holds_until(row, at)
        row.exhausted_at = None
        row.save(update_fields=["next_at", "exhausted_at"])
        stop_pages(row, because="acknowledged", at=at)
        return Acknowledgement.objects.create(paging=row, person=by, via=via, at=at, until=row.next_at)


def is_void(page: Page) -> bool:
    """Tell whether the links that its person had were ended after this page."""
    since = page.person.credentials_from
    return since is not None and page.at < since


def _holds_until(paging: Paging, at: datetime) -> datetime:
    lasts, due = timedelta(seconds=paging.chain.answer_within), paging.promise.due_at
    if due is not None and due > at:
        lasts = min(lasts, max((due - at) / 2, SHORTEST))
    return at + lasts
