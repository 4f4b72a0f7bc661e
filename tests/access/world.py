"""A desk with everything in it that a route can be about: two organisations, all roles, tickets in every state.

What the first organisation and the desk say carries a mark, so that a page which shows any of it to others is found.
"""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from puntuale.agreements import drafting, products
from puntuale.mail.incoming import keeping
from puntuale.mail.models import Outcome
from puntuale.oncall import acknowledging, contacts, feeds, paging, rotas
from puntuale.oncall.models import Page, Paging
from puntuale.people import calendar_links, colleagues, domains, membership, roles, sign_on, tokens
from puntuale.people.joining import add_person, invite_first_manager
from puntuale.people.models import Invitation, JoinRequest, Person, Role, SignUp
from puntuale.tickets import (
    attachments,
    classification,
    conversation,
    drafts,
    following,
    merging,
    resolution,
    saved_filters,
    saved_replies,
)
from puntuale.tickets.models import Draft, Grounds
from puntuale.tickets.queues import Filter, View
from puntuale.tickets.waiting import wait
from puntuale.webhooks import endpoints, incoming, phones
from puntuale.webhooks.models import Delivery
from puntuale.whatif import trials
from puntuale.whatif.models import Trial
from tests.company import LONG_AGO, PASSWORD
from tests.duty import arranged
from tests.office.test_agreement import NEXT

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
OURS, NOTES = "zanzibar-of-northwind", "zanzibar-of-the-desk"
"""The marks: in everything that the first organisation writes or gets to read, and in what only the desk may read."""
LOWERED = {"to": "3", "because": Grounds.HOW_TO, "telling": f"{OURS}: it is a question."}


def people(company):
    """One person of each role, and those of the same and of the other organisation. None is somebody not signed in."""

    def person(name, role, of=None):
        email = f"{name.split()[0].lower()}@access.test"
        return add_person(name=name, email=email, password=PASSWORD, role=role, organisation=of, at=LONG_AGO)

    return {
        "nobody": None,
        "requester": company.anna,
        "colleague": person("Carla Colleague", Role.CUSTOMER, company.advanced),
        "their administrator": company.andrea,
        "stranger": company.bruno,
        "administrator of strangers": person("Stella Strange", Role.ORGANISATION_ADMIN, company.basic),
        "agent": company.ada,
        "manager": company.mara,
        "administrator": person("Rita Root", Role.ADMINISTRATOR),
    }


def made(company):
    """Return the world: `people` by what they are, and the rows that routes are about."""
    # A manager who is there already is no first one.
    who = people(company)
    world = SimpleNamespace(company=company, people=who, **_oncall(company), **_desk_things(company))
    for make in (_tickets, _claims, _files, _unsent, _coming_in, _office, _mail):
        vars(world).update(make(world))
    paging.go_round(AT)
    world.paging = Paging.objects.filter(ticket=world.open).get()
    world.page = acknowledging.token_of(Page.objects.filter(paging=world.paging).earliest("pk"))
    world.welcome = _invitation()
    world.token, _ = tokens.issue(
        company.anna, name=f"Token {OURS}", scopes=["read"], lasts=timedelta(days=30), at=AT - MINUTE
    )
    return world


def _ticket(company, minutes=5, **more):
    at = AT - minutes * MINUTE
    return company.ticket(subject=f"Ticket {OURS}", body=f"Words of {OURS}.", at=at, **more)


