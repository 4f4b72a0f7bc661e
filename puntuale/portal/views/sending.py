"""Sending a ticket: the form, the instants it promises, and taking it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puntuale.agreements.reading import agreement_in_force, contract_in_force, products_on_offer
from puntuale.guarantee.agreement import Agreement, PriorityBarred, UnknownTerm
from puntuale.looks import throttling
from puntuale.looks.admission import admitted
from puntuale.looks.files import SentFiles, sent_files
from puntuale.looks.forms import forget_sent
from puntuale.looks.keys import as_taken
from puntuale.looks.requests import Admitted, language
from puntuale.people.models import Person
from puntuale.portal import colleagues
from puntuale.portal.choices import Choice, choices
from puntuale.portal.forms import NewTicket
from puntuale.portal.refusals import why
from puntuale.tickets import attachments, drafts, following
from puntuale.tickets.attachments import FilesRefused
from puntuale.tickets.keys import is_key
from puntuale.tickets.limits import TooMany
from puntuale.tickets.models import Ticket
from puntuale.tickets.once import KeySpent
from puntuale.tickets.submission import SubmittedByAnother, sent_just_now, submit
from puntuale.tickets.texts import TextRefused
from puntuale.wording import moments

LONGEST_ASKED = 2_000
PLACE = drafts.Place.NEW_TICKET


@admitted
@require_http_methods(["GET", "HEAD", "POST"])
def new_ticket(request: Admitted) -> HttpResponseBase:
    """Show the form of a new ticket, with the instant by which each priority would be answered, and take it."""
    agreement = agreement_in_force(request.at)
    if request.method != "POST":
        return _begun(request, agreement)
    sent = sent_files(request)
    if "refresh" in request.POST:
        return _form_page(request, NewTicket(agreement, language(), draft=request.POST.dict()), sent)
    form = NewTicket(agreement, language(), request.POST)
    ticket = _submitted(request, form, sent) if form.is_valid() and not sent.problems else None
    if ticket is None:
        return _form_page(request, form, sent, status=422)
    forget_sent(request, place=PLACE, ticket=None)
    messages.success(request, _thanks(ticket, request))
    return as_taken(request, redirect("ticket", number=ticket.number))


@admitted
@require_safe
def priorities(request: Admitted) -> HttpResponse:
    """Give the priorities of the form anew: for another environment or product, or a later instant."""
    return render(request, "portal/priorities.html", {"choices": _choices(request, request.GET)})


def _begun(request: Admitted, agreement: Agreement) -> HttpResponse:
    """Show the form with what is kept of it. What the link that leads here fills in replaces nothing that was typed."""
    kept, asked = drafts.kept(request.person, place=PLACE, ticket=None), _asked(request)
    if kept is None:
        return _form_page(request, NewTicket(agreement, language(), draft=asked), SentFiles())
    typed = (kept.fields or {}) | {"subject": kept.subject, "body": kept.body}
    known = asked | {name: text for name, text in typed.items() if text}
    form = NewTicket(agreement, language(), draft=known, key=kept.key)
    sent = SentFiles(keys=[one.key for one in attachments.of_draft(kept)])
    return _form_page(request, form, sent, version=kept.version, chosen=known)


def _asked(request: Admitted) -> dict[str, str]:
    """Return what a link on another page fills in: `?product=Telephony&subject=...`, by the name of the product."""
    asked = {
        name: request.GET[name][:LONGEST_ASKED] for name in ("subject", "body", "environment") if name in request.GET
    }
    called = request.GET.get("product", "")[:LONGEST_ASKED].replace("\0", "")
    product = products_on_offer().filter(name__iexact=called).first() if called else None
    return asked | ({"product": str(product.pk)} if product else {})


def _submitted(request: Admitted, form: NewTicket, sent: SentFiles) -> Ticket | None:
    """Return the ticket that was sent, or None, told in the form, when it cannot be taken."""
    said = form.cleaned_data
    try:
        along = colleagues.named(request.person, said["colleagues"])
        return _taken(request, said, along, sent)
    except TextRefused as problem:
        form.refuse(problem)
    except colleagues.UnknownColleagues as problem:
        form.add_error("colleagues", problem.text)
    except FilesRefused as problem:
        sent.problems.append(why(problem))
    except (PriorityBarred, UnknownTerm) as problem:
        form.add_error("priority", why(problem))
    except TooMany as problem:
        form.add_error("priority" if problem.what == "urgent" else None, why(problem))
        throttling.refuse(request, problem.seconds)
    except (SubmittedByAnother, KeySpent):
        form.spend_key()
        form.add_error(None, _("This form has expired. Please send it again."))
    return None


def _taken(request: Admitted, said: Mapping[str, Any], along: Sequence[Person], sent: SentFiles) -> Ticket:
    """Return the new ticket with the colleagues who read along: both, or neither."""
    text = {"subject": said["subject"], "body": said["body"]}
    with transaction.atomic():
        if before := sent_just_now(request.person, **text, files=sent.keys, at=request.at):
            return before
        ticket = submit(
            requester=request.person,
            **text,
            environment=said["environment"],
            product=said["product"],
            priority=said["priority"] or None,
            key=said["key"],
            at=request.at,
            files=sent.keys,
        )
        for person in along:
            following.follow(ticket, person=person, by=request.person, at=request.at)
        return ticket


def _thanks(ticket: Ticket, request: Admitted) -> str:
    if ticket.due_at is None:
        return _("Ticket #%(number)s is in.") % {"number": ticket.number}
    due = moments.near(ticket.due_at, language(), request.zone, now=request.at)
    return _("Ticket #%(number)s is in. A person answers by %(due)s.") % {"number": ticket.number, "due": due}


def _form_page(
    request: Admitted,
    form: NewTicket,
    sent: SentFiles,
    *,
    status: int = 200,
    version: str = "",
    chosen: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show the form. `version` is that of the draft in it, and `chosen` what it says; without, what was sent."""
    context = {
        "form": form,
        "version": version,
        "is_again": request.method == "POST",
        "files": sent.kept(request),
        "file_problems": sent.problems,
        "choices": _choices(request, request.POST if chosen is None else chosen),
        "suggested": colleagues.colleagues(request.person)[: colleagues.MOST_SUGGESTED],
    }
    return render(request, "portal/new_ticket.html", context | _contract(request), status=status)


