"""Every page of the desk, on every screen, in both themes: nothing to complain of, nothing wider than the screen."""

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation, merging, resolution, saved_filters, saved_replies
from puntuale.tickets.models import Cancellation, Grounds
from puntuale.tickets.queues import Filter, View

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

LONG = "Averyveryverylongwordthatneverends" * 6


@pytest.fixture
def busy(company, now):
    """A desk where everything that can happen has happened, in the longest words."""
    customer = company.andrea
    missed = company.ticket(customer, "1", now.at, subject=LONG, body=f"> {LONG}\n\n`{LONG}`\n\n{LONG}")
    now.is_("2026-11-20T17:30:00+01:00")
    running = company.ticket(company.anna, "1", now.at, subject="Running", body=LONG)
    made = classification.reclassify(running, to="3", because=Grounds.HOW_TO, telling=LONG, by=company.ada, at=now.at)
    classification.disagree(made, text=LONG, by=company.anna, at=now.at)
    classification.report_impact(running, to="1", text=LONG, by=company.anna, at=now.at)
    classification.reclassify(missed, to="3", because=Grounds.OTHER, telling=LONG, by=company.ada, at=now.at)
    conversation.note(running, body=f"@mara {LONG}", by=company.ada, at=now.at)
    conversation.follow_up(running, body=LONG, by=company.anna, at=now.at)
    resolved = company.ticket(customer, "2", now.at, subject="Resolved")
    conversation.answer(resolved, body=f"> {LONG}\n\nYes.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    merged = company.ticket(customer, "2", now.at, subject="Merged")
    merging.merge(merged, into=resolved, by=company.ada, at=now.at)
    cancelled = company.ticket(customer, "2", now.at, subject="Cancelled", product=company.transcripts)
    because = Cancellation.Because.OTHER
    resolution.cancel(cancelled, because=because, telling=LONG, of=None, by=company.ada, at=now.at)
    saved_filters.save(name=LONG[:60], view=View.ALL, narrowed=Filter(priority="2"), by=company.mara, at=now.at)
    reply = saved_replies.save(title=LONG[:90], body=LONG, language="it", takes=True, by=company.ada, at=now.at)
    most = ["", "queues/review/", "queues/all/?priority=2", f"{running.number}/reclassification/?to=1&because=other"]
    return {
        "most": [*most, *(f"{ticket.number}/" for ticket in (missed, running, resolved))],
        "others": [
            "queues/mentions/",
            "queues/missed/",
            "search/",
            f"search/?q={LONG[:150]}",
            "new/",
            "new/?who=northwind",
            f"new/{company.anna.pk}/",
            "replies/",
            "replies/new/",
            f"replies/{reply.pk}/",
            f"{running.number}/reclassification/",
            *(f"{ticket.number}/" for ticket in (merged, cancelled)),
        ],
    }


EVERYWHERE = [
    ("en", 390, "light", {"most", "others"}),
    ("en", 1280, "dark", {"most", "others"}),
    ("en", 390, "dark", {"most"}),
    ("en", 1280, "light", {"most"}),
    ("en", 3840, "light", {"most"}),
    ("it", 390, "dark", {"most"}),
    ("de", 390, "light", {"most"}),
]


@pytest.mark.parametrize(("language", "width", "scheme", "pages"), EVERYWHERE)
def test_every_page_of_the_desk_is_content(visitor, company, busy, language, width, scheme, pages):
    company.mara.language = language
    company.mara.save()
    mara = visitor(width=width, scheme=scheme).signs_in("mara@puntuale.test")
    for path in (path for name, paths in busy.items() if name in pages for path in paths):
        mara.opens(f"/{language}/desk/{path}")
        mara.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        mara.is_content()


def test_on_paper_a_ticket_is_its_promise_and_what_was_said(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.note(ticket, body="Ask Jonas.", by=company.grace, at=now.at)
    conversation.answer(ticket, body="We see it too.", by=company.grace, at=now.at)
    ada = visitor(scheme="dark").signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    ada.page.emulate_media(media="print")
    ada.sees("Calls drop", f"#{ticket.number} · Northwind Telephony", "answered in time", "Since this morning.")
    # A note stays marked as one, so that a sheet is not handed to the customer by mistake.
    ada.sees("Internal note", "customers never see this", "Ask Jonas.", "We see it too.")
    ada.does_not_see("Answer to Anna", "Take it", "Cancel the ticket", "Back to the queue", "Preview", "Saved replies")
    assert ada.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    note = "getComputedStyle(document.querySelector('.message.internal')).backgroundColor"
    assert ada.page.evaluate(note) == "rgb(253, 240, 217)", "paper is light, whatever the screen was"


def test_every_page_is_whole_without_scripts(visitor, company, busy):
    mara = visitor(scripts=False).signs_in("mara@puntuale.test")
    for path in busy["most"] + busy["others"]:
        mara.opens(f"/en/desk/{path}").is_content()


@pytest.mark.parametrize("language", ["it", "de"])
def test_nothing_is_wider_than_a_page_that_is_magnified_four_times(visitor, company, busy, language):
    mara = visitor(width=320).signs_in("mara@puntuale.test")
    for path in busy["most"] + busy["others"]:
        mara.opens(f"/{language}/desk/{path}")
        too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert mara.page.evaluate(too_wide) == 0, path


def test_the_keyboard_goes_through_a_ticket_in_the_order_of_reading_and_can_be_seen(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    places = []
    for _ in range(60):
        ada.page.keyboard.press("Tab")
        at = ada.page.evaluate(
            """() => {
              const element = document.activeElement;
              const marked = (element.closest('.segment') || {}).lastElementChild || element.closest('.attach') || element;
              const { top, left } = element.getBoundingClientRect();
              return {
                seen: getComputedStyle(marked).outlineStyle !== 'none' || getComputedStyle(element).outlineStyle !== 'none',
                where: element.closest('aside, main, header')?.tagName ?? 'BODY',
                what: element.outerHTML.slice(0, 200),
              };
            }"""
        )
        if at["where"] == "BODY":
            continue
        assert at["seen"], at["what"]
        places.append(at["where"])
    order = [place for place, before in zip(places, [None, *places], strict=False) if place != before]
    assert order[:3] == ["HEADER", "MAIN", "ASIDE"]
