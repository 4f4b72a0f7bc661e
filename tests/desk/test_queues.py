"""The queues: what stands in them and in what order, narrowed, kept, counted, and given away by the handful."""

import re
from dataclasses import fields
from datetime import timedelta

import pytest

from puntuale.guarantee.facts import Phase
from puntuale.people.joining import add_person, found_organisation
from puntuale.people.models import Role
from puntuale.tickets import assignment, classification, conversation, presence, saved_filters
from puntuale.tickets.models import Grounds, SavedFilter, Ticket
from puntuale.tickets.queues import Counts, Filter, View
from tests.company import PASSWORD
from tests.pages import words


def test_the_queue_stands_in_the_order_in_which_promises_fall_due_missed_first(ada, waiting):
    said = words(ada.get("/en/desk/"))
    told = [
        "missed 0:42 ago due today 11:18 CET P1 Missed",
        "0:14 left due today 12:14 CET P1 Due soon",
        "9:00 left due tomorrow 13:00 CET P3 Due later",
        "no guarantee No guaranteed time on this plan P1 On the basic plan",
        "no guarantee No guaranteed time for a product at this stage P1 About the beta",
    ]
    places = [said.index(expected) for expected in told]
    assert places == sorted(places)
    assert "1 missed · 1 due within the hour · 5 open" in said
    assert "Northwind Telephony · Advanced" in said


def test_outside_hours_business_time_stands_still_and_day_and_night_does_not(ada, waiting, now, company):
    now.is_("2026-11-23T23:30:00+01:00")
    company.ticket(company.anna, "1", now.at, subject="At night")
    said = words(ada.get("/en/desk/"))
    assert "4:00 left due tomorrow 13:00 CET counts from tomorrow 09:00 P3" in said
    assert "1:00 left due tomorrow 00:30 CET P1" in said


def test_an_agent_elsewhere_reads_the_queue_in_her_own_zone(signed_in, waiting):
    assert "due today 06:14 EST" in words(signed_in("grace").get("/en/desk/"))


@pytest.mark.parametrize(
    ("view", "there"),
    [
        ("due", {"none", "beta", "later", "missed", "soon"}),
        ("mine", {"soon"}),
        ("unassigned", {"none", "beta", "later"}),
        ("missed", {"missed"}),
        ("no-guarantee", {"none", "beta"}),
        ("waiting", {"answered"}),
        ("review", set()),
        ("mentions", {"missed"}),
        ("resolved", {"resolved"}),
        ("all", {"none", "beta", "later", "missed", "soon", "answered", "resolved"}),
    ],
)
def test_each_view_holds_what_it_says(ada, waiting, company, now, view, there):
    tickets = waiting | {
        "answered": company.ticket(company.anna, "2", now.at, subject="Waiting for them"),
        "resolved": company.ticket(company.anna, "2", now.at, subject="Done with"),
    }
    for name, then in (("answered", Phase.WAITING), ("resolved", Phase.RESOLVED)):
        conversation.answer(tickets[name], body="Hello.", by=company.grace, at=now.at, then=then)
    assignment.assign(tickets["soon"], to=company.ada, by=company.ada, at=now.at)
    assignment.assign(tickets["missed"], to=company.grace, by=company.ada, at=now.at)
    conversation.note(tickets["missed"], body="@ada please look.", by=company.grace, at=now.at)
    page = ada.get(f"/en/desk/queues/{view}/")
    assert page.status_code == 200
    shown = set(re.findall(r'id="ticket-(\d+)"', page.content.decode()))
    assert shown == {str(tickets[name].number) for name in there}
    if view == "waiting":
        assert "waiting since today 12:00 CET" in words(page)
    if view == "mentions":
        assert "Grace Hopper mentioned you" in words(page)


def test_a_view_that_is_none_is_not_found(ada):
    assert ada.get("/en/desk/queues/nonsense/").status_code == 404
    assert ada.get("/en/desk/queues/nonsense/rows/").status_code == 404


