"""Mail that became no message: what waits for a person, what was set aside, and whether mail comes in at all."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.agreements.reading import NothingInForce
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.looks.words import why_too_many
from puntuale.mail.incoming import fetching, reviewing
from puntuale.mail.incoming.reader import Unreadable
from puntuale.mail.models import Incoming, Mailbox
from puntuale.office import lists
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Ticket
from puntuale.tickets.rights import NotTheCustomer
from puntuale.tickets.searching import NUMBER


@admitted
@require_safe
def mail(request: Admitted) -> HttpResponse:
    """Show what waits or was set aside, for one reason or for any, the latest first."""
    return _page(request)


@admitted
@require_POST
def opening(request: Admitted, key: int) -> HttpResponseBase:
    """Open a ticket for a customer."""
    found = get_object_or_404(Incoming, pk=key)
    address = normalised(request.POST.get("address", "").replace("\0", "")[:320])
    person = Person.objects.filter(email=address, organisation__isnull=False, left_at=None).first()
    if person is None:
        return _page(request, key, _("No customer has this address."), address)
    try:
        ticket = reviewing.open_for(found, person, by=request.person, at=request.at)
    except reviewing.Settled:
        return _settled(request)
    except NothingInForce:
        return _page(request, key, _("No agreement is in force, so no promise can be made."), address)
    except Unreadable:
        return _unreadable(request, key)
    messages.success(request, _("Ticket #%(number)d is open.") % {"number": ticket.number})
    return _back(request)


@admitted
@require_POST
def attachment(request: Admitted, key: int) -> HttpResponseBase:
    """Write a mail on a ticket, as a note or as a message of its sender."""
    found = get_object_or_404(Incoming, pk=key)
    number = NUMBER.fullmatch(request.POST.get("ticket", "").strip())
    ticket = Ticket.objects.filter(pk=int(number[1])).first() if number else None
    if ticket is None:
        return _page(request, key, _("There is no ticket with this number."))
    try:
        if request.POST.get("as") == "message":
            ticket = reviewing.join(found, ticket, by=request.person, at=request.at)
            done = _("Added to ticket #%(number)d as a message from the sender.")
        else:
            reviewing.attach(found, ticket, by=request.person, at=request.at)
            done = _("It is a note on ticket #%(number)d now.")
    except reviewing.Settled:
        return _settled(request)
    except NotTheCustomer:
        return _page(request, key, _("The sender isn't a customer on this ticket. You can add the email as a note."))
    except TooMany as problem:
        return _page(request, key, why_too_many(problem))
    except Unreadable:
        return _unreadable(request, key)
    messages.success(request, done % {"number": ticket.number})
    return _back(request)


@admitted
@require_POST
def dismissal(request: Admitted, key: int) -> HttpResponseBase:
    """Put a mail away."""
    found = get_object_or_404(Incoming, pk=key)
    try:
        reviewing.dismiss(found, because=request.POST.get("because", ""), by=request.person, at=request.at)
    except reviewing.NoReason:
        return _page(request, key, _("Choose a reason."))
    except reviewing.Settled:
        return _settled(request)
    messages.success(request, _("It is put away."))
    return _back(request)


@admitted
@require_POST
def second_look(request: Admitted, key: int) -> HttpResponseBase:
    """Let a mail be looked into once more."""
    try:
        reviewing.look_again(get_object_or_404(Incoming, pk=key), by=request.person, at=request.at)
    except reviewing.Settled:
        return _settled(request)
    messages.success(request, _("It is looked into once more."))
    return _back(request)


@admitted
@require_POST
def trial(request: Admitted) -> HttpResponseBase:
    """Open the mailbox once, and tell what its server said."""
    if not settings.IMAP:
        messages.info(request, _("No mailbox is set: set PUNTUALE_IMAP and start anew."))
    elif problem := fetching.problem_of(fetching.Source(**settings.IMAP)):
        messages.error(request, _("The mailbox cannot be opened. Its server said: %(words)s") % {"words": problem})
    else:
        messages.success(request, _("The mailbox can be opened."))
    return redirect("office_mail")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the mail that became no message is looked at: its sort, and why it became none or "" for any reason."""

    sort: str
    because: str

    @classmethod
    def read(cls, request: Admitted) -> "Asked":
        """Return what an address asks for; what is no sort is what waits."""
        sort = request.GET.get("show", "")
        return cls(
            sort if sort in reviewing.SORTS else reviewing.WAITING,
            request.GET.get("because", "").replace("\0", "")[:40],
        )

    @property
    def address(self) -> str:
        """Return it as a query, ending in `&`."""
        return f"{urlencode({'show': self.sort, 'because': self.because})}&"


def _back(request: Admitted) -> HttpResponseBase:
    return redirect(f"{reverse('office_mail')}?{Asked.read(request).address.rstrip('&')}")


def _settled(request: Admitted) -> HttpResponseBase:
    messages.info(request, _("Somebody has already said what becomes of it."))
    return _back(request)


def _unreadable(request: Admitted, key: int) -> HttpResponse:
    return _page(request, key, _("This email can't be read. Download it and create the ticket yourself."))


def _page(request: Admitted, key: int = 0, problem: str = "", address: str = "") -> HttpResponse:
    asked, counts = Asked.read(request), reviewing.counts()
    page = {
        "page": lists.page(reviewing.of_sort(asked.sort, asked.because), request.GET.get("page", "")),
        "asked": asked,
        "sorts": [(sort, sum(by_reason.values())) for sort, by_reason in counts.items()],
        "by_reason": counts[asked.sort],
        "mailboxes": Mailbox.objects.order_by("name"),
        "mail_to": settings.MAIL_TO,
        "trusted_host": settings.MAIL_TRUSTED_HOST,
        "reasons": reviewing.REASONS,
        "refused": key,
        "problem": problem,
        "address": address,
    }
    return render(request, "office/mail.html", page, status=422 if problem else 200)
