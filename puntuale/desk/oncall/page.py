"""The page On call, put together for one reader, and shown again with what was refused."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from puntuale.desk.agents import at_the_desk
from puntuale.desk.boxes import Again
from puntuale.desk.oncall import local_time
from puntuale.desk.oncall.refusals import REFUSALS, told
from puntuale.desk.oncall.schedule import schedules, turns_of
from puntuale.desk.refusals import status_of
from puntuale.looks.requests import Admitted
from puntuale.oncall import contacts, feeds, standing
from puntuale.oncall.models import Contact, TimeOff
from puntuale.sending.transports import available

CHANNELS = {
    Contact.Channel.SMS: gettext_lazy("Text message"),
    Contact.Channel.CHAT: gettext_lazy("Chat or paging service"),
    Contact.Channel.WEBHOOK: gettext_lazy("Webhook"),
    Contact.Channel.EMAIL: gettext_lazy("E-mail"),
}
EXAMPLES = (
    "twilio://SID:TOKEN@FROM/+390123456789",
    "tgram://TOKEN/CHAT",
    "ntfys://ntfy.example/TOPIC",
    "https://hooks.example/pages",
)
ENOUGH_WAYS = 2


def act(
    request: Admitted, form: str, deed: Callable[[], object], *, done: str | Callable[[], str], there: str = ""
) -> HttpResponseBase:
    """Do something, and return the way back to the page, or `there`; or the page, with why it cannot be done.

    `done` is said on success; what depends on what was done is found out then.
    """
    try:
        deed()
    except REFUSALS as problem:
        return page(request, Again(form, request.POST.dict(), [told(problem)]), status=status_of(problem))
    messages.success(request, done if isinstance(done, str) else done())
    return redirect(there or "desk_oncall")


def page(request: Admitted, again: Again | None = None, *, status: int = 200) -> HttpResponse:
    """Return the page; `again` is a form of it that is shown once more, and why."""
    at, person = request.at, request.person
    address = request.build_absolute_uri(reverse("oncall_calendar", args=[feeds.token_of(person)]))
    ways, rotas = contacts.contacts_of(person), schedules(at=at)
    shown = {
        "pagings": standing.stands(standing.pagings()),
        "schedules": rotas,
        "my_turns": turns_of(person, rotas),
        "off": TimeOff.objects.filter(end_at__gt=at, withdrawn_at=None).select_related("person"),
        "people": [(one.pk, one.name) for one in at_the_desk()],
        "ways": [(way, CHANNELS[Contact.Channel(way.channel)]) for way in ways],
        "ways_enough": len(contacts.ways_to([person])[person.pk]) >= ENOUGH_WAYS,
        "mail_works": "email" in available(),
        "channels": [(key, name) for key, name in CHANNELS.items() if key in available()],
        "examples": EXAMPLES,
        "calendar": address,
        "again": again,
        "soon": local_time.write(at.replace(minute=0) + timedelta(hours=1), request.zone),
        "later": local_time.write(at.replace(minute=0) + timedelta(hours=25), request.zone),
    }
    return render(request, "desk/oncall.html", shown, status=status)