def test_before_there_is_an_agreement_the_desk_works_and_says_so(client, now, db):
    customer = found_organisation(name="Them", at=now.at)
    usual = {"password": PASSWORD, "language": "en", "zone_name": "Europe/Rome", "at": now.at}
    client.force_login(add_person(name="Ada", email="a@us.test", role=Role.AGENT, organisation=None, **usual))
    anna = add_person(name="Anna", email="a@them.test", role=Role.CUSTOMER, organisation=customer, **usual)
    pages = ["", "queues/review/", "search/?q=x", "new/?who=anna", f"new/{anna.pk}/", "replies/", "replies/new/"]
    for page in pages:
        response = client.get(f"/en/desk/{page}")
        assert response.status_code == 200
        assert "No agreement is published yet." in words(response)
    assert client.post(f"/en/desk/new/{anna.pk}/", {"subject": "x", "body": "x"}).status_code == 409
    assert client.post("/en/desk/filters/", {"name": ""}).status_code == 422


def test_customers_have_no_desk(signed_in):
    anna = signed_in("anna")
    for path in ("", "queues/mine/", "queues/mine/rows/", "search/?q=x", "new/", "replies/"):
        assert anna.get(f"/en/desk/{path}").status_code == 404


def test_counts_stop_at_a_thousand(ada, monkeypatch, ticket, company):
    full = Counts(*[1000] * len(fields(Counts)))
    monkeypatch.setattr("puntuale.tickets.queues.counts", lambda **_: full)
    said = words(ada.get("/en/desk/"))
    assert "Unassigned 999+" in said
    assert "999+ missed · 999+ due within the hour · 999+ open" in said


def test_what_is_to_be_decided_is_told_in_the_review_queue(ada, company, now):
    lowered = company.ticket(company.anna, "1", now.at, subject="Lowered")
    change = classification.reclassify(
        lowered, to="3", because=Grounds.HOW_TO, telling="A question.", by=company.grace, at=now.at
    )
    classification.disagree(change, text="It is down.", by=company.anna, at=now.at)
    now.at += timedelta(minutes=50)
    late = company.ticket(company.andrea, "1", now.at - timedelta(minutes=50), subject="Late")
    classification.reclassify(late, to="2", because=Grounds.WORKAROUND, telling="So.", by=company.grace, at=now.at)
    classification.report_impact(lowered, to="1", text="Worse.", by=company.anna, at=now.at)
    said = words(ada.get("/en/desk/queues/review/"))
    assert "Anna Conti disagrees that priority 1 became 3" in said
    assert "Anna Conti reports more impact: priority 1" in said
    assert "Grace Hopper proposes priority 2: a manager must confirm" in said
    assert "To review 2" in said


def test_who_else_is_looking_stands_in_the_list(ada, waiting, company, now):
    presence.here(waiting["soon"], person=company.grace, typing=False, at=now.at)
    presence.here(waiting["later"], person=company.ada, typing=False, at=now.at)
    said = words(ada.get("/en/desk/"))
    assert "Grace Hopper has it open" in said
    assert "Ada Byron has it open" not in said
    now.at += timedelta(seconds=26)
    assert "has it open" not in words(ada.get("/en/desk/"))


def test_a_long_queue_comes_in_pages(ada, company, now):
    for number in range(53):
        company.ticket(company.anna, "2", now.at + timedelta(minutes=number), subject=f"Ticket {number:02}")
    first = ada.get("/en/desk/?priority=2")
    assert ("Ticket 49" in words(first), "Ticket 50" in words(first)) == (True, False)
    more = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = words(ada.get(more))
    assert ("Ticket 49" in second, "Ticket 52" in second) == (False, True)
    assert "Back to the top" in second
    for nonsense in ("-1", "x", "9" * 30, "%D9%A3~1", "~", "1~1~1", "%00"):
        assert "Ticket 00" in words(ada.get(f"/en/desk/?after={nonsense}"))


