"""Signing up: a code proves the address; a new domain founds an organisation, a known one asks to join it."""

from datetime import timedelta

import pytest
from django.core import mail

from puntuale.agreements.reading import plan_in_force
from puntuale.people import company_email, membership, sign_up
from puntuale.people.company_email import Unchecked, Why
from puntuale.people.joining import JoiningRefused
from puntuale.people.models import AuditEntry, JoinRequest, Organisation, OrganisationDomain, Person, Role, SignUp
from tests.company import PASSWORD

pytestmark = pytest.mark.django_db
ABOUT = {"name": "Nora Blu", "password": PASSWORD, "language": "it", "zone_name": "Europe/Rome"}


def code():
    return next(line.strip() for line in mail.outbox[-1].body.splitlines() if line.strip().isdigit())


def proven(text, at):
    asked = sign_up.ask(text, at=at)
    return sign_up.confirm(asked, code(), at=at)


@pytest.fixture
def northwind(company):
    OrganisationDomain.objects.create(
        domain="northwind.test", organisation=company.advanced, known_since=company.ada.joined_at
    )
    return company.advanced


def test_a_new_domain_founds_an_organisation_whose_first_person_administers_it(company, now):
    told = []
    sign_up.founded[:] = [*sign_up.founded, lambda organisation, _at: told.append(organisation)]
    try:
        nora = sign_up.finish(proven("Nora@Acme.test", now.at), organisation=" Acme ", at=now.at, **ABOUT)
    finally:
        sign_up.founded.pop()
    assert (nora.email, nora.role, nora.organisation.name) == ("nora@acme.test", Role.ORGANISATION_ADMIN, "Acme")
    assert nora.check_password(PASSWORD)
    assert told == [nora.organisation]
    assert sign_up.organisation_of("mail.acme.test") == nora.organisation
    assert AuditEntry.objects.get(action="signed_up").by == nora


def test_a_name_that_is_taken_does_not_tell_who_is_a_customer(company, now):
    nora = sign_up.finish(proven("nora@acme.test", now.at), organisation="northwind telephony", at=now.at, **ABOUT)
    assert nora.organisation.name == "northwind telephony (acme.test)"


def test_a_known_domain_asks_to_join_and_its_administrator_lets_her_in(northwind, company, now):
    request = sign_up.finish(proven("nora@northwind.test", now.at), organisation="Mine", at=now.at, **ABOUT)
    assert isinstance(request, JoinRequest)
    assert not Person.objects.filter(email="nora@northwind.test").exists()
    assert mail.outbox[-1].to == ["andrea@northwind.test"]
    for stranger in (company.anna, company.paola, company.ada):
        with pytest.raises(membership.NotHers):
            membership.approve(request, by=stranger, at=now.at)
    nora = membership.approve(request, by=company.andrea, at=now.at)
    assert (nora.role, nora.organisation, nora.check_password(PASSWORD)) == (Role.CUSTOMER, northwind, True)
    assert mail.outbox[-1].to == ["nora@northwind.test"]
    request.refresh_from_db()
    assert (request.decided_by, request.person, request.password) == (company.andrea, nora, "")
    with pytest.raises(membership.Decided):
        membership.refuse(request, by=company.mara, at=now.at)


def test_a_manager_refuses_and_she_is_told(northwind, company, now):
    request = sign_up.finish(proven("nora@it.northwind.test", now.at), organisation="", at=now.at, **ABOUT)
    membership.refuse(request, by=company.mara, at=now.at)
    assert mail.outbox[-1].to == ["nora@it.northwind.test"]
    assert not Person.objects.filter(email__startswith="nora").exists()
    assert AuditEntry.objects.filter(action="join_refused", by=company.mara).exists()


def test_a_short_password_is_refused_and_nothing_has_happened(company, now):
    done = proven("nora@acme.test", now.at)
    with pytest.raises(JoiningRefused) as refused:
        sign_up.finish(done, organisation="Acme", at=now.at, **(ABOUT | {"password": "short"}))
    assert list(refused.value.problems) == ["password"]
    assert not Organisation.objects.filter(name="Acme").exists()
    assert sign_up.finish(done, organisation="Acme", at=now.at, **ABOUT).organisation.name == "Acme"
    with pytest.raises(sign_up.CodeOver):
        sign_up.finish(done, organisation="Acme", at=now.at, **ABOUT)


def test_sec_s08_an_address_with_an_account_gets_the_same_answer_and_a_letter_that_says_so(company, now):
    asked = sign_up.ask("ANNA@northwind.test", at=now.at)
    assert isinstance(asked, SignUp)
    assert mail.outbox[-1].to == ["anna@northwind.test"]
    assert "You have one already" in mail.outbox[-1].body
    for guess in ("", "000000", "123456"):
        with pytest.raises(sign_up.CodeWrong):
            sign_up.confirm(asked, guess, at=now.at)


def test_sec_s25_a_code_works_once_for_a_quarter_of_an_hour_and_five_tries(company, now):
    asked = sign_up.ask("nora@acme.test", at=now.at)
    right = code()
    assert right not in SignUp.objects.get().digest
    with pytest.raises(sign_up.CodeOver):
        sign_up.confirm(asked, right, at=now.at + timedelta(minutes=15))
    for _try in range(5):
        with pytest.raises(sign_up.CodeWrong):
            sign_up.confirm(asked, "x", at=now.at)
    with pytest.raises(sign_up.CodeOver):
        sign_up.confirm(asked, right, at=now.at)
    with pytest.raises(sign_up.CodeOver):
        sign_up.finish(asked, organisation="Acme", at=now.at, **ABOUT)


def test_sec_s25_a_code_opens_only_the_sign_up_it_was_sent_for(company, now):
    mine = sign_up.ask("eve@evil.test", at=now.at)
    my_code = code()
    hers = sign_up.ask("nora@acme.test", at=now.at)
    if my_code != code():
        with pytest.raises(sign_up.CodeWrong):
            sign_up.confirm(hers, my_code, at=now.at)
    assert sign_up.confirm(mine, my_code, at=now.at).verified_at


def test_what_could_not_be_checked_goes_on_and_waits_for_a_manager(company, now, monkeypatch):
    monkeypatch.setattr(company_email, "judge", lambda text: Unchecked(company_email.read(text), Why.LISTS))
    done = proven("nora@acme.test", now.at)
    nora = sign_up.finish(done, organisation="Acme", at=now.at, **ABOUT)
    assert sign_up.forget_old(at=now.at + timedelta(days=30)) == 0
    sign_up.review(done, by=company.mara, at=now.at)
    assert AuditEntry.objects.get(action="sign_up_reviewed").about == f"person {nora.pk}"
    assert sign_up.forget_old(at=now.at + timedelta(days=30)) == 1


def test_a_private_address_is_refused_before_anything_is_sent(company, now):
    with pytest.raises(sign_up.Refused):
        sign_up.ask("nora@gmail.com", at=now.at)
    assert mail.outbox == []
    assert not SignUp.objects.exists()


def test_whoever_founds_an_organisation_begins_on_the_lowest_plan(company, now):
    nora = sign_up.finish(proven("nora@acme.test", now.at), organisation="Acme", at=now.at, **ABOUT)
    assert plan_in_force(nora.organisation, now.at) == "basic"


def test_without_an_agreement_an_organisation_begins_without_a_plan(db, now):
    nora = sign_up.finish(proven("nora@acme.test", now.at), organisation="Acme", at=now.at, **ABOUT)
    assert not nora.organisation.contracts.exists()
