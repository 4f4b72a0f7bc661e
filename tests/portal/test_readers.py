"""Who reads along: colleagues, and nobody from elsewhere."""

import pytest

from puntuale.people.joining import add_person
from puntuale.people.models import Role
from puntuale.tickets import following
from puntuale.tickets.models import Follower
from tests.company import LONG_AGO
from tests.pages import words


@pytest.fixture
def ticket(company, now):
    return company.ticket(company.andrea, "1", now.at)


def page(ticket, deed=""):
    return f"/en/tickets/{ticket.number}/{deed}"


def test_a_colleague_is_added_by_address_and_sees_the_ticket(signed_in, company, ticket):
    assert signed_in("anna").get(page(ticket)).status_code == 404
    data = {"colleagues": "Anna@Northwind.test"}
    said = words(signed_in("andrea").post(page(ticket, "followers/"), data, follow=True))
    assert "Anna Conti can now read along." in said
    assert signed_in("anna").get(page(ticket)).status_code == 200
    assert Follower.objects.get().added_by == company.andrea


def test_adding_somebody_twice_is_adding_her_once(signed_in, ticket):
    for _ in range(2):
        data = {"colleagues": "anna@northwind.test, anna@northwind.test"}
        assert signed_in("andrea").post(page(ticket, "followers/"), data).status_code == 302
    assert ticket.events.filter(kind="followed").count() == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "Please give the address of a colleague."),
        (" , ; ", "Please give the address of a colleague."),
        ("bruno@litware.test", "Nobody else in your organisation has the address bruno@litware.test."),
        ("ada@puntuale.test", "Nobody else in your organisation has the address ada@puntuale.test."),
        ("andrea@northwind.test", "Nobody else in your organisation has the address andrea@northwind.test."),
        (" ".join(f"{number}@northwind.test" for number in range(21)), "At most 20 colleagues can be added at once."),
    ],
)
def test_nobody_from_elsewhere_is_added(signed_in, ticket, written, said):
    response = signed_in("andrea").post(page(ticket, "followers/"), {"colleagues": written})
    assert response.status_code == 422
    assert said in words(response)
    assert written in response.content.decode()
    assert not Follower.objects.exists()


def test_somebody_who_has_left_is_neither_suggested_nor_added(signed_in, company, ticket, now):
    company.anna.left_at = now.at
    company.anna.save()
    client = signed_in("andrea")
    assert "anna@northwind.test" not in client.get(page(ticket)).content.decode()
    assert client.post(page(ticket, "followers/"), {"colleagues": "anna@northwind.test"}).status_code == 422


def test_who_reads_along_is_listed_without_our_own_people(signed_in, company, ticket, now):
    following.follow(ticket, person=company.anna, by=company.andrea, at=now.at)
    following.follow(ticket, person=company.grace, by=company.ada, at=now.at)
    said = words(signed_in("andrea").get(page(ticket)))
    assert "Andrea Rossi sent it Anna Conti Remove Anna Conti" in said
    assert "Grace Hopper" not in said


def test_somebody_is_removed(signed_in, company, ticket, now):
    following.follow(ticket, person=company.anna, by=company.andrea, at=now.at)
    address = page(ticket, f"followers/{company.anna.pk}/removal/")
    assert "Anna Conti no longer reads along." in words(signed_in("andrea").post(address, follow=True))
    assert signed_in("anna").get(page(ticket)).status_code == 404
    assert signed_in("andrea").post(address).status_code == 404


def test_who_removes_herself_is_led_to_her_list(signed_in, company, ticket, now):
    following.follow(ticket, person=company.anna, by=company.andrea, at=now.at)
    response = signed_in("anna").post(page(ticket, f"followers/{company.anna.pk}/removal/"))
    assert response.url == "/en/tickets/"


def test_a_customer_removes_none_of_our_people(signed_in, company, ticket, now):
    following.follow(ticket, person=company.grace, by=company.ada, at=now.at)
    assert signed_in("andrea").post(page(ticket, f"followers/{company.grace.pk}/removal/")).status_code == 404
    assert Follower.objects.count() == 1


@pytest.mark.parametrize("name", ["anna", "paola", "ada"])
def test_who_does_not_see_the_ticket_adds_nobody(signed_in, company, ticket, name):
    data = {"colleagues": "anna@northwind.test"}
    assert signed_in(name).post(page(ticket, "followers/"), data).status_code == 404
    assert not Follower.objects.exists()


def test_hundreds_of_colleagues_make_no_heavy_page(signed_in, company, ticket, django_assert_max_num_queries):
    for number in range(150):
        add_person(
            name=f"Person {number}",
            email=f"person{number}@northwind.test",
            password=None,
            role=Role.CUSTOMER,
            organisation=company.advanced,
            language="en",
            zone_name="UTC",
            at=LONG_AGO,
        )
    client = signed_in("andrea")
    shown = client.get(page(ticket)).content.decode()
    assert shown.count("<option") == 100
    data = {"colleagues": "person149@northwind.test"}
    assert client.post(page(ticket, "followers/"), data).status_code == 302
