"""Holidays of the years to come: the library proposes, a manager confirms, a new version of the agreement says so."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puntuale.agreements import drafting, holidays
from puntuale.agreements.holidays import Proposed
from puntuale.agreements.reading import NothingInForce, agreement_in_force
from puntuale.guarantee.agreement import HolidayList
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted, address_of, language
from puntuale.office.assurance import HOLIDAYS_AHEAD
from puntuale.office.draft_page import Draft
from puntuale.wording import moments


@dataclass(frozen=True, slots=True)
class Offer:
    """A list with what is proposed for the years it lacks: each day with its name in the page's language."""

    days: HolidayList
    name: str
    up_to: int
    proposed: list[Proposed]
    problem: str = ""

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Return key, day and name of what is proposed."""
        return [
            (one.day.isoformat(), moments.long_day(one.day, language()), one.name.in_language(language()))
            for one in self.proposed
        ]


@admitted
@require_safe
def lists(request: Admitted) -> HttpResponse:
    """Show how far the holidays of each list are confirmed, and a warning where that is less than twelve months."""
    try:
        found = list(agreement_in_force(request.at).holiday_lists.values())
    except NothingInForce:
        found = []
    ahead = (request.at + HOLIDAYS_AHEAD).year
    rows = [(one, one.name.in_language(language()) or one.key, one.last_year >= ahead) for one in found]
    return render(request, "office/holidays.html", {"rows": rows})


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def confirming(request: Admitted, key: str) -> HttpResponseBase:
    """Show what is proposed for the years a list lacks, and write what a manager confirms into her draft."""
    draft = Draft.of(drafting.begun(request.person, at=request.at), at=request.at)
    if draft.agreement is None:
        messages.error(request, _("Your draft has errors. Mend them, or throw it away, and confirm the holidays then."))
        return redirect("office_draft")
    days = draft.agreement.holiday_lists.get(key)
    if days is None:
        raise Http404
    up_to = _up_to(request, days)
    offer = _offer(days, draft.agreement.languages, up_to)
    if request.method != "POST":
        shown = {"offer": offer, "years": range(days.last_year + 1, days.last_year + holidays.MOST_YEARS_AHEAD + 1)}
        return render(request, "office/holiday.html", shown)
    chosen = set(request.POST.getlist("day"))
    confirmed = {one.day: one.name for one in offer.proposed if one.day.isoformat() in chosen}
    drafting.confirm_holidays(
        request.person, key, up_to=up_to, days=confirmed, at=request.at, address=address_of(request)
    )
    messages.success(request, _("Confirmed in your draft. They count once you publish it."))
    return redirect("office_draft_differences")


def _up_to(request: Admitted, days: HolidayList) -> int:
    written = (request.POST if request.method == "POST" else request.GET).get("up_to", "")
    asked = int(written) if written.isdecimal() and len(written) == 4 else days.last_year + 1
    return min(max(asked, days.last_year + 1), days.last_year + holidays.MOST_YEARS_AHEAD)


def _offer(days: HolidayList, languages: tuple[str, ...], up_to: int) -> Offer:
    name = days.name.in_language(language()) or days.key
    try:
        return Offer(days, name, up_to, holidays.proposed(days, languages, up_to=up_to))
    except LookupError as problem:
        return Offer(days, name, up_to, [], str(problem))
