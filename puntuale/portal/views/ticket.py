"""A customer's page of one ticket, and what changed on it."""

from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.portal.ticket_page import etag, hers, hers_at_a_glance, parts, ticket_page


@admitted
@require_safe
def ticket(request: Admitted, number: int) -> HttpResponse:
    """Show a ticket to its customer: promise, sum, story, and what she can do."""
    return ticket_page(request, hers(request, number))


@admitted
@require_safe
def changes(request: Admitted, number: int) -> HttpResponseBase:
    """Give the parts of a ticket's page that change by themselves, or 304 when they are as the page has them."""
    known_as = etag(request, hers_at_a_glance(request, number))
    unchanged = get_conditional_response(request, etag=known_as)
    if unchanged is not None:
        return unchanged
    response = parts(request, hers(request, number))
    response["ETag"] = known_as
    return response
