"""What is promised: the agreement in force, its versions, and what tickets can be about."""

from django.http import Http404
from ninja import Query, Router

from puntuale.agreements.models import Publication
from puntuale.agreements.reading import agreement_published_as, products_on_offer, publication_in_force
from puntuale.api import pages
from puntuale.api.calls import Call
from puntuale.api.door import reads
from puntuale.api.pages import Page, PageAsked
from puntuale.api.told.agreements import AgreementTold, VersionTold
from puntuale.api.told.tickets import ProductNamed
from puntuale.api.values import Number
from puntuale.looks import published
from puntuale.looks.requests import language

router = Router(tags=["Agreement"])


@reads(router, "/agreement", gives=AgreementTold, also=(409,))
def read_agreement(request: Call) -> AgreementTold:
    """Read the agreement in force: what is promised, and by when a ticket sent now would be answered."""
    return _told(request, publication_in_force(request.at))


@reads(router, "/agreements", gives=Page[VersionTold])
def list_agreement_versions(request: Call, asked: Query[PageAsked]) -> Page[VersionTold]:
    """List the versions of the agreement, the newest first."""
    found = Publication.objects.defer("source", "document")
    rows, following = pages.of_rows(request, found, asked, latest_first=True)
    return Page(items=[VersionTold.of(one) for one in rows], next=following)


@reads(router, "/agreements/{version}", gives=AgreementTold)
def read_agreement_version(request: Call, version: Number) -> AgreementTold:
    """Read one version of the agreement, for good: what was promised under it."""
    found = Publication.objects.defer("source", "document").filter(version=version).first()
    if found is None:
        raise Http404
    return _told(request, found)


@reads(router, "/products", gives=Page[ProductNamed])
def list_products(request: Call, asked: Query[PageAsked]) -> Page[ProductNamed]:
    """List what tickets can be about."""
    rows, following = pages.of_rows(request, products_on_offer(), asked)
    return Page(items=[ProductNamed.of(one) for one in rows], next=following)


def _told(call: Call, publication: Publication) -> AgreementTold:
    agreement = agreement_published_as(publication)
    return AgreementTold.model_validate(
        published.Page(agreement, publication, language(), call.zone, call.at).as_facts()
    )