def _tickets(world):
    company, ada, anna = world.company, world.company.ada, world.company.anna
    found = {name: _ticket(company) for name in ("open", "waiting", "resolved", "cancelled", "merged", "other")}
    found["minor"] = _ticket(company, priority="3")
    found["theirs"] = company.ticket(company.bruno, at=AT - MINUTE, subject="Of strangers", priority="3")
    found["split_off"] = conversation.follow_up(
        found["open"], body=f"And another thing, {OURS}.", by=anna, at=AT - MINUTE
    )
    conversation.note(found["open"], body=f"Between us: {NOTES}.", by=ada, at=AT - MINUTE)
    for name in ("waiting", "resolved"):
        conversation.answer(found[name], body=f"Do this, {OURS}.", by=ada, at=AT - MINUTE)
    wait(found["waiting"], by=ada, at=AT - MINUTE)
    resolution.resolve(found["resolved"], by=ada, at=AT - MINUTE)
    resolution.cancel(
        found["cancelled"],
        because=found["cancelled"].cancellations.model.Because.WITHDRAWN,
        telling="So.",
        of=None,
        by=ada,
        at=AT - MINUTE,
    )
    merging.merge(found["merged"], into=found["other"], by=ada, at=AT - MINUTE)
    following.follow(found["other"], person=company.andrea, by=anna, at=AT - MINUTE)
    return found


def _claims(world):
    """A lowering that waits for a manager, a change that is disputed, and a report that grew."""
    company = world.company
    late, disputed, reported = (_ticket(company, minutes) for minutes in (50, 40, 40))
    lowering = classification.reclassify(late, **LOWERED, by=company.ada, at=AT - MINUTE)
    change, lowered = (
        classification.reclassify(one, **LOWERED, by=company.ada, at=AT - 30 * MINUTE) for one in (disputed, reported)
    )
    undisputed = _ticket(company, 40)
    return {
        "lowering": lowering,
        "disagreement": classification.disagree(change, text=f"No! {OURS}", by=company.anna, at=AT - MINUTE),
        "report": classification.report_impact(
            lowered.ticket, to="1", text=f"All of it! {OURS}", by=company.anna, at=AT - MINUTE
        ),
        "change": classification.reclassify(undisputed, **LOWERED, by=company.ada, at=AT - 30 * MINUTE),
    }


def _files(world):
    company = world.company
    sent, noted, unsent = (
        attachments.take_in(f"{mark}.txt", [f"content of {mark}".encode()], by=by, at=AT - MINUTE)
        for mark, by in ((OURS, company.anna), (NOTES, company.ada), (OURS, company.anna))
    )
    conversation.follow_up(world.open, body="See the file.", by=company.anna, at=AT - MINUTE, files=[sent.key])
    conversation.note(world.open, body="See the file.", by=company.ada, at=AT - MINUTE, files=[noted.key])
    return {"sent_file": sent, "noted_file": noted, "unsent_file": unsent}


def _unsent(world):
    """What people have begun to write, in each box that a form sends: sending it takes the draft away."""
    ada, anna, bruno = world.company.ada, world.company.anna, world.company.bruno
    begun = (
        (ada, Draft.Place.ANSWER, world.open, None, NOTES),
        (ada, Draft.Place.NOTE, world.open, None, NOTES),
        (ada, Draft.Place.PHONE, None, anna, NOTES),
        (anna, Draft.Place.MESSAGE, world.open, None, OURS),
        (anna, Draft.Place.NEW_TICKET, None, None, OURS),
        (bruno, Draft.Place.MESSAGE, world.theirs, None, "Of strangers."),
    )
    for person, place, ticket, caller, mark in begun:
        drafts.keep(person, place=place, ticket=ticket, caller=caller, body=f"Begun: {mark}", at=AT - MINUTE)
    return {}


def _coming_in(world):
    """Somebody who asks to join, one who is invited, and a server that tells who somebody is."""
    company = world.company
    asked = {"organisation": company.advanced, "language": "en", "zone_name": "Europe/Rome", "password": "!"}
    secret = membership.invite(
        company.advanced, to="invited@northwind.test", role=Role.CUSTOMER, by=company.andrea, at=AT
    )
    told = {"name": "Ours", "client_id": "x", "secret": "y", "server": "https://id.northwind.test"}
    return {
        "join": JoinRequest.objects.create(address="nora@northwind.test", name=f"Nora {OURS}", asked_at=AT, **asked),
        "invited_by": secret,
        "invitation": Invitation.objects.get(address="invited@northwind.test"),
        "provider": sign_on.add_provider(company.advanced, by=company.mara, at=AT, **told),
        "sign_up": SignUp.objects.create(
            address="x@free.test", domain="free.test", unchecked_because="error", asked_at=AT, expires_at=AT,
            finished_at=AT, verified_at=AT, person=company.bruno,
        ),
    }  # fmt: skip


