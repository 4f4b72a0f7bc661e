"""Everything can be reached by keyboard, fits small screens, and is content in both themes and languages."""

import pytest

from puntuale.tickets import conversation
from puntuale.tickets.models import Ticket

FOCUSED = "document.activeElement.textContent || document.activeElement.name || document.activeElement.tagName"
pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "it"])
def test_every_page_is_content(visitor, company, now, language, width, scheme):
    long = "Averyveryverylongwordthatneverends" * 6
    missed = company.ticket(company.andrea, "1", now.at, subject=long, body=long)
    now.is_("2026-11-20T17:30:00+01:00")
    running = company.ticket(company.andrea, "2", now.at, subject="Running")
    company.ticket(company.andrea, "2", now.at, subject="Beta", product=company.transcripts)
    answered = company.ticket(company.andrea, "1", now.at, subject="Answered")
    conversation.note(answered, body="A note.", by=company.ada, at=now.at)
    conversation.answer(answered, body="Yes.", by=company.ada, at=now.at)

    there = {"en": ["/en/guarantee/", "/en/sign-in/"], "it": ["/it/garanzia/", "/it/accesso/"]}[language]
    someone = visitor(language=language, width=width, scheme=scheme)
    for path in [*there, f"/{language}/nowhere/"]:
        someone.opens(path)
        someone.complaints.clear() if "nowhere" in path else None
        someone.is_content()
    tickets = {"en": "/en/tickets/", "it": "/it/ticket/"}[language]
    new = {"en": "/en/tickets/new/", "it": "/it/ticket/nuovo/"}[language]
    customer = visitor(language=language, width=width, scheme=scheme).signs_in("andrea@northwind.test")
    for path in [tickets, new, *(f"{tickets}{ticket.number}/" for ticket in (missed, running, answered))]:
        customer.opens(path).is_content()
    agent = visitor(language=language, width=width, scheme=scheme).signs_in("ada@puntuale.test")
    for path in [
        "desk/",
        "desk/queues/resolved/",
        *(f"desk/{ticket.number}/" for ticket in (missed, running, answered)),
    ]:
        agent.opens(f"/{language}/{path}").is_content()


def test_a_ticket_can_be_sent_by_keyboard_alone(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens("/en/tickets/new/")
    keys = anna.page.keyboard
    keys.press("Tab")
    assert anna.page.evaluate("document.activeElement.textContent") == "Skip to the content"
    keys.press("Enter")
    keys.press("Tab")
    keys.press("ArrowRight")
    anna.page.wait_for_selector("#priority-1[disabled]")
    keys.press("ArrowLeft")
    anna.page.wait_for_selector("#priority-1:not([disabled])")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("By keyboard")
    keys.press("Tab")
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.type("Not a mouse in sight.")
    on_the_way = []
    while "Send the ticket" not in (at := anna.page.evaluate(FOCUSED)):
        on_the_way.append(at)
        assert len(on_the_way) < 8, on_the_way
        keys.press("Tab")
    keys.press("Enter")
    anna.page.wait_for_selector("text=is in.")
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.priority, ticket.environment) == ("By keyboard", "2", "production")


def test_what_has_the_focus_can_be_seen(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens("/en/tickets/new/")
    for _ in range(14):
        anna.page.keyboard.press("Tab")
        seen = anna.page.evaluate(
            """() => {
              const element = document.activeElement;
              const marked = element.closest('.choice') || (element.closest('.segment') || {}).lastElementChild || element;
              return getComputedStyle(marked).outlineStyle !== 'none' || element === document.body;
            }"""
        )
        assert seen, anna.page.evaluate("document.activeElement.outerHTML")


def test_times_refresh_without_taking_the_focus_or_the_choice_away(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens("/en/tickets/new/")
    anna.page.check("#priority-2")
    anna.page.focus("#priority-2")
    now.is_("2026-11-20T16:30:00+01:00")
    anna.page.evaluate("document.querySelector('#product').dispatchEvent(new Event('change', {bubbles: true}))")
    anna.page.wait_for_selector("text=Mon 11:30 CET")
    assert anna.page.is_checked("#priority-2")
    assert anna.page.evaluate("document.activeElement.id") == "priority-2"
    anna.sees("A person answers by Mon 11:30 CET")
