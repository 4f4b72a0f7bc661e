"""Priorities are claims that get checked: an agent changes one, a manager looks twice, a customer is heard."""

import pytest

from puntuale.tickets import classification
from puntuale.tickets.models import Grounds, Reclassification, Ticket
from puntuale.tickets.replay import differences

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

HOW_TO_IN_ITALIAN = "Da quel che vediamo funziona tutto, e questa è una domanda su come fare."


@pytest.fixture
def mara(visitor, company):
    company.mara.language = "en"
    company.mara.save()
    return visitor().signs_in("mara@puntuale.test")


def offered(reader):
    return reader.page.eval_on_selector_all("#because option", "all => all.map(one => one.value)")


def test_old_and_new_stand_side_by_side_before_anything_happens(visitor, company, now):
    ticket = company.ticket(company.paola, "1", now.at, subject="Non arrivano chiamate")
    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    ada.page.click("a:has-text('Reclassify')")
    ada.sees("Choose a priority and a reason, and see what changes before anything does.").is_content()
    assert ada.page.input_value("#because") == "", "nobody has chosen a reason yet"
    assert "not_production" not in offered(ada), "it happens in production"
    ada.page.check("#to-3")
    ada.page.wait_for_function("!document.querySelector('#because [value=impact_grew]')")
    ada.page.select_option("#because", "how_to")
    ada.sees("Now Mon 23 Nov 11:00 CET P1 · Business critical 3 business hours")
    ada.sees("Then Mon 23 Nov 17:00 CET P3 · General issue 9 business hours").is_content()
    assert ada.page.input_value("#text").startswith(HOW_TO_IN_ITALIAN)
    assert ada.page.input_value("#because") == "how_to"
    assert ada.page.get_attribute("#text", "lang") == "it"

    # Outside production the urgent ones are barred, for agents as for customers.
    ada.chooses("Staging")
    ada.page.wait_for_selector("#to-2[disabled]")
    ada.chooses("Production")
    ada.page.wait_for_selector("#to-2:not([disabled])")

    ada.page.fill("#text", "Si imposta così: Menù, Code.")
    ada.page.select_option("#because", "workaround")
    ada.page.wait_for_selector("#preview [name=because][value=workaround]", state="attached")
    assert ada.page.input_value("#text") == "Si imposta così: Menù, Code.", "what was written by hand stays"
    assert not Reclassification.objects.exists()
    ada.page.click("text=Change to priority 3")
    ada.sees("The priority is changed, and the customer is told why.", "Priority 1 became 3 · There is a workaround")
    ada.sees("Mon 23 Nov 11:00 CET Mon 23 Nov 17:00 CET").is_content()

    paola = visitor(language="it").signs_in("paola@fabrikam.test").opens(f"/it/ticket/{ticket.number}/")
    paola.sees("Si imposta così: Menù, Code.", "lun 17:00 CET").is_content()
    assert list(differences(Ticket.objects.all())) == []


