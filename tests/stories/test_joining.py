"""A colleague asks to join, and is let in; another is invited."""

import re

import pytest
from django.core import mail

from puntuale.people.models import OrganisationDomain
from tests.company import PASSWORD

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def northwind(company, now):
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)
    company.andrea.language = "en"
    company.andrea.save()


def test_she_asks_the_administrator_lets_her_in_and_she_signs_in(visitor, company, now, northwind):
    nora = visitor(width=390).opens("/en/sign-up/")
    nora.page.fill("#id_email", "nora@northwind.test")
    nora.page.click("text=Send me the code")
    nora.sees("We have sent a letter to")
    nora.page.fill("#id_code", re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1))
    nora.page.click("main button:has-text('Go on')")
    nora.sees("Your address is one of Northwind Telephony.").is_content()
    nora.page.fill("#id_name", "Nora Blu")
    nora.page.fill("#id_password", PASSWORD)
    nora.page.click("text=Ask to join")
    nora.sees("We have asked").is_content()
    andrea = visitor().signs_in("andrea@northwind.test")
    andrea.page.click("nav >> text=People")
    andrea.sees("Nora Blu", "nora@northwind.test").is_content()
    andrea.page.click("text=Let in")
    andrea.sees("Nora Blu belongs to Northwind Telephony now.").is_content()
    nora.signs_in("nora@northwind.test").sees("You have not sent a ticket yet.").is_content()


def test_an_invited_colleague_comes_in_with_whatever_address(visitor, company, now, northwind):
    andrea = visitor(width=390, scheme="dark").signs_in("andrea@northwind.test")
    andrea.page.click("nav >> text=People")
    andrea.page.fill("#id_address", "nora@gmail.com")
    andrea.page.click("main button:has-text('Invite')")
    andrea.sees("The invitation is on its way.", "nora@gmail.com").is_content()
    link = re.search(r"/en/invitation/\S+/", mail.outbox[-1].body).group(0)
    nora = visitor().opens(link).sees("will sign in with nora@gmail.com").is_content()
    nora.page.fill("#id_name", "Nora Blu")
    nora.page.fill("#id_password", PASSWORD)
    nora.page.click("text=Come in")
    nora.sees("You have not sent a ticket yet.").is_content()


def test_a_manager_looks_after_requests_and_domains(visitor, company, now, northwind):
    mara = visitor(language="en").signs_in("mara@puntuale.test").opens("/en/office/joining/")
    mara.sees("Nobody asks to join.").is_content()
    mara.page.click("main >> text=Domains")
    mara.is_content().page.fill("form[action$='rules/'] [name=domain]", "tim.it")
    mara.page.click("form[action$='rules/'] button:has-text('Save')")
    mara.sees("Saved.", "tim.it").is_content()
