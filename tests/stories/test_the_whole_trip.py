"""From the published guarantee to a kept promise: a customer and an agent, in English and in Italian."""

import pytest

from puntuale.tickets.models import PromiseEnding, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def test_a_customer_in_english_and_an_agent_in_italian(visitor, company, now):
    company.ada.language = "it"
    company.ada.save()

    anna = visitor(language="en").opens("/")
    anna.sees("When we answer", "1 hour day and night", "Sign in").is_content()
    anna.signs_in("anna@northwind.test").sees("You have not sent a ticket yet.").is_content()
    anna.page.click("main >> text=New ticket")
    anna.sees("Send the ticket", "today 17:00 CET", "A person answers by Mon 14:00 CET").is_content()

    # Outside production the urgent priorities are not hers to choose, and the page says so.
    anna.chooses("Staging")
    anna.page.wait_for_selector("#priority-1[disabled]")
    anna.sees("Only for: Production").is_content()
    anna.chooses("Production")
    anna.page.wait_for_selector("#priority-1:not([disabled])")

    anna.page.select_option("#product", label="Transcripts")
    anna.page.wait_for_selector("text=No guaranteed time for a product at this stage")
    anna.page.select_option("#product", label="Telephony")
    anna.page.wait_for_selector("text=today 17:00 CET")
    anna.page.check("#priority-1")
    anna.sees("A person answers by today 17:00 CET")
    anna.page.fill("#subject", "Calls drop after ten seconds")
    anna.page.fill("#body", "Since this morning, from all our extensions.")
    anna.page.click("text=Send the ticket")
    ticket = Ticket.objects.get()
    anna.sees(
        f"Ticket #{ticket.number} is in. A person answers by today 17:00 CET.",
        "0:59 left",
        "answer by today 17:00 CET",
        "Why Fri 20 Nov 17:00 CET?",
        "Fri 20 Nov 16:00-17:00 1:00",
    ).is_content()

    now.is_("2026-11-20T16:52:00+01:00")
    ada = visitor(language="it").signs_in("ada@puntuale.test")
    ada.sees(
        "In scadenza", "1 entro un'ora", "entro oggi 17:00 CET", "P1", "Northwind Telephony · Advanced"
    ).is_content()
    before = ada.page.inner_text(".chip-text")
    assert before.startswith("mancano 0:0")
    ada.page.wait_for_function("text => document.querySelector('.chip-text').textContent !== text", arg=before)

    ada.page.click("text=Calls drop after ten seconds")
    ada.sees("Risposta a Anna", "mantiene la promessa", "Perché ven 20 nov 17:00 CET?").is_content()
    ada.page.get_by_role("button", name="Prendi in carico", exact=True).click()
    ada.sees("Ada Byron")
    ada.page.fill("#answer", "We see it too and are on it.")
    ada.page.click("text=Invia la risposta")
    ada.sees(
        f"Risposto a #{ticket.number}: la promessa è mantenuta.", "risposto in tempo", "We see it too and are on it."
    ).is_content()
    assert PromiseEnding.objects.get().verdict == "met"

    anna.page.reload()
    anna.sees("answered in time", "answered Fri 20 Nov 16:52 CET", "We see it too and are on it.").is_content()
    assert list(differences(Ticket.objects.all())) == []


def test_a_customer_in_italian_whose_answer_comes_late(visitor, company, now):
    paola = visitor(language="it", width=390, scheme="dark").opens("/it/garanzia/")
    paola.sees("Quando rispondiamo", "3 ore lavorative").is_content()
    paola.signs_in("paola@fabrikam.test").is_content()
    paola.opens("/it/ticket/nuovo/").sees("Nuovo ticket", "lun 11:00 CET").is_content()
    paola.page.check("#priority-1")
    paola.page.fill("#subject", "Non arrivano chiamate")
    paola.page.fill("#body", "Da stamattina.")
    paola.page.click("text=Invia il ticket")
    paola.sees("Una persona risponde entro: lun 11:00 CET", "mancano 2:59", "sab 21, dom 22 nov chiuso").is_content()

    now.is_("2026-11-23T11:12:00+01:00")
    ada = visitor(language="en", width=390, scheme="dark").signs_in("ada@puntuale.test")
    ada.sees("1 missed", "missed 0:12 ago", "Non arrivano chiamate").is_content()
    ada.page.click("text=Non arrivano chiamate")
    ada.sees("was due today 11:00 CET", "ends the promise, late").is_content()
    ada.page.fill("#answer", "Scusate il ritardo.")
    ada.page.click("text=Send the answer")
    ada.sees("answered, after it was due.", "answered 0:12 late").is_content()

    paola.page.reload()
    paola.sees("risposto con 0:12 di ritardo", "Scusate il ritardo.").is_content()


def test_without_a_guarantee_everything_works_and_nothing_counts_down(visitor, company, now):
    bruno = visitor().signs_in("bruno@litware.test").opens("/en/tickets/new/")
    bruno.sees("no guarantee", "A person answers, without a guaranteed time").is_content()
    bruno.page.fill("#subject", "Cannot log in")
    bruno.page.fill("#body", "Since the update.")
    bruno.page.click("text=Send the ticket")
    bruno.sees("is in.", "no guarantee", "Why is there no time?", "No guaranteed time on this plan.").is_content()
    assert bruno.page.query_selector("[data-countdown]") is None


def test_the_trip_works_without_scripts(visitor, company, now):
    anna = visitor(scripts=False).signs_in("anna@northwind.test").opens("/en/tickets/new/")
    anna.chooses("Staging")
    anna.page.click("text=Show the times for this choice")
    assert anna.page.is_disabled("#priority-1")
    anna.page.fill("#subject", "Webhook signature")
    anna.page.fill("#body", "It does not match.")
    anna.page.click("text=Send the ticket")
    anna.sees("is in. A person answers by Mon 14:00 CET.", "6:00 left", "It does not match.")
    anna.page.fill("#body", "Found it, never mind.")
    anna.page.click("main >> text=Send")
    anna.sees("Found it, never mind.")
    ada = visitor(scripts=False).signs_in("ada@puntuale.test").sees("6:00 left", "Webhook signature")
    ada.page.click("text=Webhook signature")
    ada.page.fill("#answer", "Good to hear.")
    ada.page.click("text=Send the answer")
    ada.sees("answered: the promise is kept.")
