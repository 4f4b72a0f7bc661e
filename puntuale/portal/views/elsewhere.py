"""What stands on other people's pages and in their calendars: the badge of the guarantee, hours, due times."""

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from puntuale.looks.published import Page
from puntuale.looks.requests import Request, language
from puntuale.people import calendar_links
from puntuale.portal import badges, feeds
from puntuale.portal.views.published import page_in_force

CALENDAR = "text/calendar; charset=utf-8"
KEPT_FOR = 60


@require_safe
def hours(request: Request) -> HttpResponse:
    """Give the business hours and closed days as a calendar."""
    return HttpResponse(feeds.hours_of(page_in_force(request)), content_type=CALENDAR)


@require_safe
def promises(request: Request, token: str) -> HttpResponse:
    """Give somebody's due times as a calendar, to whoever has its secret address."""
    try:
        person = calendar_links.person_of(token)
    except calendar_links.NoSuchFeed as problem:
        raise Http404 from problem
    return HttpResponse(feeds.promises_of(person, at=request.at), content_type=CALENDAR)


@require_safe
def badge(request: Request) -> HttpResponse:
    """Draw the badge of the guarantee: whether we are open, for pages of other sites."""
    page: Page = page_in_force(request)
    drawn = badges.badge(page, language(), request.at)
    answer = HttpResponse(render_to_string("portal/badge.svg", {"badge": drawn}), content_type="image/svg+xml")
    answer["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
