"""Sending a ticket: the form, the instants it promises, and taking it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puntuale.agreements.reading import agreement_in_force, contract_in_force, products_on_offer
from puntuale.guarantee.agreement import PriorityBarred, UnknownTerm
from puntuale.looks.admission import customers
from puntuale.looks.requests import Admitted, language
from puntuale.portal.choices import Choice, choices
from puntuale.portal.forms import NewTicket
from puntuale.tickets.models import Ticket
from puntuale.tickets.submission import SubmittedByAnother, submit
from puntuale.tickets.texts import TextRefused
from puntuale.wording import moments

LONGEST_KEY = 18


@customers
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: Admitted) -> HttpResponseBase:
    """Show the form of a new ticket, with the instant by which each priority would be answered, and take it."""
    sent = request.POST if request.method == "POST" else None
    form = NewTicket(agreement_in_force(request.at), language(), sent)
    if sent is None or "refresh" in sent:
        return _form_page(request, form)
    ticket = _submitted(request, form) if form.is_valid() else None
    if ticket is None:
        return _form_page(request, form, status=422)
    messages.success(request, _thanks(ticket, request))
    return redirect("ticket", number=ticket.number)


@customers
@require_safe
def priorities(request: Admitted) -> HttpResponse:
    """Give the priorities of the form anew: for another environment or product, or a later instant."""
    return render(request, "portal/priorities.html", {"choices": _choices(request, request.GET)})


def _submitted(request: Admitted, form: NewTicket) -> Ticket | None:
    """Return the ticket that was sent, or None, told in the form, when it cannot be taken."""
    said = form.cleaned_data
    try:
        return submit(
            requester=request.person,
            subject=said["subject"],
            body=said["body"],
            environment=said["environment"],
            product=said["product"],
            priority=said["priority"] or None,
            key=said["key"],
            at=request.at,
        )
    except TextRefused as problem:
        form.refuse(problem)
    except PriorityBarred as problem:
        form.add_error("priority", _barred(problem))
    except UnknownTerm:
        form.add_error("priority", _("Please choose one of these priorities."))
    except SubmittedByAnother:
        form.add_error(None, _("This form has expired. Please send it again."))
    return None


def _barred(problem: PriorityBarred) -> str:
    return _("Priority %(priority)s is not available for %(environment)s. %(meaning)s") % {
        "priority": problem.priority.key,
        "environment": problem.environment.name.in_language(language()),
        "meaning": problem.priority.meaning.in_language(language()),
    }


def _thanks(ticket: Ticket, request: Admitted) -> str:
    if ticket.due_at is None:
        return _("Ticket #%(number)s is in.") % {"number": ticket.number}
    near = moments.near_moment(ticket.due_at, language(), request.zone, now=request.at)
    due = f"{near} {moments.zone_letters(ticket.due_at, request.zone)}"
    return _("Ticket #%(number)s is in. A person answers by %(due)s.") % {"number": ticket.number, "due": due}


def _form_page(request: Admitted, form: NewTicket, status: int = 200) -> HttpResponse:
    agreement = agreement_in_force(request.at)
    contract = contract_in_force(request.person.organisation, request.at)
    plan, until = "", ""
    if contract is not None:
        # A contract repaired by hand may be on a plan that the agreement does not have; then its key must do.
        names = {known.key: known.name.in_language(language()) for known in agreement.plans}
        plan = names.get(contract.plan, contract.plan)
        if contract.ends_at:
            until = moments.plain_day(contract.ends_at.astimezone(request.zone).date(), language())
    asked = request.POST if request.method == "POST" else request.GET
    context = {"form": form, "choices": _choices(request, asked), "plan": plan, "until": until}
    return render(request, "portal/new_ticket.html", context, status=status)


def _choices(request: Admitted, asked: QueryDict) -> list[Choice]:
    agreement = agreement_in_force(request.at)
    environment, product = asked.get("environment", ""), asked.get("product", "")
    if environment not in {place.key for place in agreement.environments}:
        environment = agreement.environments[0].key
    is_key = product.isascii() and product.isdecimal() and len(product) <= LONGEST_KEY
    return choices(
        request.person,
        environment=environment,
        product=products_on_offer().filter(pk=product).first() if is_key else None,
        chosen=asked.get("priority"),
        language=language(),
        zone=request.zone,
        at=request.at,
    )
