"""The search of the desk: anything can be typed into it."""

import pytest

from puntuale.tickets import conversation
from tests.naughty import NAUGHTY, XSS, alive
from tests.pages import words


def search(client, asked):
    return client.get("/en/desk/search/", {"q": asked})


@pytest.fixture
def tickets(company, now):
    found = {
        "calls": company.ticket(company.anna, "2", now.at, subject="Le chiamate cadono", body="È già la terza volta."),
        "queue": company.ticket(company.paola, "3", now.at, subject="Adding a second queue"),
    }
    conversation.note(found["queue"], body="The roll-up again.", by=company.grace, at=now.at)
    return found


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("chiamata", "calls"),
        ("e gia", "calls"),
        ("queues adding", "queue"),
        ("roll-up", "queue"),
        ("Fabrikam", "queue"),
        ("Anna Conti", "calls"),
        ("anna@northwind.test", "calls"),
    ],
)
def test_words_organisations_and_people_are_found(ada, tickets, asked, there):
    said = words(search(ada, asked))
    assert "1 ticket " in said
    assert tickets[there].subject in said


@pytest.mark.parametrize("sign", ["", "#"])
def test_a_number_finds_its_ticket(ada, tickets, sign):
    assert "Adding a second queue" in words(search(ada, f"{sign}{tickets['queue'].number}"))


def test_nothing_found_says_so(ada, tickets):
    assert "Nothing found for “unheard of”." in words(search(ada, "unheard of"))
    assert "Nothing found" not in words(ada.get("/en/desk/search/"))


STRANGE = ["%", "_", "' OR 1=1--", "x" * 10_000, "(" * 500, "NEAR(((", "\0", "a & b | !c:*", "<->", "\\", "9" * 40, "#"]


@pytest.mark.parametrize("asked", [*STRANGE, *NAUGHTY.values(), *XSS.values()])
def test_whatever_is_typed_is_answered(ada, tickets, asked):
    page = search(ada, asked)
    assert page.status_code == 200
    assert set(alive(page.content.decode())) <= {"<dialog>", "<kbd>"}


def test_many_results_cost_as_many_queries_as_few(ada, company, now, django_assert_max_num_queries):
    def more(count):
        for _ in range(count):
            company.ticket(company.anna, "2", now.at, subject="Everywhere")

    more(3)
    search(ada, "everywhere")
    with django_assert_max_num_queries(12) as few:
        search(ada, "everywhere")
    more(60)
    with django_assert_max_num_queries(len(few)):
        said = words(search(ada, "everywhere"))
    assert "50 tickets · the most fitting" in said