def _office(world):
    by = {"by": world.company.mara, "at": AT}
    drafting.save(world.company.mara, NEXT, at=AT)
    hook = endpoints.add(name=f"Hook {NOTES}", url="https://hooks.test/", types=["promise.missed"], **by)
    Delivery.objects.create(endpoint=hook, type="ping", made_at=AT, given_up_at=AT)
    failed = trials.ask(by=world.company.mara, at=LONG_AGO)
    Trial.objects.filter(pk=failed.pk).update(failed_at=LONG_AGO)
    gone = products.shape(None, name="Gone", stage="released", **by)
    products.retire(gone, **by)
    email = "lea@access.test"
    left = add_person(
        name="Lea Left", email=email, password=None, role=Role.CUSTOMER, organisation=world.company.basic, at=LONG_AGO
    )
    roles.leave(left, **by)
    colleagues.invite(to="soon@puntuale.test", role=Role.AGENT, **by)
    return {
        "left": left,
        "colleague": Invitation.objects.get(address="soon@puntuale.test"),
        "webhook": hook,
        **_connected(world),
        "retired": gone,
        "rule": domains.rule("free.test", is_company=True, because=f"Because {NOTES}", **by),
        "gift": domains.give("northwind.test", world.company.advanced, **by),
        "contract": world.company.advanced.contracts.get(),
        "failed_trial": failed,
        "trial": trials.ask(calendar=f"# {NOTES}", **by),
    }


def _connected(world):
    company = world.company
    hook, secret = incoming.add(
        name=f"Monitor {NOTES}",
        kind="monitoring",
        person=company.anna,
        priority="",
        environment="production",
        product=None,
        by=company.mara,
        at=AT,
    )
    number = phones.add(company.anna, number="+39 06 12345678", by=company.mara, at=AT)
    return {
        "hook": hook,
        "hook_secret": secret,
        "number": number,
        "promises_feed": calendar_links.token_of(company.anna),
    }


def _mail(world):
    """A mail that waits for a manager."""
    raw = f"From: nora@elsewhere.test\nSubject: {NOTES}\n\nWords of {NOTES}.\n"
    mail = keeping.keep([raw.encode()], mailbox="pipe", at=AT)
    mail.outcome, mail.because, mail.try_at, mail.subject = Outcome.REVIEW, "stranger", None, NOTES
    mail.save()
    return {"mail": mail}


def _oncall(company):
    duty = arranged(company)
    hours = {"start_at": AT + 60 * MINUTE, "end_at": AT + 120 * MINUTE, "at": AT - MINUTE}
    return {
        "rota": duty.rota,
        "chain": duty.chain,
        "cover": rotas.cover(duty.rota, person=company.grace, by=company.ada, **hours),
        "off": rotas.take_time_off(company.ada, by=company.ada, **hours),
        "contact": contacts.add(company.ada, channel="email", address=f"{NOTES}@puntuale.test", at=AT - MINUTE),
        "feed": feeds.token_of(company.ada),
    }


def _desk_things(company):
    return {
        "reply": saved_replies.save(
            title=f"Reply {NOTES}",
            body="Hello.",
            language="",
            then=None,
            takes=False,
            instead_of=None,
            by=company.ada,
            at=AT,
        ),
        "filter": saved_filters.save(name=f"Filter {NOTES}", view=View.ALL, narrowed=Filter(), by=company.ada, at=AT),
    }


def _invitation():
    """Return the secret of the first manager's link, of a time at which there was none."""
    managers = Person.objects.filter(role__in=(Role.MANAGER, Role.ADMINISTRATOR))
    roles = dict(managers.values_list("pk", "role"))
    managers.update(role=Role.AGENT)
    secret = invite_first_manager(at=AT)
    for key, role in roles.items():
        Person.objects.filter(pk=key).update(role=role)
    return secret