# --- narrowing ----------------------------------------------------------------------------------------------


def test_a_queue_can_be_narrowed_by_every_column_and_only_by_those(ada, waiting, company, now):
    assignment.assign(waiting["missed"], to=company.grace, by=company.ada, at=now.at)

    def shown(asked):
        found = re.findall(r'id="ticket-(\d+)"', ada.get(f"/en/desk/?{asked}").content.decode())
        return {name for name, one in waiting.items() if str(one.number) in found}

    assert shown("priority=3") == {"later"}
    assert shown("plan=basic") == {"none"}
    assert shown("environment=staging") == set()
    assert shown(f"organisation={company.professional.pk}") == {"later"}
    assert shown(f"product={company.transcripts.pk}") == {"beta"}
    assert shown(f"agent={company.grace.pk}") == {"missed"}
    assert shown("agent=me") == set()
    assert shown("agent=nobody&plan=advanced") == {"beta", "soon"}
    everything = set(waiting)
    for nonsense in (
        "assignee__email=x",
        "priority=%00",
        "priority=" + "x" * 100,
        "organisation=1e9",
        "agent=x",
        "plan=1'",
    ):
        assert shown(nonsense) == everything


def test_what_a_queue_can_be_narrowed_to_comes_once_it_is_wanted(ada, waiting, company):
    plain = ada.get("/en/desk/queues/mine/").content.decode()
    assert 'href="/en/desk/queues/mine/?filter=open"' in plain and 'name="organisation"' not in plain
    without_scripts = ada.get("/en/desk/queues/mine/?filter=open").content.decode()
    fetched = ada.get("/en/desk/queues/mine/narrowing/").content.decode()
    for page in (without_scripts, fetched):
        assert f'<option value="{company.advanced.pk}">Northwind Telephony</option>' in page
        assert 'action="/en/desk/queues/mine/"' in page and 'name="queue" value="mine"' in page
    assert 'value="advanced" selected' in ada.get("/en/desk/?plan=advanced").content.decode()
    assert ada.get("/en/desk/queues/nonsense/narrowing/").status_code == 404


def test_a_filter_is_kept_under_a_name_opened_and_deleted(ada, waiting, company):
    response = ada.post("/en/desk/filters/", {"queue": "unassigned", "plan": "basic", "name": " Basic  ones "})
    assert response.url == "/en/desk/queues/unassigned/?plan=basic"
    kept = SavedFilter.objects.get()
    assert (kept.person, kept.name, kept.asked) == (company.ada, "Basic ones", "view=unassigned&plan=basic")
    assert "Basic ones" in words(ada.get("/en/desk/"))
    opened = ada.get(f"/en/desk/filters/{kept.pk}/", follow=True)
    assert "On the basic plan" in words(opened)
    assert "Due soon" not in words(opened)
    ada.post("/en/desk/filters/", {"queue": "mine", "name": "Basic ones"})
    assert SavedFilter.objects.get().asked == "view=mine"
    assert ada.post(f"/en/desk/filters/{kept.pk}/removal/", {"queue": "mine"}).url == "/en/desk/queues/mine/"
    assert not SavedFilter.objects.exists()


def test_a_stored_filter_is_judged_anew_when_it_is_opened(ada, company, now):
    asked = "view=nonsense&priority=2&assignee__email=x&agent=%27&organisation=1"
    kept = SavedFilter.objects.create(person=company.ada, name="Old", asked=asked, saved_at=now.at)
    assert ada.get(f"/en/desk/filters/{kept.pk}/").url == "/en/desk/?priority=2&organisation=1"


def test_nobody_opens_or_deletes_the_filter_of_somebody_else(ada, company, now):
    kept = saved_filters.save(name="Hers", view=View.MINE, narrowed=Filter(), by=company.grace, at=now.at)
    assert "Hers" not in words(ada.get("/en/desk/"))
    assert ada.get(f"/en/desk/filters/{kept.pk}/").status_code == 404
    assert ada.post(f"/en/desk/filters/{kept.pk}/removal/").status_code == 404


