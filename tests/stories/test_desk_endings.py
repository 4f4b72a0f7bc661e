"""How a ticket goes on and ends, and that all of it can be taken back."""

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import conversation, merging
from puntuale.tickets.models import Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.anna, "1", now.at)


@pytest.fixture
def ada(visitor, ticket):
    return visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")


@pytest.fixture
def anna(visitor, ticket):
    return visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")


def unfolds(visitor, text):
    visitor.page.click(f"summary:has-text('{text}')")
    return visitor


def nothing_is_amiss():
    return list(differences(Ticket.objects.all())) == []


def test_waiting_going_on_resolving_and_opening_again(ada, ticket):
    # What nobody has answered can neither wait for the customer nor be resolved.
    assert ada.page.locator(".deeds button:has-text('Resolve')").count() == 0
    assert ada.page.locator(".deeds button:has-text('Wait for')").count() == 0
    ada.page.fill("#answer", "Which phone is it?")
    ada.chooses("Leave open")
    ada.page.click("text=Send the answer")
    ada.sees("State: open").page.click(".deeds >> text=Wait for the customer")
    ada.sees("State: waiting for the customer").is_content().page.click("button:has-text('Go on')")
    ada.sees("State: open", "Ada Byron goes on without waiting").page.click(".deeds >> button:has-text('Resolve')")
    ada.sees("Resolved.", "State: resolved").is_content().page.click("button:has-text('Reopen')")
    ada.sees("State: open", "Reopened by Ada Byron", "answered in time").is_content()
    assert nothing_is_amiss()


def test_two_tickets_become_one_and_two_again(ada, anna, company, ticket, now):
    other = company.ticket(company.andrea, "3", now.at, subject="No dial tone")
    unfolds(ada, "Merge into another ticket")
    ada.page.fill("#into", "99999")
    ada.page.click("button:text-is('Merge')")
    ada.sees("There is no ticket with this number.")
    assert ada.page.input_value("#into") == "99999"
    ada.complaints.clear()
    ada.is_content().page.fill("#into", f"#{other.number}")
    ada.page.click("button:text-is('Merge')")
    # The ticket that remains owes the earlier of both promises.
    ada.sees("No dial tone", f"#{ticket.number} was merged into this ticket", "answer by today 17:00 CET").is_content()
    ada.sees("Since this morning.", f"#{ticket.number}", "Anna Conti")
    anna.page.reload()
    anna.sees(f"#{other.number}").is_content()

    ada.opens(f"/en/desk/{ticket.number}/").sees(f"Merged into #{other.number}. Answers go there.").is_content()
    ada.does_not_see("Answer to Anna").page.click("button:has-text('Undo the merge')")
    ada.sees("Answer to Anna", "answer by today 17:00 CET", f"took the merge into #{other.number} back").is_content()
    ada.opens(f"/en/desk/{other.number}/").sees(f"#{ticket.number} is a ticket of its own again", "by Mon 14:00 CET")
    assert nothing_is_amiss()


def test_what_was_being_written_when_a_ticket_was_merged_goes_on_where_it_went(ada, company, ticket, now):
    other = company.ticket(company.andrea, "3", now.at, subject="No dial tone")
    ada.page.fill("#answer", "Half an answer")
    ada.sees("Draft saved")
    merging.merge(ticket, into=other, by=company.grace, at=now.at)
    ada.page.reload()
    ada.sees("You were writing an answer on", "Half an answer").does_not_see("Answer to Anna").is_content()
    ada.page.click(f"button:has-text('Go on with it in #{other.number}')")
    ada.sees("No dial tone").does_not_see("You were writing").is_content()
    assert ada.page.input_value("#answer") == "Half an answer"
    # Taken apart again, the box of the first one is empty: the copy on this computer went along.
    merging.unmerge(ticket, by=company.grace, at=now.at)
    ada.opens(f"/en/desk/{ticket.number}/").sees("Answer to Anna")
    assert ada.page.input_value("#answer") == ""


