"""Whom the server of an organisation lets in, and whom it never reaches."""

import pytest

from puntuale.people import membership, sign_on, sign_up
from puntuale.people.models import IdentityProvider, JoinRequest, OrganisationDomain, Person, Role, SignUp
from puntuale.people.sign_on import Refusal, SignOnRefused, admit
from tests.company import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(company, now):
    OrganisationDomain.objects.create(domain="northwind.test", organisation=company.advanced, known_since=now.at)
    told = {"name": "Northwind", "server": "https://id.northwind.test/", "client_id": "desk", "secret": "a secret"}
    return sign_on.add_provider(company.advanced, by=company.andrea, at=now.at, **told)


def comes(server, now, address, *, known=None, is_verified=True):
    return admit(server, known=known, address=address, is_verified=is_verified, name="Nora Blu", at=now.at)


def refused(*args, **kwargs):
    with pytest.raises(SignOnRefused) as told:
        comes(*args, **kwargs)
    return told.value.because


def test_a_new_colleague_comes_in_as_a_customer_of_that_organisation(server, company, now):
    nora = comes(server, now, "Nora@Northwind.test")
    assert (nora.email, nora.name, nora.role, nora.organisation) == (
        "nora@northwind.test",
        "Nora Blu",
        Role.CUSTOMER,
        company.advanced,
    )
    assert not nora.has_usable_password()
    assert comes(server, now, "anna@northwind.test") == company.anna
    assert comes(server, now, "it.does@not.matter", known=company.anna) == company.anna


def test_sec_s23_an_address_the_server_has_not_proven_counts_for_nothing(server, company, now):
    assert refused(server, now, "anna@northwind.test", is_verified=False) == Refusal.UNVERIFIED
    assert refused(server, now, "nora@northwind.test", is_verified=False) == Refusal.UNVERIFIED
    assert refused(server, now, "", is_verified=True) == Refusal.UNVERIFIED


@pytest.mark.parametrize(
    "address",
    [
        "bruno@litware.test",
        "mara@puntuale.test",
        "nora@gmail.com",
        "x@northwind.test.evil.test",
        "anna@northw\u0456nd.test",
    ],
)
def test_sec_s23_a_server_speaks_for_its_own_domains_only(server, company, now, address):
    assert refused(server, now, address) == Refusal.DOMAIN
    assert not Person.objects.filter(email=address).exclude(pk__in=[company.bruno.pk, company.mara.pk]).exists()


def test_sec_s23_a_server_never_reaches_the_account_of_somebody_elses(server, company, now):
    Person.objects.filter(pk=company.paola.pk).update(email="paola@northwind.test")
    Person.objects.filter(pk=company.ada.pk).update(email="ada@northwind.test")
    assert refused(server, now, "paola@northwind.test") == Refusal.STRANGER
    assert refused(server, now, "ada@northwind.test") == Refusal.STRANGER
    assert refused(server, now, "anna@northwind.test", known=company.bruno) == Refusal.STRANGER


def test_sec_s23_what_somebody_else_began_with_her_address_is_wiped(server, company, now):
    SignUp.objects.create(address="nora@northwind.test", domain="northwind.test", asked_at=now.at, expires_at=now.at)
    about = {"name": "Eve", "password": PASSWORD, "language": "en", "zone_name": "UTC"}
    membership.ask_to_join(company.advanced, email="nora@northwind.test", at=now.at, **about)
    nora = comes(server, now, "nora@northwind.test")
    assert nora.name == "Nora Blu"
    assert not nora.check_password(PASSWORD)
    assert not SignUp.objects.exists()
    assert not JoinRequest.objects.exists()


def test_whoever_left_does_not_come_in_by_her_server_either(server, company, now):
    Person.objects.filter(pk=company.anna.pk).update(left_at=now.at)
    assert refused(server, now, "anna@northwind.test") == Refusal.LEFT


def test_the_vendors_server_lets_in_only_who_is_known(company, now):
    ours = IdentityProvider.objects.create(
        key="ours",
        name="Ours",
        server="https://id.puntuale.test",
        client_id="x",
        sealed_secret="x",
        added_at=now.at,
        added_by=company.mara,
    )
    assert comes(ours, now, "ada@puntuale.test") == company.ada
    assert refused(ours, now, "nobody@puntuale.test") == Refusal.STRANGER
    assert refused(ours, now, "anna@northwind.test") == Refusal.STRANGER
    assert sign_on.provider_for("ada@puntuale.test") == ours
    assert sign_on.provider_for("nobody@puntuale.test") is None


def test_the_server_is_found_by_the_domain_and_its_secret_is_sealed(server, company, now):
    assert sign_on.provider_for("whoever@it.northwind.test") == server
    assert sign_on.provider_for("whoever@litware.test") is None
    assert sign_on.provider_for("nonsense") is None
    assert "a secret" not in server.sealed_secret
    assert sign_on.secret_of(server) == "a secret"
    assert sign_up.organisation_of("litware.test") is None


@pytest.mark.parametrize("name", ["anna", "paola", "ada"])
def test_only_those_who_look_after_it_say_which_server(server, company, now, name):
    told = {"name": "Eve", "server": "https://evil.test", "client_id": "x", "secret": "x"}
    with pytest.raises(membership.NotHers):
        sign_on.add_provider(company.advanced, by=getattr(company, name), at=now.at, **told)
    with pytest.raises(membership.NotHers):
        sign_on.retire_provider(server, by=getattr(company, name), at=now.at)


def test_a_new_server_takes_the_place_of_the_old_one(server, company, now):
    told = {"name": "Newer", "server": "https://new.northwind.test", "client_id": "x", "secret": "x"}
    newer = sign_on.add_provider(company.advanced, by=company.mara, at=now.at, **told)
    assert newer.key != server.key
    assert sign_on.provider_for("anna@northwind.test") == newer
    sign_on.retire_provider(newer, by=company.mara, at=now.at)
    assert sign_on.provider_for("anna@northwind.test") is None