def _contract(request: Admitted) -> dict[str, str]:
    """Return the name of the plan and until when it runs; nothing without a contract."""
    contract = contract_in_force(request.person.organisation, request.at)
    if contract is None:
        return {}
    until = ""
    if contract.ends_at:
        until = moments.plain_day(contract.ends_at.astimezone(request.zone).date(), language())
    # A contract repaired by hand may be on a plan that the agreement does not have; then its key must do.
    names = {plan.key: plan.name.in_language(language()) for plan in agreement_in_force(request.at).plans}
    return {"plan": names.get(contract.plan, contract.plan), "until": until}


def _wanted(asked: Mapping[str, Any]) -> str | None:
    """Return the priority that was chosen, also where another stood in for it when its environment did not allow it."""
    wanted, _colon, stand_in = str(asked.get("wanted", "")).partition(":")
    chosen = asked.get("priority")
    return wanted if wanted and stand_in == chosen else chosen


def _choices(request: Admitted, asked: Mapping[str, Any]) -> list[Choice]:
    agreement = agreement_in_force(request.at)
    environment, product = asked.get("environment", ""), asked.get("product", "")
    if environment not in {place.key for place in agreement.environments}:
        environment = agreement.environments[0].key
    return choices(
        request.person,
        environment=environment,
        product=products_on_offer().filter(pk=product).first() if is_key(product) else None,
        chosen=_wanted(asked),
        language=language(),
        zone=request.zone,
        at=request.at,
    )
