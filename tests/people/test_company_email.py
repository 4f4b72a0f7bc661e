"""Which addresses are a company's: the lists, what managers ruled, and addresses that want to be taken for others."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from puntuale.people import company_email, domains
from puntuale.people.company_email import Fine, NotCompany, Unchecked, Why, judge
from puntuale.people.email import normalised
from puntuale.people.models import DomainRule, OrganisationDomain
from puntuale.people.sign_up import organisation_of

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def rule(company, domain, is_company):
    DomainRule.objects.create(domain=domain, is_company=is_company, ruled_by=company.mara, ruled_at=AT)


@pytest.mark.parametrize(
    "text",
    [
        "mario@acme.it",
        "Mario.Rossi@ACME.it ",
        "a+b@acme.it",
        "o'neill@acme.ie",
        "x@bücher.de",
        "x@xn--bcher-kva.de",
        "x@почта-россии.рф",
        "a@mail.acme.co.uk",
        "a@notgmail.com",
        "a@gmail.acme.com",
        "a@yahoo-consulting.it",
        "a@pec.acme.it",
        "a@acme.uk.com",
        "a@acme.com.br",
        "a@city.kawasaki.jp",
    ],
)
def test_a_companys_address_is_fine(text):
    assert isinstance(judge(text), Fine)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("a@gmail.com", Why.FREE),
        ("a@GoogleMail.com", Why.FREE),
        ("a@libero.it", Why.FREE),
        ("a@tuta.com", Why.FREE),
        ("a@hey.com", Why.FREE),
        ("a@mailbox.org", Why.FREE),
        ("a@tim.it", Why.FREE),
        ("a@web.de", Why.FREE),
        ("a@free.fr", Why.FREE),
        ("a@mailinator.com", Why.DISPOSABLE),
        ("a@anything.mailinator.com", Why.DISPOSABLE),
        ("a@yopmail.com", Why.DISPOSABLE),
        ("a@duck.com", Why.RELAY),
        ("a@privaterelay.appleid.com", Why.RELAY),
        ("a@mozmail.com", Why.RELAY),
        ("a@simplelogin.com", Why.RELAY),
        ("a@gmail.cz", Why.LOOKS_ALIKE),
        ("a@gmai1.com", Why.LOOKS_ALIKE),
        ("a@grnail.com", Why.LOOKS_ALIKE),
        ("a@gmàil.com", Why.LOOKS_ALIKE),
        ("a@gm\u0430il.com", Why.LOOKS_ALIKE),
        ("a@outl00k.com", Why.LOOKS_ALIKE),
        ("a@mail.yahoo.co.zm", Why.LOOKS_ALIKE),
        ("a@gmail.uk.com", Why.LOOKS_ALIKE),
        ("a@cock.li", Why.FREE),
        ("a@lists.airmail.cc", Why.FREE),
        ("x@foo.inbox.testmail.app", Why.SHARED),
        ("x@foo.glitch.me", Why.SHARED),
        ("x@foo.weebly.com", Why.SHARED),
        ("x@foo.afraid.org", Why.SHARED),
        ("x@foo.cloudapp.azure.com", Why.SHARED),
        ("x@foo.westeurope.cloudapp.azure.com", Why.SHARED),
        ("x@foo.no-ip.org", Why.SHARED),
        ("x@foo.webnode.page", Why.SHARED),
        ("a@co.uk", Why.SUFFIX),
        ("a@com.br", Why.SUFFIX),
        ("a@uk.com", Why.SUFFIX),
        ("a@eu.org", Why.SUFFIX),
        ("a@github.io", Why.SUFFIX),
        ("a@kawasaki.jp", Why.SUFFIX),
        ("a@\u516c\u53f8.cn", Why.SUFFIX),
        ("a@somebody.github.io", Why.SHARED),
        ("a@mail.somebody.eu.org", Why.SHARED),
        ("a@somebody.duckdns.org", Why.SHARED),
        ("a@trial.onmicrosoft.com", Why.SHARED),
        ("a@onmicrosoft.com", Why.SHARED),
        ("a@a.b.zendesk.com", Why.SHARED),
        ("staff@simplelists.com", Why.SHARED),
        ("staff@googlegroups.com", Why.FREE),
    ],
)
def test_an_address_that_anybody_can_have_is_not(text, because):
    assert judge(text) == NotCompany(because)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "@acme.it",
        "a@",
        "a@localhost",
        "a@[127.0.0.1]",
        '"a b"@acme.it',
        "a b@acme.it",
        "a@acme..it",
        "m\u0131ke@acme.it",
        "\uff4dike@acme.it",
        "a@acme.it\r\nBcc: b@acme.it",
        "a@acme.it\u2028",
        "a\x00@acme.it",
        "a@acme.it,b@acme.it",
        "a" * 65 + "@acme.it",
        "a@" + "b" * 260 + ".it",
        "Mario <mario@acme.it>",
    ],
)
def test_what_is_no_address_is_told_apart(text):
    found = judge(text)
    if isinstance(found, Fine):
        # Space around an address is taken off, as everywhere.
        assert found.address.text == "a@acme.it"
    else:
        assert found == NotCompany(Why.FORM)


@pytest.mark.parametrize("text", ["a@\u0430cme.it", "a@\u0440\u0430\u0443\u0440.com"])
def test_letters_that_could_be_read_as_others_are_looked_at_by_a_person(text):
    found = judge(text)
    assert isinstance(found, Unchecked)
    assert found.because == Why.SCRIPTS


def test_what_managers_ruled_goes_before_the_lists_and_the_nearest_domain_before_its_parents(company):
    rule(company, "acme.it", False)
    rule(company, "support.acme.it", True)
    rule(company, "tim.it", True)
    assert judge("a@acme.it") == NotCompany(Why.DENIED)
    assert judge("a@x.acme.it") == NotCompany(Why.DENIED)
    assert isinstance(judge("a@x.support.acme.it"), Fine)
    assert isinstance(judge("a@tim.it"), Fine)
    assert isinstance(judge("a@notacme.it"), Fine)


def test_a_manager_can_let_one_tenant_in_and_never_a_whole_suffix(company):
    domains.rule("acme.onmicrosoft.com", is_company=True, because="a customer", by=company.mara, at=AT)
    assert isinstance(judge("a@acme.onmicrosoft.com"), Fine)
    assert judge("a@other.onmicrosoft.com") == NotCompany(Why.SHARED)
    for suffix in ("github.io", "co.uk", "uk.com", "EU.org"):
        with pytest.raises(domains.NotCompanyDomain):
            domains.rule(suffix, is_company=True, because="", by=company.mara, at=AT)
    domains.rule("co.uk", is_company=False, because="none of them", by=company.mara, at=AT)
    assert judge("a@acme.co.uk") == NotCompany(Why.DENIED)


@pytest.mark.parametrize("domain", ["co.uk", "github.io", "gmail.com", "mailinator.com", "onmicrosoft.com", "x.eu.org"])
def test_no_organisation_is_given_a_domain_that_anybody_has(company, domain):
    with pytest.raises(domains.NotCompanyDomain):
        domains.give(domain, company.basic, by=company.mara, at=AT)
    domains.give("litware.co.uk", company.basic, by=company.mara, at=AT)


@pytest.mark.parametrize("domain", ["co.uk", "github.io", "com.br", "uk.com"])
def test_a_public_suffix_is_nobodys_whatever_the_tables_say(company, domain):
    OrganisationDomain.objects.create(domain=domain, organisation=company.basic, known_since=AT)
    rule(company, domain, True)
    assert organisation_of(f"acme.{domain}") is None
    assert organisation_of(domain) is None
    assert judge(f"a@{domain}") == NotCompany(Why.SUFFIX)


def test_when_it_cannot_be_checked_nobody_is_refused(monkeypatch):
    def fails(*_):
        raise DatabaseError

    monkeypatch.setattr(company_email, "_ruled", fails)
    assert judge("a@gmail.com") == Unchecked(company_email.Address("a@gmail.com", "gmail.com"), Why.LISTS)


def test_sec_s24_no_two_addresses_become_one_and_one_never_two():
    same = {normalised(text) for text in ("X@Bücher.DE", " x@bu\u0308cher.de", "x@xn--bcher-kva.de")}
    assert same == {"x@bücher.de"}
    assert company_email.read("X@xn--bcher-kva.de").text == "x@bücher.de"
    texts = ["mike@ex.com", "m\u0131ke@ex.com", "mike+x@ex.com", "m\u0456ke@ex.com", "mike@\u0435x.com", "mïke@ex.com"]
    assert len({normalised(text) for text in texts}) == len(texts)
    assert normalised("a@xn--0") == "a@xn--0"
