"""A ticket's life as its customer lives it: with scripts, where it is pleasant, and without, where it works as well."""

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.tickets import classification, conversation
from puntuale.tickets.models import Attachment, Draft, Grounds, Message, Rating, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

NEW = "/en/tickets/new/"


@pytest.fixture
def trace(tmp_path):
    file = tmp_path / "call trace.log"
    file.write_text("INVITE sip:anna@northwind.test")
    return str(file)


def looks_again(visitor):
    """Coming back to a tab asks for what is new at once, instead of within ten seconds."""
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    return visitor


def test_from_sending_to_rating_while_what_changes_comes_by_itself(visitor, company, now, trace):
    anna = visitor().signs_in("anna@northwind.test").opens(NEW)
    anna.page.fill("#subject", "Calls drop after ten seconds")
    anna.page.fill("#body", "Since **this morning**.")
    anna.page.set_input_files("input[type=file]", trace)
    anna.page.wait_for_selector("text=call trace.log")
    anna.page.click("text=Preview")
    assert anna.page.locator("[data-shown] strong").inner_text() == "this morning"
    anna.page.fill("#colleagues", "andrea@northwind.test")
    anna.is_content()
    anna.page.click("text=Send the ticket")
    ticket = Ticket.objects.get()
    anna.sees(f"Ticket #{ticket.number} is in.", "Since this morning.", "call trace.log", "Andrea Rossi").is_content()
    with anna.page.expect_download() as download:
        anna.page.click("text=call trace.log")
    assert download.value.suggested_filename == "call trace.log"

    now.is_("2026-11-20T16:05:00+01:00")
    anna.page.fill("#body", "I am still typing")
    conversation.answer(ticket, body="We see it too.", by=company.ada, at=now.at, then=Phase.RESOLVED)
    looks_again(anna).sees("We see it too.", "answered in time", "resolved", "You can open it again until Fri 4 Dec")
    assert anna.page.input_value("#body") == "I am still typing"
    assert anna.page.evaluate("document.activeElement.id") == "body"
    assert anna.page.inner_text("#told") == "There is something new on this ticket."
    anna.sees("Your message opens this ticket again.").is_content()

    anna.page.fill("#comment", "Quick, thank you.")
    anna.page.click("button:has-text('Not good') >> xpath=preceding-sibling::button")
    anna.sees("Thank you for telling us.", "You found the answer good").is_content()
    assert [(one.good, one.comment) for one in Rating.objects.all()] == [(True, "Quick, thank you.")]

    anna.page.click("button:has-text('Open it again')")
    anna.sees("The ticket is open again.")
    anna.page.fill("#body", "It is back.")
    anna.page.keyboard.press("Control+Enter")
    anna.sees("Your message is sent.", "It is back.").is_content()
    anna.page.click("text=Close the ticket")
    anna.sees("The ticket is then resolved.").is_content()
    anna.page.click("text=Yes, it is resolved")
    anna.sees("The ticket is resolved.").is_content()
    assert list(differences(Ticket.objects.all())) == []


def test_the_impact_grew(visitor, company, now):
    ticket = company.ticket(company.anna, "3", now.at)
    anna = visitor(width=390).signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    anna.page.click("summary:has-text('The impact grew')")
    anna.sees("today 17:00 CET").is_content()
    anna.page.check("#impact-1")
    anna.page.fill("#impact-text", "Now nobody can call at all.")
    anna.page.click("text=Report it")
    anna.sees("The ticket is now priority 1.", "Priority 3 became 1", "answer by today 17:00 CET").is_content()


