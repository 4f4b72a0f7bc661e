"""What the frame of every page shows: whether the desk is open, and the page in the other languages."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, ResolverMatch, reverse, translate_url
from django.utils.translation import get_language, override

from puntuale.agreements import desk
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.agreement import Agreement
from puntuale.wording import moments
from puntuale.wording.languages import words


@dataclass(frozen=True)
class DeskStatus:
    """Whether people are at the desk, and when that changes. `changes_at` is None for a desk that never closes."""

    is_open: bool
    changes_at: datetime | None
    text: str


def frame(request: HttpRequest) -> dict[str, object]:
    """Return what the frame needs; nothing of it for a request that never arrived properly."""
    if not hasattr(request, "at"):
        return {}
    language = get_language() or "en"
    page = _page(request)
    shown = request.resolver_match if page == request.get_full_path() else None
    addresses = [
        (code, name, _in(code, page, language, shown)) for code, name in settings.LANGUAGES if code != language
    ]
    others = [other for other in addresses if other[2] != page]
    try:
        status = desk_status(agreement_in_force(request.at), at=request.at, language=language)
    except NothingInForce:
        status = None
    return {"desk_status": status, "other_languages": others, "desk_name": desk.settings().name}


def _page(request: HttpRequest) -> str:
    """Return the address of the page that is shown: for what was sent and refused, of the page it was sent from."""
    match = request.resolver_match
    if request.method != "POST" or match is None:
        return request.get_full_path()
    name = match.url_name or ""
    if "number" in match.kwargs:
        return reverse("desk_ticket" if name.startswith("desk_") else "ticket", args=[match.kwargs["number"]])
    return reverse("queue") if name == "desk_filters" else request.get_full_path()


def _in(code: str, page: str, language: str, shown: ResolverMatch | None) -> str:
    """Return the address of a page in a language. One that leads nowhere does so in that language, if it names any.

    `shown` is the route of the page, where it is the one that was asked for.
    """
    address, prefix = translate_url(page, code) if shown is None else _along(shown, page, code), f"/{language}/"
    return f"/{code}/{page.removeprefix(prefix)}" if address == page and page.startswith(prefix) else address


def _along(route: ResolverMatch, page: str, code: str) -> str:
    """Return the address of a page whose route is known in a language, or that of the page where there is none."""
    with override(code):
        try:
            address = reverse(route.view_name, args=route.args, kwargs=route.kwargs)
        except NoReverseMatch:
            return page
    _, mark, asked = page.partition("?")
    return f"{address}{mark}{asked}"


def desk_status(agreement: Agreement, *, at: datetime, language: str) -> DeskStatus:
    """Return whether the desk is open at an instant, told in the desk's own zone."""
    said, hours, zone = words(language), agreement.desk_hours, agreement.zone
    now = moments.moment(at, language, zone, now=at)
    if hours is None:
        told = said.gettext("open day and night")
        return DeskStatus(True, None, f"{now} \N{MIDDLE DOT} {told}")
    calendar = agreement.calendar(hours.key)
    if calendar.is_open(at):
        closes = calendar.next_close(at)
        told = said.gettext("open until %(time)s") % {"time": moments.time_of_day(closes, zone) if closes else ""}
        return DeskStatus(True, closes, f"{now} \N{MIDDLE DOT} {told}")
    opens = calendar.next_open(at)
    told = said.gettext("closed, opens %(time)s") % {"time": moments.near_moment(opens, language, zone, now=at)}
    return DeskStatus(False, opens, f"{now} \N{MIDDLE DOT} {told}")
