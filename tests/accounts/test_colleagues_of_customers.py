"""What administrators of an organisation do about colleagues: see roles, remove who leaves, hand their own role over."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from puntuale.people import membership, tokens
from puntuale.people.models import AuditEntry, IdentityProvider, Invitation, Person, Role
from puntuale.tickets.models import PromiseMade, Ticket
from tests.guarantee.tables import at
from tests.pages import words


@pytest.fixture
def page(company):
    return f"/en/organisations/{company.advanced.pk}/people/"


@pytest.fixture
def two(company, now):
    """Anna administers the organisation too, beside Andrea."""
    membership.give_role(company.anna, Role.ORGANISATION_ADMIN, by=company.andrea, at=now.at)
    company.anna.refresh_from_db()
    return company


def test_everybodys_role_stands_beside_their_name(signed_in, company, page):
    shown = words(signed_in("andrea").get(page))
    for name, role in (("Andrea Rossi", "Administrator"), ("Anna Conti", "Member")):
        behind = shown[shown.rindex(name) - 120 : shown.rindex(name) + 120] if name == "Anna Conti" else shown
        assert name in shown and role in behind


def test_a_page_says_what_ends_before_a_colleague_is_removed(signed_in, company, page):
    andrea = signed_in("andrea")
    removal = f"{page}{company.anna.pk}/removal/"
    asked = words(andrea.get(removal))
    assert "Remove Anna Conti" in asked and "will no longer be able to sign in" in asked and "stay with" in asked
    assert Person.objects.get(pk=company.anna.pk).is_active
    done = words(andrea.post(removal, follow=True))
    assert "Anna Conti can no longer sign in." in done and "anna@northwind.test" not in done
    assert AuditEntry.objects.get(action="person_left").by == company.andrea


def test_with_a_colleague_everything_ends_by_which_they_could_come_back(signed_in, two, now, page):
    membership.invite(two.advanced, to="friend@acme.test", role=Role.CUSTOMER, by=two.anna, at=now.at)
    _token, secret = tokens.issue(two.anna, name="x", scopes=["read"], lasts=timedelta(days=9), at=now.at)
    Authenticator.objects.create(user=two.anna, type=Authenticator.Type.WEBAUTHN, data={})
    IdentityProvider.objects.create(
        organisation=two.advanced, key="k", name="N", server="https://x.test", client_id="c", added_at=now.at,
        added_by=two.anna,
    )  # fmt: skip
    anna = Client()
    anna.force_login(two.anna)
    andrea = signed_in("andrea")
    assert anna.get("/en/tickets/").status_code == 200
    andrea.post(f"{page}{two.anna.pk}/removal/")
    assert anna.get("/en/tickets/").status_code == 302
    assert tokens.shown(secret, at=now.at) is None
    assert not Authenticator.objects.exists()
    assert not Invitation.objects.filter(expires_at__gt=now.at).exists()
    assert not IdentityProvider.objects.filter(retired_at=None).exists()


def test_their_open_tickets_and_reply_times_stay_with_the_organisation(signed_in, company, now, page):
    ticket = company.ticket(company.anna, "1", at("2026-11-20T15:30:00+01:00"), subject="Phones are dead")
    due = PromiseMade.objects.get(ticket=ticket).due_at
    andrea = signed_in("andrea")
    andrea.post(f"{page}{company.anna.pk}/removal/")
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.organisation == company.advanced and ticket.phase == "open"
    assert PromiseMade.objects.get(ticket=ticket).due_at == due
    assert "Phones are dead" in words(andrea.get(f"/en/tickets/{ticket.pk}/"))


def test_a_role_is_taken_away_only_after_a_page_that_says_so(signed_in, two, page):
    andrea = signed_in("andrea")
    part = f"{page}{two.anna.pk}/part/"
    assert "Make Anna Conti a member" in words(andrea.get(part))
    assert Person.objects.get(pk=two.anna.pk).role == Role.ORGANISATION_ADMIN
    assert "Anna Conti is a member now." in words(andrea.post(part, {"role": "customer"}, follow=True))


def test_an_administrator_hands_the_role_over_and_is_a_member_then(signed_in, company, page):
    andrea = signed_in("andrea")
    assert "You become a member" in words(andrea.get(f"{page}hand-over/"))
    done = andrea.post(f"{page}hand-over/", {"to": company.anna.pk}, follow=True)
    assert "Anna Conti is an administrator now, and you are a member. Sign in again." in words(done)
    roles = dict(Person.objects.filter(organisation=company.advanced, left_at=None).values_list("name", "role"))
    assert (roles["Andrea Rossi"], roles["Anna Conti"]) == (Role.CUSTOMER, Role.ORGANISATION_ADMIN)
    company.andrea.refresh_from_db()
    company.anna.refresh_from_db()
    assert signed_in("andrea").get(page).status_code == 404
    assert signed_in("anna").get(page).status_code == 200


@pytest.mark.parametrize("to", ["", "0", "andrea", "paola", "ada", "left"])
def test_it_is_handed_over_to_a_colleague_or_not_at_all(signed_in, company, now, page, to):
    if to == "left":
        Person.objects.filter(pk=company.anna.pk).update(left_at=now.at)
        to = company.anna.pk
    chosen = getattr(company, to).pk if to in {"andrea", "paola", "ada"} else to
    answer = signed_in("andrea").post(f"{page}hand-over/", {"to": chosen})
    assert answer.status_code == 422
    assert Person.objects.get(pk=company.andrea.pk).role == Role.ORGANISATION_ADMIN


def test_sec_s21_the_last_administrator_neither_leaves_nor_steps_down_without_another(signed_in, company, page):
    andrea, own = signed_in("andrea"), company.andrea.pk
    for address, sent in ((f"{page}{own}/part/", {"role": "customer"}), (f"{page}{own}/removal/", {})):
        assert andrea.get(address).status_code == 404
        assert andrea.post(address, sent).status_code == 404
    assert Person.objects.get(pk=own).role == Role.ORGANISATION_ADMIN


@pytest.mark.parametrize("name", ["anna", "paola", "ada", "grace"])
def test_sec_s04_nobody_else_removes_or_hands_over(signed_in, company, page, name):
    client = signed_in(name)
    for address in (f"{page}{company.andrea.pk}/removal/", f"{page}{company.andrea.pk}/part/", f"{page}hand-over/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"to": company.anna.pk, "role": "customer"}).status_code == 404
    assert Person.objects.get(pk=company.andrea.pk).is_active


def test_sec_s06_people_of_others_and_of_the_desk_are_out_of_reach(signed_in, company, now, page):
    andrea = signed_in("andrea")
    for whom in (company.paola, company.ada, company.mara):
        assert andrea.post(f"{page}{whom.pk}/removal/").status_code == 404
        with pytest.raises(membership.NotHers):
            membership.remove(whom, by=company.andrea, at=now.at)
    assert not Person.objects.exclude(left_at=None).exists()


def test_sec_s21_what_was_an_administrator_a_moment_ago_decides_nothing(two, now):
    before = Person.objects.get(pk=two.anna.pk)
    membership.give_role(two.anna, Role.CUSTOMER, by=two.andrea, at=now.at)
    for act in (
        lambda: membership.remove(two.andrea, by=before, at=now.at),
        lambda: membership.give_role(two.andrea, Role.CUSTOMER, by=before, at=now.at),
        lambda: membership.hand_over(to=two.andrea, by=before, at=now.at),
    ):
        with pytest.raises(membership.NotHers):
            act()


def test_a_manager_removes_people_too_but_has_no_role_there_to_hand_over(signed_in, company, page):
    mara = signed_in("mara")
    assert mara.get(f"{page}hand-over/").status_code == 404
    assert mara.post(f"{page}{company.anna.pk}/removal/").status_code == 302
    assert not Person.objects.get(pk=company.anna.pk).is_active
