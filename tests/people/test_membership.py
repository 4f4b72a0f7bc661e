"""Invitations to an organisation, and the parts its people have in it."""

from datetime import timedelta

import pytest
from django.core import mail

from puntuale.people import membership
from puntuale.people.joining import InvitationInvalid, accept_invitation
from puntuale.people.models import AuditEntry, Invitation, Role
from tests.company import PASSWORD

pytestmark = pytest.mark.django_db
ABOUT = {"name": "Nora Blu", "password": PASSWORD, "language": "it", "zone_name": "Europe/Rome"}


def invited(company, now, to="Nora@Gmail.com", **how):
    return membership.invite(company.advanced, to=to, role=Role.CUSTOMER, by=company.andrea, at=now.at, **how)


def test_whoever_is_invited_may_have_any_address_and_comes_in_under_that_one(company, now):
    secret = invited(company, now)
    assert mail.outbox[-1].to == ["nora@gmail.com"]
    assert secret in mail.outbox[-1].body
    nora = accept_invitation(secret, email="someone@else.test", at=now.at, **ABOUT)
    assert (nora.email, nora.organisation, nora.role) == ("nora@gmail.com", company.advanced, Role.CUSTOMER)
    assert AuditEntry.objects.get(action="invited").by == company.andrea


def test_sec_s25_an_invitation_works_once_for_seven_days_and_is_kept_hashed(company, now):
    secret = invited(company, now)
    assert secret not in Invitation.objects.get().digest
    with pytest.raises(InvitationInvalid):
        accept_invitation(secret, at=now.at + timedelta(days=7), **ABOUT)
    newer = invited(company, now)
    with pytest.raises(InvitationInvalid):
        accept_invitation(secret, at=now.at, **ABOUT)
    accept_invitation(newer, at=now.at, **ABOUT)
    with pytest.raises(InvitationInvalid):
        accept_invitation(newer, at=now.at, **ABOUT)


def test_a_withdrawn_invitation_works_no_more(company, now):
    secret = invited(company, now)
    with pytest.raises(membership.NotHers):
        membership.withdraw(Invitation.objects.get(), by=company.anna, at=now.at)
    membership.withdraw(Invitation.objects.get(), by=company.mara, at=now.at)
    with pytest.raises(InvitationInvalid):
        accept_invitation(secret, at=now.at, **ABOUT)


def test_sec_s08_inviting_somebody_who_has_an_account_looks_the_same(company, now):
    assert invited(company, now, to="paola@fabrikam.test")
    assert "already" in mail.outbox[-1].body
    assert "/invitation/" not in mail.outbox[-1].body


@pytest.mark.parametrize("name", ["anna", "paola", "ada"])
def test_only_those_who_look_after_it_invite_people(company, now, name):
    with pytest.raises(membership.NotHers):
        membership.invite(company.advanced, to="x@acme.test", role=Role.CUSTOMER, by=getattr(company, name), at=now.at)


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER, Role.ADMINISTRATOR])
def test_sec_s21_nobody_is_invited_or_raised_to_the_vendors_roles(company, now, role):
    with pytest.raises(membership.NotHers):
        membership.invite(company.advanced, to="x@acme.test", role=role, by=company.mara, at=now.at)
    with pytest.raises(membership.NotHers):
        membership.give_role(company.anna, role, by=company.mara, at=now.at)


def test_sec_s21_nobody_gives_a_role_to_herself_or_in_another_organisation(company, now):
    for whom, by in ((company.andrea, company.andrea), (company.paola, company.andrea), (company.anna, company.anna)):
        with pytest.raises(membership.NotHers):
            membership.give_role(whom, Role.ORGANISATION_ADMIN, by=by, at=now.at)
    membership.give_role(company.anna, Role.ORGANISATION_ADMIN, by=company.andrea, at=now.at)
    entry = AuditEntry.objects.get(action="person_role_changed")
    assert (entry.by, entry.details) == (company.andrea, {"was": "customer", "now": "organisation_admin"})


def test_an_administrator_who_left_decides_nothing(company, now):
    company.andrea.left_at = now.at
    assert not membership.may_administer(company.andrea, company.advanced)


def test_there_is_a_limit_to_invitations(company, now, monkeypatch):
    monkeypatch.setattr(membership, "MOST_INVITATIONS", 1)
    invited(company, now)
    with pytest.raises(membership.TooMany):
        invited(company, now, to="other@acme.test")
