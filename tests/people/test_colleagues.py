"""Those who work for the vendor are invited by those who run the desk."""

import re

import pytest
from django.core import mail
from django.test import Client

from puntuale.people import colleagues
from puntuale.people.company_email import NoAddress
from puntuale.people.joining import InvitationInvalid, open_invitation
from puntuale.people.models import AuditEntry, Invitation, Person, Role
from puntuale.people.roles import RoleRefused
from tests.company import PASSWORD
from tests.pages import words

HERSELF = {"name": "Nadia Nuova", "password": PASSWORD, "zone_name": "Europe/Rome", "email": "other@evil.test"}


def test_a_manager_invites_an_agent_who_comes_in_as_one(signed_in, company):
    mara = signed_in("mara")
    done = mara.post("/en/office/people/invitations/", {"address": "nadia@gmail.com", "role": "agent"}, follow=True)
    assert "The invitation is on its way." in words(done) and "nadia@gmail.com" in words(done)
    link = re.search(r"/\w\w/invitation/\S+/", mail.outbox[-1].body).group(0).replace("/it/", "/en/")
    nadia = Client()
    assert "work at the support desk, and will sign in with nadia@gmail.com" in words(nadia.get(link))
    assert nadia.post(link, HERSELF, follow=True).redirect_chain[-1][0] == "/en/desk/"
    her = Person.objects.get(email="nadia@gmail.com")
    assert (her.role, her.organisation) == (Role.AGENT, None)
    assert nadia.get(link).status_code == 404
    assert not colleagues.invitations(at=her.joined_at).exists()
    invited = AuditEntry.objects.get(action="invited")
    assert (invited.by, invited.details["role"]) == (company.mara, "agent")


@pytest.mark.parametrize("name", ["ada", "anna", "andrea"])
def test_sec_s21_nobody_else_invites_colleagues(company, now, name):
    with pytest.raises(RoleRefused):
        colleagues.invite(to="x@y.test", role=Role.AGENT, by=getattr(company, name), at=now.at)


def test_sec_s21_only_administrators_invite_administrators_once_there_is_one(company, now):
    told = {"to": "x@y.test", "role": Role.ADMINISTRATOR, "at": now.at}
    colleagues.invite(**told, by=company.mara)
    company.grace.role = Role.ADMINISTRATOR
    company.grace.save()
    with pytest.raises(RoleRefused):
        colleagues.invite(**told, by=company.mara)
    colleagues.invite(**told, by=company.grace)
    with pytest.raises(RoleRefused):
        colleagues.invite(to="x@y.test", role=Role.CUSTOMER, by=company.grace, at=now.at)


def test_sec_s25_a_newer_link_ends_the_older_and_one_taken_back_opens_nothing(company, now):
    told = {"to": "x@y.test", "role": Role.AGENT, "by": company.mara, "at": now.at}
    first, second = colleagues.invite(**told), colleagues.invite(**told)
    with pytest.raises(InvitationInvalid):
        open_invitation(first, at=now.at)
    colleagues.withdraw(Invitation.objects.get(pk=open_invitation(second, at=now.at).pk), by=company.mara, at=now.at)
    with pytest.raises(InvitationInvalid):
        open_invitation(second, at=now.at)


def test_sec_s08_the_answer_does_not_tell_of_an_account(signed_in, company):
    mara, asked = signed_in("mara"), {"role": "agent"}
    known = mara.post("/en/office/people/invitations/", asked | {"address": "ada@puntuale.test"}, follow=True)
    assert "The invitation is on its way." in words(known)
    assert "account there already" in mail.outbox[-1].body or "già un account" in mail.outbox[-1].body


def test_nonsense_is_no_address(company, now, signed_in):
    with pytest.raises(NoAddress):
        colleagues.invite(to="nonsense", role=Role.AGENT, by=company.mara, at=now.at)
    done = signed_in("mara").post("/en/office/people/invitations/", {"address": "x", "role": "agent"}, follow=True)
    assert "This is not an e-mail address." in words(done)