@pytest.mark.parametrize("name", ["", "  ", "n" * 61])
def test_a_filter_without_a_name_or_with_an_endless_one_is_told(ada, name):
    response = ada.post("/en/desk/filters/", {"queue": "mine", "priority": "1", "name": name})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def test_one_person_keeps_no_more_filters_than_a_list_can_show(ada):
    for number in range(saved_filters.MOST):
        ada.post("/en/desk/filters/", {"queue": "mine", "name": f"Number {number}"})
    response = ada.post("/en/desk/filters/", {"queue": "mine", "name": "One more"})
    assert response.status_code == 422
    assert "Please delete one first." in words(response)
    assert ada.post("/en/desk/filters/", {"queue": "due", "name": "Number 1"}).status_code == 302


# --- several at once ----------------------------------------------------------------------------------------


def test_several_tickets_are_given_to_somebody_at_once(ada, waiting, company):
    keys = [waiting["soon"].number, waiting["later"].number]
    back = "/en/desk/queues/unassigned/?plan=basic"
    response = ada.post("/en/desk/assignments/", {"tickets": keys, "to": company.grace.pk, "back": back})
    assert response.url == back
    assert "2 tickets given to Grace Hopper." in words(ada.get("/en/desk/"))
    assert set(Ticket.objects.filter(assignee=company.grace).values_list("pk", flat=True)) == set(keys)
    ada.post("/en/desk/assignments/", {"tickets": keys[:1], "to": "me"})
    assert "1 ticket given to Ada Byron." in words(ada.get("/en/desk/"))
    ada.post("/en/desk/assignments/", {"tickets": keys, "to": "nobody"})
    assert Ticket.objects.filter(assignee=None).count() == 5


@pytest.mark.parametrize("to", ["", "x", "999999", "9" * 30])
def test_tickets_are_given_to_people_of_the_desk_only(ada, waiting, to):
    assert ada.post("/en/desk/assignments/", {"tickets": [waiting["soon"].number], "to": to}).status_code == 404


def test_tickets_are_not_given_to_customers(ada, waiting, company):
    sent = {"tickets": [waiting["soon"].number], "to": company.anna.pk}
    assert ada.post("/en/desk/assignments/", sent).status_code == 404


@pytest.mark.parametrize(
    "back", ["//evil.test", "https://evil.test/", "javascript:alert(1)", "\\\\evil.test", "/\\evil.test", ""]
)
def test_nobody_is_sent_elsewhere_after_assigning(ada, waiting, back):
    sent = {"tickets": [waiting["soon"].number, "x", "9" * 30], "to": "me", "back": back}
    assert ada.post("/en/desk/assignments/", sent).url == "/en/desk/"
    assert ada.post("/en/desk/assignments/", {"to": "me"}).status_code == 302


# --- cost ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["due", "review", "mentions", "all"])
def test_a_queue_asks_the_database_as_often_for_fifty_tickets_as_for_five(
    ada, company, now, django_assert_max_num_queries, view
):
    def tickets(count):
        for _ in range(count):
            one = company.ticket(company.anna, "1", now.at)
            classification.reclassify(
                one, to="2", because=Grounds.WORKAROUND, telling="So.", by=company.grace, at=now.at
            )
            classification.report_impact(one, to="1", text="Worse.", by=company.anna, at=now.at)
            conversation.note(one, body="@ada look.", by=company.grace, at=now.at)
            presence.here(one, person=company.grace, typing=False, at=now.at)

    path = f"/en/desk/queues/{view}/"
    tickets(5)
    ada.get(path)
    with django_assert_max_num_queries(25) as few:
        ada.get(path)
    tickets(30)
    with django_assert_max_num_queries(len(few)):
        ada.get(path)
