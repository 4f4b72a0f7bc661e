"""Mail that waits for a person, and whether mail comes in at all."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puntuale.agreements.reading import NothingInForce
from puntuale.looks.admission import admitted
from puntuale.looks.requests import Admitted
from puntuale.mail.incoming import fetching, reviewing
from puntuale.mail.models import Incoming, Mailbox
from puntuale.office import lists
from puntuale.people.email import normalised
from puntuale.people.models import Person
from puntuale.tickets.models import Ticket
from puntuale.tickets.searching import NUMBER


@admitted
@require_safe
def mail(request: Admitted) -> HttpResponse:
    """Show what waits, the latest first."""
    return _page(request)


@admitted
@require_POST
def opening(request: Admitted, key: int) -> HttpResponseBase:
    """Open a ticket for a customer."""
    found = get_object_or_404(Incoming, pk=key)
    address = normalised(request.POST.get("address", "")[:320])
    person = Person.objects.filter(email=address, organisation__isnull=False, left_at=None).first()
    if person is None:
        return _page(request, key, _("No customer has this address."), address)
    try:
        ticket = reviewing.open_for(found, person, by=request.person, at=request.at)
    except reviewing.Settled:
        return _settled(request)
    except NothingInForce:
        return _page(request, key, _("No agreement is in force, so no promise can be made."), address)
    messages.success(request, _("Ticket #%(number)d is open.") % {"number": ticket.number})
    return redirect("office_mail")


@admitted
@require_POST
def attachment(request: Admitted, key: int) -> HttpResponseBase:
    """Write a mail on a ticket, as a note."""
    found = get_object_or_404(Incoming, pk=key)
    number = NUMBER.fullmatch(request.POST.get("ticket", "").strip())
    ticket = Ticket.objects.filter(pk=int(number[1])).first() if number else None
    if ticket is None:
        return _page(request, key, _("There is no ticket with this number."))
    try:
        reviewing.attach(found, ticket, by=request.person, at=request.at)
    except reviewing.Settled:
        return _settled(request)
    messages.success(request, _("It is a note on ticket #%(number)d now.") % {"number": ticket.number})
    return redirect("office_mail")


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
    return redirect("office_mail")


@admitted
@require_POST
def second_look(request: Admitted, key: int) -> HttpResponseBase:
    """Let a mail be looked into once more."""
    try:
        reviewing.look_again(get_object_or_404(Incoming, pk=key), by=request.person, at=request.at)
    except reviewing.Settled:
        return _settled(request)
    messages.success(request, _("It is looked into once more."))
    return redirect("office_mail")


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


def _settled(request: Admitted) -> HttpResponseBase:
    messages.info(request, _("Somebody has already said what becomes of it."))
    return redirect("office_mail")


def _page(request: Admitted, key: int = 0, problem: str = "", address: str = "") -> HttpResponse:
    page = {
        "page": lists.page(reviewing.waiting(), request.GET.get("page", "")),
        "mailboxes": Mailbox.objects.order_by("name"),
        "mail_to": settings.MAIL_TO,
        "trusted_host": settings.MAIL_TRUSTED_HOST,
        "reasons": reviewing.REASONS,
        "refused": key,
        "problem": problem,
        "address": address,
    }
    return render(request, "office/mail.html", page, status=422 if problem else 200)
