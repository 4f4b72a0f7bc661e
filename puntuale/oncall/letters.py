"""Pages, codes and notices in words, for one person in her language and zone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from puntuale.guarantee import zones
from puntuale.oncall import acknowledging, reading
from puntuale.oncall.contacts import CODE
from puntuale.oncall.models import Contact, GapNotice, HandOver, InVain, Page, Paging
from puntuale.oncall.notices import GAP, HAND_OVER
from puntuale.oncall.paging import IN_VAIN, PAGE
from puntuale.people.models import Person
from puntuale.sending.kinds import Kind
from puntuale.sending.kinds import register as register_kind
from puntuale.sending.letters import Letter
from puntuale.sending.models import Intent
from puntuale.tickets.models import PromiseMade
from puntuale.wording import durations, moments
from puntuale.wording.languages import words

MOST_LISTED = 50


def register() -> None:
    """Let pages, codes and notices be told."""
    register_kind(Kind(PAGE, unwanted=pages_over, write=page))
    register_kind(Kind(IN_VAIN, unwanted=paging_over, write=in_vain, for_managers=True))
    register_kind(Kind(CODE, unwanted=codes_over, write=code))
    register_kind(Kind(HAND_OVER, unwanted=hand_overs_over, write=hand_over))
    register_kind(Kind(GAP, unwanted=nothing_over, write=gap, for_managers=True))


# --- looking again, right before sending -----------------------------------------------------------------------------


def pages_over(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some pages need not be sent any more: the promise has ended, or somebody is on it."""
    found = Page.objects.filter(pk__in={intent.about for intent in intents}).select_related("paging__promise__ending")
    why = {page.pk: _why_over(page.paging) for page in found.prefetch_related("paging__acknowledgements")}
    return {intent.pk: why[intent.about] for intent in intents if why.get(intent.about)}


def _why_over(paging: Paging) -> str:
    if hasattr(paging.promise, "ending"):
        return "no_longer_owed"
    held = any(one.lapsed_at is None for one in paging.acknowledgements.all())
    return "acknowledged" if held else ""


