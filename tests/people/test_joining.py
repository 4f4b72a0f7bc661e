"""How people come in, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from puntuale.people.email import normalised
from puntuale.people.joining import (
    INVITATION_LASTS,
    InvitationInvalid,
    JoiningRefused,
    accept_invitation,
    add_person,
    found_organisation,
    invite_first_manager,
    open_invitation,
)
from puntuale.people.models import Person, Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "a long enough secret"
pytestmark = pytest.mark.django_db


def agent(email="ada@puntuale.test", password=PASSWORD, **more):
    return add_person(
        **{"name": "Ada Byron", "email": email, "password": password, "role": Role.AGENT, "at": NOW, **more}
    )


@pytest.mark.parametrize("written", ["ada@puntuale.test", " ADA@Puntuale.Test ", "Ada@puntuale.test"])
def test_a_person_logs_in_with_her_address_however_she_writes_it(written):
    ada = agent(email="Ada@Puntuale.test")
    assert authenticate(username=written, password=PASSWORD) == ada
    assert authenticate(username=written, password="wrong") is None


def test_look_alike_addresses_stay_different():
    assert normalised("m\u0131ke@ex.com") != normalised("mike@ex.com")
    assert normalised("\uff41@ex.com") != normalised("a@ex.com")
    assert normalised("e\u0301@ex.com") == normalised("\u00e9@ex.com")


def test_whoever_left_cannot_log_in():
    ada = agent()
    ada.left_at = NOW
    ada.save()
    assert authenticate(username=ada.email, password=PASSWORD) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "ada"}, "email"),
        ({"email": "a@[127.0.0.1"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "ada@puntuale.test"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"zone_name": "Mars/Olympus"}, "zone_name"),
        ({"zone_name": "../../etc/localtime"}, "zone_name"),
    ],
)
def test_what_will_not_do_is_refused_by_field(changes, field):
    with pytest.raises(JoiningRefused) as refused:
        agent(**changes)
    assert list(refused.value.problems) == [field]
    assert not Person.objects.exists()


def test_an_address_joins_once():
    agent()
    with pytest.raises(JoiningRefused, match="email"):
        agent(email="ADA@puntuale.test")


@pytest.mark.parametrize(
    ("role", "belongs"), [(Role.CUSTOMER, False), (Role.ORGANISATION_ADMIN, False), (Role.AGENT, True)]
)
def test_customers_belong_to_an_organisation_and_others_do_not(role, belongs):
    organisation = found_organisation(name="Litware", at=NOW) if belongs else None
    with pytest.raises(IntegrityError), transaction.atomic():
        agent(role=role, organisation=organisation)


def join(secret, at=NOW, email="mara@puntuale.test"):
    return accept_invitation(
        secret, name="Mara Villa", email=email, password=PASSWORD, language="it", zone_name="Europe/Rome", at=at
    )


def test_the_first_manager_joins_by_a_link_that_works_once():
    secret = invite_first_manager(at=NOW)
    mara = join(secret)
    assert (mara.role, mara.language, mara.manages, mara.works_for_vendor) == (Role.MANAGER, "it", True, True)
    with pytest.raises(InvitationInvalid):
        join(secret, email="other@puntuale.test")
    assert invite_first_manager(at=NOW) is None


def test_a_link_stops_working_after_a_week_and_when_a_newer_one_is_made():
    old = invite_first_manager(at=NOW)
    new = invite_first_manager(at=NOW + timedelta(seconds=1))
    with pytest.raises(InvitationInvalid):
        join(old, at=NOW + timedelta(seconds=2))
    with pytest.raises(InvitationInvalid):
        join(new, at=NOW + timedelta(seconds=1) + INVITATION_LASTS)
    assert open_invitation(new, at=NOW + timedelta(days=1)).role == Role.MANAGER


@pytest.mark.parametrize("secret", ["", "nonsense", "\x00", "x" * 10_000])
def test_a_made_up_link_is_no_invitation(secret):
    with pytest.raises(InvitationInvalid):
        open_invitation(secret, at=NOW)


def test_a_refused_attempt_leaves_the_link_usable():
    secret = invite_first_manager(at=NOW)
    with pytest.raises(JoiningRefused):
        join(secret, email="nonsense")
    assert join(secret).role == Role.MANAGER
