"""The service report of an organisation: what we promised, and what we did."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from puntuale.agreements import desk
from puntuale.agreements.reading import priorities_at
from puntuale.looks.admission import admitted
from puntuale.looks.promises import ShownPromise
from puntuale.looks.requests import Admitted, language
from puntuale.reports import fairness, fairness_page, naming, page
from puntuale.reports.attainment import attainment, tickets
from puntuale.reports.counting import Asked, Grouping
from puntuale.reports.fairness import Party, Sort
from puntuale.reports.mailing import subscription_of
from puntuale.reports.page import Wanted
from puntuale.reports.piles import NoSuchPile, pile
from puntuale.reports.responding import responses
from puntuale.reports.shown import attainment_shown, period_shown
from puntuale.reports.steady import steady
from puntuale.reports.subscribing import take_subscription
from puntuale.tickets.models import Ticket
from puntuale.tickets.reading import standings, visible_to

MOST_SHOWN = 100


@admitted
@require_safe
def organisation_report(request: Admitted) -> HttpResponse:
    """Show an organisation's administrators how its promises were kept, and the tickets behind every figure."""
    spoken = language()
    wanted = Wanted.read(request.GET, at=request.at, zone=desk.zone_at(request.at))
    wanted = wanted.of(request.person.organisation_id, by=Grouping.PRIORITY)
    asked = wanted.asked(request.at)
    with steady():
        report, taken = attainment(asked, by=wanted.by), responses(asked)
        changed = fairness.changes(asked, Party.ORGANISATION, priorities_at(request.at))[:1]
        opinions = fairness.opinions(asked, Party.ORGANISATION)[:1]
        numbers, count = _numbers(request, wanted, asked)
    found = visible_to(request.person).in_bulk(numbers)
    listed: list[Ticket] = [found[number] for number in numbers if number in found]
    shown = {
        **period_shown(wanted, spoken),
        **attainment_shown(wanted, report, taken, spoken, at=request.at),
        "rows": [ShownPromise(one, spoken, request.zone) for one in standings(listed, at=request.at)],
        "count": count,
        "most_shown": MOST_SHOWN,
        "address": "organisation_report",
        "mailed": subscription_of(request.person),
        "changes": fairness_page.changes(changed, Party.ORGANISATION, wanted.query, spoken, at=request.at),
        "sorts": [naming.called(naming.SORTS[sort], spoken) for sort in Sort],
        "opinions": fairness_page.opinions(opinions, Party.ORGANISATION, wanted.query, spoken, at=request.at),
    }
    return render(request, "portal/report.html", shown)


@admitted
@require_POST
def organisation_report_by_mail(request: Admitted) -> HttpResponseBase:
    """Send whoever asks the service report after each week or month, or not any more."""
    take_subscription(request)
    return redirect("organisation_report")


def _numbers(request: Admitted, wanted: Wanted, asked: Asked) -> tuple[list[int], int]:
    """Return the latest of the tickets behind a figure, and how many there are. What makes no sense has none."""
    try:
        found = pile(request.GET, asked, priorities_at(request.at))
        if found is None:
            return tickets(asked, page.behind(request.GET, wanted.by), first=0, size=MOST_SHOWN)
    except (NoSuchPile, page.Nonsense):
        return [], 0
    own = visible_to(request.person).filter(pk__in=found.values("pk"))
    return list(own.order_by("-pk").values_list("pk", flat=True)[:MOST_SHOWN]), own.count()