def paging_over(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why managers need not be told any more that a paging was in vain."""
    found = InVain.objects.filter(pk__in={intent.about for intent in intents}).select_related("paging__promise__ending")
    why = {time.pk: _why_over(time.paging) for time in found.prefetch_related("paging__acknowledgements")}
    return {intent.pk: why[intent.about] for intent in intents if why.get(intent.about)}


def codes_over(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some codes need not be sent any more."""
    alive = set(Contact.objects.filter(removed_at=None, verified_at=None).exclude(code="").values_list("pk", flat=True))
    return {intent.pk: "contact_removed" for intent in intents if intent.about not in alive}


def hand_overs_over(intents: Sequence[Intent]) -> Mapping[int, str]:
    """Return why some notices need not be sent any more: somebody else has that turn by now."""
    over = {}
    for notice in HandOver.objects.filter(pk__in={intent.about for intent in intents}).select_related("rota"):
        rota = reading.as_rota(notice.rota, at=notice.told_at)
        if rota.on_call(notice.start_at) != notice.person_id:
            over[notice.pk] = "not_on_call"
    return {intent.pk: over[intent.about] for intent in intents if intent.about in over}


def nothing_over(intents: Sequence[Intent]) -> Mapping[int, str]:  # noqa: ARG001
    """Return that all is still wanted."""
    return {}


# --- in words --------------------------------------------------------------------------------------------------------


def page(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return a page, with the link by which it is acknowledged; or several in one, when there are very many."""
    person = _reader(intents)
    found = Page.objects.filter(pk__in=[intent.about for intent in intents])
    pages = list(found.select_related("paging__promise", "paging__ticket__organisation").order_by("pk"))
    said, first = words(person.language), pages[0]
    if len(pages) > 1:
        subject = said.ngettext("%(count)d ticket needs an answer", "%(count)d tickets need an answer", len(pages))
        lines = [subject % {"count": len(pages)}, ""]
        for one in pages[:MOST_LISTED]:
            lines += [_headline(one.paging, person, at), link_of(one, person), ""]
        return Letter(lines[0], "\n".join(lines), _desk(person))
    paging, link = first.paging, link_of(first, person)
    lines = [
        _headline(paging, person, at),
        paging.ticket.organisation.name,
        "",
        said.gettext("Say that you are on it (no login needed):"),
        link,
        "",
        said.gettext("That stops the pages to everybody. It is no answer: the customer still waits for yours."),
        f"{_desk(person)}{paging.ticket_id}/",
    ]
    return Letter(_headline(paging, person, at), "\n".join(lines) + "\n", link)


def in_vain(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return that everybody was paged and nobody is on it."""
    person = _reader(intents)
    said = words(person.language)
    found = Paging.objects.filter(in_vain__in=[intent.about for intent in intents]).distinct()
    pagings = list(found.select_related("promise", "ticket", "chain").order_by("rank", "pk"))
    lines = []
    for paging in pagings[:MOST_LISTED]:
        told = {"chain": paging.chain.name, "ticket": _headline(paging, person, at)}
        lines += [said.gettext("Nobody is on it: %(ticket)s") % told]
        lines += [said.gettext("Everybody of the chain %(chain)s was paged in vain.") % told]
        lines += [f"{_desk(person)}{paging.ticket_id}/", ""]
    return Letter(lines[0], "\n".join(lines), f"{_desk(person)}{pagings[0].ticket_id}/")


def code(intents: Sequence[Intent], at: datetime) -> Letter:  # noqa: ARG001
    """Return the code that proves that somebody reads what comes this way."""
    person, contact = _reader(intents), Contact.objects.get(pk=intents[-1].about)
    said = words(person.language)
    told = {"code": contact.code}
    subject = said.gettext("%(code)s is your code for pages from Puntuale") % told
    text = said.gettext("Enter it on the page On call. It holds for fifteen minutes.")
    return Letter(subject, f"{subject}\n\n{text}\n{_desk(person)}oncall/\n", f"{_desk(person)}oncall/")


def hand_over(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return that somebody is on call soon."""
    person = _reader(intents)
    said = words(person.language)
    notices = list(
        HandOver.objects.filter(pk__in=[one.about for one in intents]).select_related("rota").order_by("start_at")
    )
    lines = []
    for notice in notices:
        told = {"rota": notice.rota.name} | _span(notice, person, at)
        lines.append(said.gettext("You are on call (%(rota)s) from %(from)s until %(until)s %(zone)s.") % told)
    return Letter(lines[0], "\n".join([*lines, "", f"{_desk(person)}oncall/"]) + "\n", f"{_desk(person)}oncall/")


def gap(intents: Sequence[Intent], at: datetime) -> Letter:
    """Return that nobody will be on call for a while."""
    person = _reader(intents)
    said = words(person.language)
    found = GapNotice.objects.filter(pk__in=[intent.about for intent in intents]).select_related("chain")
    lines = []
    for notice in found.order_by("start_at"):
        told = {"chain": notice.chain.name} | _span(notice, person, at)
        lines.append(said.gettext("Nobody is on call (%(chain)s) from %(from)s until %(until)s %(zone)s.") % told)
    link = f"{settings.BASE_URL}/{person.language}/office/promises/"
    return Letter(lines[0], "\n".join([*lines, "", link]) + "\n", link)


def link_of(page: Page, person: Person) -> str:
    """Return the address at which a page is acknowledged with one tap, without a login."""
    return f"{settings.BASE_URL}/{person.language}/page/{acknowledging.token_of(page)}/"


def time_left(promise: PromiseMade, language: str, at: datetime) -> str:
    """Return `0:59 left`, or since when an answer is overdue."""
    said, due = words(language), promise.due_at
    assert due is not None
    if at > due:
        return said.gettext("missed %(time)s ago") % {"time": durations.rough(at - due, language)}
    return said.gettext("%(time)s left") % {"time": durations.countdown(int((due - at).total_seconds()))}


def _headline(paging: Paging, person: Person, at: datetime) -> str:
    ticket = paging.ticket
    left = time_left(paging.promise, person.language, at)
    return f"#{ticket.number} P{paging.promise.priority} \N{MIDDLE DOT} {left} \N{MIDDLE DOT} {ticket.subject}"


def _span(notice: HandOver | GapNotice, person: Person, at: datetime) -> dict[str, str]:
    zone = zones.zone(person.zone_name)
    return {
        "from": moments.near_moment(notice.start_at, person.language, zone, now=at),
        "until": moments.near_moment(notice.end_at, person.language, zone, now=at),
        "zone": moments.zone_letters(notice.start_at, zone),
    }


def _reader(intents: Sequence[Intent]) -> Person:
    person = intents[0].person
    assert person is not None
    return person


def _desk(person: Person) -> str:
    return f"{settings.BASE_URL}/{person.language}/desk/"