def test_she_disagrees_with_a_change_and_reads_what_became_of_it(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    classification.reclassify(
        ticket, to="3", because=Grounds.HOW_TO, telling="Everything works.", by=company.ada, at=now.at
    )
    looks_again(anna).sees("Priority 1 became 3", "Everything works.", "answer by Mon 14:00 CET").is_content()
    anna.page.click("text=I disagree")
    anna.page.fill("textarea[name=text]", "Nothing works.")
    # Something else happens while she is typing: her words stay.
    conversation.follow_up(ticket, body="From a colleague.", by=company.andrea, at=now.at)
    looks_again(anna).sees("From a colleague.")
    assert anna.page.input_value("article textarea[name=text]") == "Nothing works."
    anna.is_content().page.click("button:text-is('Disagree')")
    anna.sees("You disagreed with this change. A manager looks at it.", "Nothing works.").is_content()
    disagreement = ticket.disagreements.get()
    classification.uphold(disagreement, telling="You are right, sorry.", by=company.mara, at=now.at)
    looks_again(anna).sees("We agreed.", "You are right, sorry.", "Priority 3 became 1", "answer by today 17:00 CET")
    anna.is_content()


def test_a_colleague_is_added_and_sees_it(visitor, company, now):
    ticket = company.ticket(company.andrea, "2", now.at, subject="Between offices")
    company.andrea.language = "en"
    company.andrea.save()
    anna = visitor().signs_in("anna@northwind.test").sees("You have not sent a ticket yet.")
    andrea = visitor().signs_in("andrea@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    andrea.page.click("text=Add a colleague")
    andrea.page.fill("#colleagues", "anna@northwind.test")
    andrea.is_content().page.click("button:text-is('Add')")
    andrea.sees("Anna Conti can now read along.").is_content()
    anna.page.reload()
    anna.page.click("text=Between offices")
    anna.page.fill("#body", "I have seen it too.")
    anna.page.click("button:has-text('Send')")
    anna.sees("I have seen it too.").is_content()
    looks_again(andrea).sees("I have seen it too.")
    andrea.page.click("text=Remove Anna Conti", force=True)
    andrea.sees("Anna Conti no longer reads along.")
    anna.page.goto(anna.page.url)
    anna.sees("There is nothing here")


def test_the_whole_life_without_scripts(visitor, company, now, trace):
    anna = visitor(scripts=False).signs_in("anna@northwind.test").opens(NEW)
    anna.page.set_input_files("input[type=file]", trace)
    anna.page.fill("#body", "It drops.")
    anna.page.click("text=Send the ticket")
    anna.sees("The ticket has not been sent yet.", "This field is required.", "call trace.log")
    assert anna.page.input_value("#body") == "It drops."
    anna.page.fill("#subject", "Calls drop")
    anna.page.click("text=Send the ticket")
    ticket = Ticket.objects.get()
    anna.sees(f"Ticket #{ticket.number} is in.", "It drops.", "call trace.log")
    assert Attachment.objects.get().message == ticket.messages.get()

    anna.page.fill("#body", "And another trace.")
    anna.page.set_input_files("input[type=file]", trace)
    anna.page.click("button:has-text('Send')")
    anna.sees("Your message is sent.", "And another trace.")
    assert Attachment.objects.count() == 2

    now.is_("2026-11-20T16:05:00+01:00")
    classification.reclassify(ticket, to="2", because=Grounds.IMPACT_GREW, telling="Worse.", by=company.ada, at=now.at)
    conversation.answer(ticket, body="On it.", by=company.ada, at=now.at)
    anna.page.reload()
    anna.page.click("text=I disagree")
    anna.page.fill("textarea[name=text]", "Not worse.")
    anna.page.click("button:text-is('Disagree')")
    anna.sees("You disagreed with this change.", "Not worse.")
    anna.page.click("text=Close the ticket")
    anna.page.click("text=Yes, it is resolved")
    anna.sees("The ticket is resolved.", "You can open it again until")
    anna.page.click("button:has-text('Not good')")
    anna.sees("Thank you for telling us.", "You found the answer not good")
    anna.page.click("button:has-text('Open it again')")
    anna.sees("The ticket is open again.")
    anna.page.click("summary:has-text('The impact grew')")
    anna.page.check("#impact-1")
    anna.page.fill("#impact-text", "Now it is.")
    anna.page.click("text=Report it")
    anna.sees("The ticket is now priority 1.")


def test_half_a_ticket_outlives_the_browser(visitor, company, now):
    anna = visitor().signs_in("anna@northwind.test").opens(NEW)
    anna.page.fill("#subject", "Half a subject")
    anna.page.fill("#body", "Half a story")
    anna.sees("Draft saved")
    anna.context.close()
    elsewhere = visitor(width=390).signs_in("anna@northwind.test")
    elsewhere.sees("You have a ticket that is not sent yet: Half a subject").is_content()
    elsewhere.page.click("text=Half a subject")
    assert elsewhere.page.input_value("#body") == "Half a story"
    elsewhere.page.click("text=Send the ticket")
    elsewhere.sees("is in.")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("scripts", [True, False])
def test_signed_out_while_writing_nothing_is_lost(visitor, company, now, scripts):
    ticket = company.ticket(company.anna, "1", now.at)
    anna = visitor(scripts=scripts).signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    anna.page.fill("#body", "A long story.")
    anna.context.clear_cookies(name="sessionid")
    anna.page.click("button:has-text('Send')")
    anna.sees("You are signed out", "nothing you wrote is lost")
    anna.complaints.clear()
    anna.is_content()
    with anna.context.expect_page() as opened:
        anna.page.click("text=Sign in, in a new tab")
    tab = opened.value
    tab.fill("#id_username", "anna@northwind.test")
    tab.fill("#id_password", "a long enough secret")
    tab.click("main button[type=submit]")
    tab.wait_for_url("**/tickets/")
    anna.page.click("button:has-text('Send it again')")
    if not scripts:
        anna.sees("This form has expired")
        anna.page.click("button:has-text('Send it again')")
    anna.sees("Your message is sent.", "A long story.")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280, 3840])
def test_every_page_of_the_customers_is_content(visitor, company, now, width, scheme):
    long = "Averyveryverylongwordthatneverends" * 6
    company.andrea.language = "en"
    company.andrea.save()
    tickets = [company.ticket(company.andrea, str(priority), now.at, subject=long, body=long) for priority in (1, 2, 3)]
    conversation.answer(tickets[0], body=f"> {long}\n\n`{long}`", by=company.ada, at=now.at, then=Phase.RESOLVED)
    conversation.answer(tickets[1], body="Which?", by=company.ada, at=now.at, then=Phase.WAITING)
    classification.reclassify(tickets[2], to="2", because=Grounds.OTHER, telling=long, by=company.ada, at=now.at)
    andrea = visitor(width=width, scheme=scheme).signs_in("andrea@northwind.test")
    pages = ["", "organisation/", "?phase=waiting", "?phase=cancelled", "found/", "found/?q=averyvery", "new/"]
    for path in [*pages, *(f"{ticket.number}/" for ticket in tickets)]:
        andrea.opens(f"/en/tickets/{path}")
        andrea.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        andrea.is_content()


def test_on_paper_a_ticket_is_what_was_said_and_promised(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    conversation.answer(ticket, body="We see it too.", by=company.ada, at=now.at)
    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    anna.page.emulate_media(media="print")
    anna.sees("Calls drop", "Since this morning.", "We see it too.", "answered in time", "Why Fri 20 Nov 17:00 CET?")
    anna.does_not_see("Add something", "Close the ticket", "Add a colleague", "New ticket", "Preview")
