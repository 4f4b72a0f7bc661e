"""The queue: narrowed and kept, searched, given away by the handful, and worked through without a mouse."""

from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation
from puntuale.tickets.models import SavedFilter, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tickets(company, now):
    """Three tickets in the order in which they fall due, and one that is over."""
    before = now.at - timedelta(minutes=20)
    found = {
        "calls": company.ticket(company.anna, "1", before, subject="Calls drop", body="Il centralino è caduto."),
        "echo": company.ticket(company.andrea, "2", now.at, subject="An echo on each line"),
        "queue": company.ticket(company.paola, "3", now.at, subject="Aggiungere una coda", body="È possibile?"),
        "over": company.ticket(company.anna, "3", before, subject="Spelling of a name"),
    }
    conversation.answer(found["over"], body="Done.", by=company.grace, at=now.at, then=Phase.RESOLVED)
    return found


@pytest.fixture
def ada(visitor, tickets):
    return visitor().signs_in("ada@puntuale.test")


def focused(visitor):
    return visitor.page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id")


def presses(visitor, *keys):
    visitor.page.wait_for_load_state()
    for key in keys:
        visitor.page.keyboard.press(key)
    return visitor


def test_a_queue_is_narrowed_kept_and_found_again(ada, tickets):
    ada.page.click("[data-filter]")
    ada.page.select_option("#filter-plan", "advanced")
    ada.page.select_option("#filter-priority", "2")
    ada.is_content().page.click("text=Narrow down")
    ada.sees("An echo on each line").does_not_see("Calls drop", "Aggiungere")
    ada.page.fill("#filter-name", "Slow but dear")
    ada.is_content().page.click("main button:text-is('Save')")
    ada.sees("Saved.", "Slow but dear").opens("/en/desk/").sees("Calls drop").page.click("text=Slow but dear")
    ada.sees("An echo on each line").does_not_see("Calls drop").is_content()
    # The way back and the next ticket stay within what it was narrowed to.
    ada.page.click("text=An echo on each line")
    ada.page.click("text=Next ticket")
    ada.sees("Nothing else stands in this queue.", "An echo on each line").does_not_see("Calls drop")
    ada.page.click("text=Delete the filter Slow but dear", force=True)
    ada.sees("The filter is deleted.").does_not_see("Slow but dear")
    assert not SavedFilter.objects.exists()


def test_a_search_finds_numbers_stems_organisations_and_people(ada, tickets):
    calls, echo, queue = (tickets[name].subject for name in ("calls", "echo", "queue"))
    finds = {
        f"#{tickets['queue'].number}": (queue, calls),
        "lines": (echo, calls),
        "le code": (queue, calls),
        "e caduto": (calls, echo),
        "Fabrikam": (queue, calls),
        "andrea rossi": (echo, queue),
    }
    for asked, (there, not_there) in finds.items():
        ada.page.fill("#q", asked)
        ada.page.press("#q", "Enter")
        ada.page.wait_for_url("**/search/?q=*")
        ada.sees(there).does_not_see(not_there)
        assert ada.page.input_value("#q") == asked
    ada.is_content().page.fill("#q", "<script>alert(1)</script>")
    ada.page.press("#q", "Enter")
    ada.sees("Nothing found for “<script>alert(1)</script>”.").is_content()


def test_several_tickets_are_given_away_at_once(ada, visitor, company, tickets):
    for name in ("calls", "queue"):
        ada.page.check(f"[name=tickets][value='{tickets[name].number}']")
    ada.page.select_option("#bulk-to", label="Grace Hopper")
    ada.is_content().page.click("button:has-text('Assign')")
    ada.sees("2 tickets given to Grace Hopper.").is_content()
    grace = visitor().signs_in("grace@puntuale.test").opens("/en/desk/queues/mine/")
    grace.sees("Calls drop", "Aggiungere una coda").does_not_see("An echo on each line")
    assert list(differences(Ticket.objects.all())) == []


def test_from_triage_to_the_next_ticket_without_a_mouse(ada, company, tickets):
    assert focused(presses(ada, "j")) == "Calls drop"
    assert focused(presses(ada, "j", "j", "j")) == "Aggiungere una coda"
    assert focused(presses(ada, "k", "ArrowUp")) == "Calls drop"
    presses(ada, "x")
    assert ada.page.is_checked(f"[name=tickets][value='{tickets['calls'].number}']")
    presses(ada, "o").sees("Answer to Anna")
    presses(ada, "a").sees("Agent Ada Byron", "Ada Byron took it")
    presses(ada, "n")
    assert focused(ada) == "note"
    ada.page.keyboard.type("Looks like the rollout?")
    presses(ada, "Control+Enter").sees("Looks like the rollout?", "Internal note · Ada Byron")
    presses(ada, "c").sees("Where does it really happen?")
    ada.page.go_back()
    presses(ada.sees("Answer to Anna"), "r")
    assert focused(ada) == "answer"
    ada.page.keyboard.type("Just a moment, jack")
    presses(ada, "Control+Enter").sees("answered: the promise is kept.", "Just a moment, jack")
    presses(ada, "e").sees("State: resolved")
    presses(ada, "]").sees("An echo on each line", "Answer to Andrea")
    presses(ada, "g", "m").sees("Mine")
    ada.page.wait_for_url("**/queues/mine/")
    presses(ada, "g", "d").page.wait_for_url("**/desk/")
    ada.sees("2 open").does_not_see("Calls drop").is_content()
    presses(ada, "/")
    assert focused(ada) == "q"
    assert list(differences(Ticket.objects.all())) == []


def test_the_keys_are_listed_and_do_nothing_while_somebody_writes(ada, tickets):
    presses(ada, "?").sees("next in the list", "reclassify", "Keys do nothing while you write.").is_content()
    presses(ada, "g", "m", "j")
    assert ada.page.is_visible("#keys")
    presses(ada, "Escape")
    assert not ada.page.is_visible("#keys")
    ada.page.focus("#q")
    ada.page.keyboard.type("j?gm/")
    assert ada.page.input_value("#q") == "j?gm/"
    ada.page.fill("#q", "")
    ada.page.check(f"[name=tickets][value='{tickets['calls'].number}']")
    ada.page.focus("#bulk-to")
    presses(ada, "j", "g", "a")
    assert focused(ada).startswith("me")
    ada.opens(f"/en/desk/{tickets['calls'].number}/").page.focus("#answer")
    ada.page.keyboard.type("ace]n?")
    assert ada.page.input_value("#answer") == "ace]n?"
    ada.sees("Agent –", "State: open")
    ada.page.evaluate("document.activeElement.blur()")
    for combined in ("Control+a", "Alt+n", "Meta+e"):
        presses(ada, combined)
    assert ada.page.is_visible("#answer")
    ada.sees("Agent –", "State: open")


def test_the_keys_can_be_switched_off(ada, tickets):
    ada.opens("/en/preferences/").page.uncheck("text=Keyboard shortcuts")
    ada.is_content().page.click("main button:text-is('Save')")
    ada.sees("Saved.").opens("/en/desk/").does_not_see("all keys").is_content()
    before = focused(ada)
    presses(ada, "j", "?", "g", "m")
    assert focused(ada) == before
    assert ada.page.query_selector("#keys") is None
    assert ada.page.url.endswith("/en/desk/")