def test_a_message_about_something_else_becomes_a_ticket_of_its_own(ada, anna, company, ticket, now):
    conversation.follow_up(ticket, body="And the invoice is wrong, too.", by=company.anna, at=now.at)
    ada.page.reload()
    unfolds(ada, "Make it a ticket of its own").page.fill("[name=subject]", "A wrong invoice")
    ada.is_content().page.click("text=Split off")
    ada.sees("A wrong invoice", "And the invoice is wrong, too.", f"split off from #{ticket.number}").is_content()
    new = Ticket.objects.latest("pk")
    ada.opens(f"/en/desk/{ticket.number}/").sees(f"A message became ticket #{new.number}")
    anna.opens("/en/tickets/").sees("A wrong invoice", "Calls drop")
    assert nothing_is_amiss()


def test_a_duplicate_names_the_ticket_that_covers_it_and_can_be_brought_back(ada, anna, company, ticket, now):
    other = company.ticket(company.andrea, "1", now.at, subject="No dial tone")
    unfolds(ada, "Cancel the ticket")
    ada.page.select_option("#because", "duplicate")
    ada.page.fill("#cancel-text", "Your colleague told us before you.")
    ada.page.click("button.danger")
    ada.sees("Please give the number of another ticket of the same organisation.")
    assert ada.page.input_value("#cancel-text") == "Your colleague told us before you."
    ada.complaints.clear()
    ada.is_content().page.fill("#of", str(other.number))
    ada.page.click("button.danger")
    ada.sees("State: cancelled", f"duplicate of #{other.number}", "Your colleague told us before you.").is_content()
    ada.does_not_see("Answer to Anna", "Merge into another ticket")
    anna.page.reload()
    anna.sees("Your colleague told us before you.").is_content()

    ada.page.click("button:has-text('Bring back')")
    ada.sees("State: open", "Brought back by Ada Byron", "answer by today 17:00 CET", "Answer to Anna").is_content()
    assert nothing_is_amiss()


def test_an_answer_to_what_was_merged_meanwhile_goes_on_to_where_it_went(ada, company, ticket, now):
    other = company.ticket(company.anna, "2", now.at, subject="The one that remains", body="It is the router.")
    ada.page.fill("#answer", "Please restart it.")
    merging.merge(ticket, into=other, by=company.grace, at=now.at)
    ada.page.click("text=Send the answer")
    ada.sees("This ticket was merged into another one meanwhile. Please go on there.")
    assert ada.page.input_value("#answer") == "Please restart it."
    ada.page.click("text=Send the answer")
    ada.sees("Not sent yet: somebody wrote meanwhile.", "It is the router.")
    assert ada.page.input_value("#answer") == "Please restart it."
    ada.page.click("text=Send anyway")
    ada.sees("the promise is kept.", "Please restart it.")
    assert nothing_is_amiss()


def test_spam_needs_no_words_and_stays_out_of_the_queue(ada, ticket):
    unfolds(ada, "Cancel the ticket")
    ada.page.select_option("#because", "spam")
    ada.page.click("button.danger")
    ada.sees("State: cancelled")
    ada.page.click("text=Back to the queue")
    ada.sees("Nothing here.").is_content()
    assert nothing_is_amiss()


def test_all_of_it_works_without_scripts(visitor, company, ticket, now):
    other = company.ticket(company.andrea, "3", now.at, subject="No dial tone")
    conversation.answer(ticket, body="Which phone?", by=company.grace, at=now.at, then=Phase.WAITING)
    ada = visitor(scripts=False).signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    for button, state in (("Go on", "open"), ("Resolve", "resolved"), ("Reopen", "open")):
        ada.page.click(f".deeds >> button:has-text('{button}')")
        ada.sees(f"State: {state}")
    unfolds(ada, "Merge into another ticket").page.fill("#into", str(other.number))
    ada.page.click("button:text-is('Merge')")
    ada.sees(f"#{ticket.number} was merged into this ticket").opens(f"/en/desk/{ticket.number}/")
    ada.page.click("button:has-text('Undo the merge')")
    unfolds(ada.sees("State: open"), "Cancel the ticket")
    ada.page.select_option("#because", "withdrawn")
    ada.page.fill("#cancel-text", "As you wished.")
    ada.page.click("button.danger")
    ada.sees("State: cancelled", "As you wished.").page.click("button:has-text('Bring back')")
    ada.sees("State: open")
    assert nothing_is_amiss()