def test_in_the_last_minutes_an_agent_proposes_and_a_manager_decides(visitor, mara, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    now.is_("2026-11-20T16:50:00+01:00")
    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/reclassification/")
    ada.chooses("Staging")
    ada.page.check("#to-3")
    ada.page.wait_for_selector("#because [value=not_production]", state="attached")
    ada.page.select_option("#because", "not_production")
    ada.sees("Less than 15 minutes are left, or the promise was missed: a manager must confirm this.").is_content()
    ada.page.fill("#text", "A test system, as agreed on the phone.")
    ada.page.click("text=Propose to a manager")
    ada.sees("Proposed. A manager must confirm; until then the promise stays.", "answer by today 17:00 CET")
    ada.sees("Take the proposal back").is_content()

    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    anna.sees("answer by today 17:00 CET").does_not_see("as agreed on the phone", "proposes", "Ada Byron")

    mara.page.click("#rail >> text=To review")
    mara.sees("Ada Byron proposes priority 3: a manager must confirm").is_content()
    mara.page.click("text=Calls drop")
    mara.sees("Ada Byron proposes priority 3", "A test system, as agreed on the phone.").is_content()
    mara.page.click("button:has-text('Confirm')")
    mara.sees("Priority 1 became 3", "proposed by Ada Byron", "answer by Mon 14:00 CET").is_content()
    anna.page.reload()
    anna.sees("A test system, as agreed on the phone.", "answer by Mon 14:00 CET")
    assert list(differences(Ticket.objects.all())) == []


def test_managers_hear_customers_who_disagree(visitor, mara, company, now):
    for number in (1, 2):
        ticket = company.ticket(company.anna, "1", now.at, subject=f"Calls drop, {number}")
        change = classification.reclassify(
            ticket, to="3", because=Grounds.HOW_TO, telling="It is a question.", by=company.ada, at=now.at
        )
        classification.disagree(change, text=f"All {number} offices are down.", by=company.anna, at=now.at)
    first, second = Ticket.objects.order_by("pk")
    there = "/en/desk/queues/review/"

    ada = visitor().signs_in("ada@puntuale.test").opens(f"/en/desk/{first.number}/")
    ada.sees("All 1 offices are down.", "A manager decides this.").does_not_see("The customer is right").is_content()

    mara.opens(there).sees("Anna Conti disagrees that priority 1 became 3").is_content()
    mara.page.click("text=Calls drop, 1")
    mara.page.fill(".decision textarea", "You are right, sorry.")
    mara.is_content().page.click("text=The customer is right: priority 1 again")
    mara.sees("Priority 3 became 1", "You are right, sorry.", "answer by today 17:00 CET").is_content()

    mara.opens(there).does_not_see("Calls drop, 1").page.click("text=Calls drop, 2")
    mara.page.fill(".decision textarea", "It works, as the picture shows.")
    mara.page.click("text=Let the change stand")
    mara.sees("Mara Villa let the change stand", "answer by Mon 14:00 CET").is_content()
    mara.opens(there).sees("Nothing here.")

    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{first.number}/")
    anna.sees("We agreed.", "You are right, sorry.", "answer by today 17:00 CET")
    anna.opens(f"/en/tickets/{second.number}/").sees("We let it stand.", "It works, as the picture shows.")
    assert list(differences(Ticket.objects.all())) == []


def test_an_agent_follows_a_report_that_the_impact_grew(visitor, company, now):
    ticket = company.ticket(company.anna, "2", now.at)
    classification.reclassify(ticket, to="3", because=Grounds.HOW_TO, telling="So.", by=company.ada, at=now.at)
    now.is_("2026-11-20T16:10:00+01:00")
    classification.report_impact(ticket, to="1", text="Now nobody can call.", by=company.anna, at=now.at)
    now.is_("2026-11-20T16:30:00+01:00")
    grace = visitor().signs_in("grace@puntuale.test").opens("/en/desk/queues/review/")
    grace.sees("Anna Conti reports more impact: priority 1").page.click("text=Calls drop")
    grace.sees("Now nobody can call.", "the time counts from when the customer wrote this").is_content()
    grace.page.fill(".decision textarea", "We are all on it.")
    grace.page.click("text=Raise to priority 1")
    # An hour from 16:10 in Rome, told in New York, where Grace is.
    grace.sees("Priority 3 became 1", "We are all on it.", "answer by today 11:10 EST").is_content()
    anna = visitor().signs_in("anna@northwind.test").opens(f"/en/tickets/{ticket.number}/")
    anna.sees("We are all on it.", "answer by today 17:10 CET")
    assert list(differences(Ticket.objects.all())) == []


def test_a_priority_is_changed_without_scripts(visitor, company, now):
    ticket = company.ticket(company.anna, "1", now.at)
    ada = visitor(scripts=False).signs_in("ada@puntuale.test").opens(f"/en/desk/{ticket.number}/reclassification/")
    ada.page.check("#to-2")
    ada.page.select_option("#because", "impact_fell")
    ada.page.click("text=Show what changes")
    ada.sees("Now Fri 20 Nov 17:00 CET", "Then Mon 23 Nov 11:00 CET", "Change to priority 2")
    ada.page.fill("#text", " ")
    ada.page.click("text=Change to priority 2")
    ada.sees("Please write something here.")
    ada.page.fill("#text", "Only a part of it is left.")
    ada.page.click("text=Change to priority 2")
    ada.sees("The priority is changed, and the customer is told why.", "Only a part of it is left.")
    ada.sees("answer by Mon 11:00 CET")
