"""Two at one desk: who else is here, what changed meanwhile, and nobody writes past what the customer just said."""

import time

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Grounds, Message, PromiseEnding, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


@pytest.fixture
def ada(visitor, ticket):
    return visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")


def test_each_sees_that_the_other_looks_and_types(visitor, ada, company, ticket):
    grace = visitor().signs_in("grace@puntuale.test").sees("Ada Byron has it open").is_content()
    grace.opens(f"/en/desk/{ticket.number}/").sees("Ada Byron has this ticket open").is_content()
    ada.looks_again().sees("Grace Hopper has this ticket open")
    with grace.page.expect_response("**/presence/"):
        grace.page.fill("#answer", "Perhaps")
    ada.looks_again().sees("Grace Hopper is typing").is_content()
    grace.opens("/en/desk/")
    deadline = time.monotonic() + 5
    while "Grace Hopper" in ada.looks_again().page.inner_text("#presence"):
        assert time.monotonic() < deadline, "she left, and still seems to be here"
        ada.page.wait_for_timeout(50)


def test_a_page_that_is_open_warns_of_what_came_and_goes_on(ada, company, ticket, now):
    ada.page.fill("#answer", "Please restart it.")
    conversation.follow_up(ticket, body="It works again!", by=company.anna, at=now.at)
    ada.looks_again().sees("It works again!", "Somebody wrote meanwhile.").is_content()
    assert ada.page.input_value("#answer") == "Please restart it."
    assert ada.page.evaluate("document.activeElement.id") == "answer"
    ada.page.click("text=I have read it")
    ada.does_not_see("Somebody wrote meanwhile.")
    ada.page.fill("#answer", "Good to hear.")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.", "Good to hear.")


@pytest.mark.parametrize("scripts", [True, False])
def test_what_came_meanwhile_is_shown_before_anything_is_sent(visitor, company, ticket, now, scripts):
    ada = visitor(scripts=scripts).signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    ada.page.fill("#answer", "Please restart it.")
    ada.page.check("[name=then][value=resolved]", force=True)
    conversation.follow_up(ticket, body="It works again!", by=company.anna, at=now.at)
    ada.page.click("text=Send the answer")
    ada.sees("Not sent yet: somebody wrote meanwhile. Your text is below, as you left it.", "It works again!")
    assert ada.page.input_value("#answer") == "Please restart it."
    assert ada.page.is_checked("[name=then][value=resolved]")
    assert not PromiseEnding.objects.exists()
    ada.complaints.clear()
    ada.is_content().page.fill("#answer", "Good to hear.")
    ada.page.click("text=Send anyway")
    ada.sees("answered: the promise is kept.", "Good to hear.", "State: resolved")
    assert Message.objects.count() == 3
    assert list(differences(Ticket.objects.all())) == []


def test_a_ticket_that_is_open_tells_what_others_do_to_it(visitor, ada, company, ticket, now):
    ada.page.click("text=Internal note")
    ada.page.fill("#note", "I am still typing")
    classification.reclassify(ticket, to="2", because=Grounds.WORKAROUND, telling="So.", by=company.grace, at=now.at)
    ada.looks_again().sees("Priority 1 became 2", "answer by Mon 11:00 CET", "Why Mon 23 Nov 11:00 CET?")
    conversation.answer(ticket, body="Here is how.", by=company.grace, at=now.at, then=Phase.RESOLVED)
    ada.looks_again().sees("Here is how.", "answered in time")
    assert ada.page.input_value("#note") == "I am still typing"
    assert ada.page.evaluate("document.activeElement.id") == "note"
    ada.is_content()


def test_a_queue_that_is_open_keeps_itself_up_to_date(visitor, company, ticket, now):
    ada = visitor().signs_in("ada@puntuale.test").sees("Calls drop", "1 open")
    ada.page.check(f"[name=tickets][value='{ticket.number}']")
    ada.page.focus(f"#ticket-{ticket.number}")
    other = company.ticket(company.andrea, "2", now.at, subject="Also here")
    asked = []
    ada.page.on("response", lambda answer: asked.append(answer.status) if "/rows/" in answer.url else None)
    ada.looks_again().sees("Also here", "2 open").is_content()
    assert ada.page.is_checked(f"[name=tickets][value='{ticket.number}']"), "what was chosen stays chosen"
    assert ada.page.evaluate("document.activeElement.id") == f"ticket-{ticket.number}"
    with ada.page.expect_response("**/rows/**"):
        ada.looks_again()
    assert asked == [200, 304], "what has not changed costs nothing"
    conversation.answer(ticket, body="Yes.", by=company.grace, at=now.at, then=Phase.WAITING)
    ada.looks_again().sees("1 open").does_not_see("Calls drop")
    assert ada.page.evaluate("document.activeElement.id") == f"ticket-{other.number}"


def test_two_take_it_at_once_and_both_see_who_has_it(visitor, ada, company, ticket):
    grace = visitor().signs_in("grace@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    ada.page.click("text=Take it")
    ada.sees("Agent Ada Byron", "Give back").is_content()
    grace.page.click("text=Take it")
    grace.sees("Not done. In the meantime: Ada Byron took it. Check and try again.", "Agent Ada Byron")
    grace.complaints.clear()
    grace.is_content().page.click("text=Take it")
    grace.sees("Agent Grace Hopper", "Ada Byron took it", "Grace Hopper took it").is_content()
    ada.looks_again().sees("Grace Hopper took it")
    assert list(differences(Ticket.objects.all())) == []


def test_a_customer_on_the_phone_gets_a_ticket_and_an_answer(visitor, company, now):
    before = company.ticket(company.andrea, "1", now.at, subject="Echo")
    conversation.answer(before, body="Gone.", by=company.grace, at=now.at, then=Phase.RESOLVED)
    company.ticket(company.andrea, "2", now.at, subject="A second office")
    ada = visitor().signs_in("ada@puntuale.test")
    ada.page.click("nav >> text=New ticket")
    ada.page.fill("#who", "anna northwind")
    ada.is_content().page.click("main button:text-is('Find')")
    ada.sees("Anna Conti Northwind Telephony · anna@northwind.test").is_content().page.click("text=Anna Conti")
    ada.sees("New ticket for Anna Conti", "today 17:00 CET").is_content()
    ada.page.check("#priority-1")
    ada.page.fill("#body", "Nobody hears anybody.")
    ada.page.click("text=Open the ticket")
    ada.sees("The ticket has not been sent yet.", "This field is required.")
    ada.complaints.clear()
    ada.page.fill("#subject", "Silence on the line")
    ada.page.fill("#answer", "We restart it while we talk.")
    ada.is_content().page.click("text=Open the ticket")
    ada.sees("is in.", "answered in time", "Nobody hears anybody.", "We restart it while we talk.").is_content()
    # Beside the conversation stands whom it is about, and how well we kept our word.
    ada.sees("Northwind Telephony Advanced kept 1 of the last 1", "Reads English", "Time there 16:00 CET")
    ada.sees("Open promises", "A second office P2 · Mon 11:00", "Answered before", "Echo resolved")
    anna = visitor().signs_in("anna@northwind.test")
    anna.page.click("text=Silence on the line")
    anna.sees("answered in time", "We restart it while we talk.").is_content()
