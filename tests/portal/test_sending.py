"""The form: it sells the truth, keeps what was written, and makes one ticket of one submission."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile

from puntuale.tickets import attachments, drafts
from puntuale.tickets.attachments import LARGEST
from puntuale.tickets.models import Draft, PromiseMade, Ticket
from tests.guarantee.tables import at
from tests.pages import words

FORM, TIMES = "/en/tickets/new/", "/en/tickets/new/priorities/"
PLACE = Draft.Place.NEW_TICKET


def filled(**changes):
    return {
        "key": str(uuid4()),
        "environment": "production",
        "product": "",
        "subject": "Calls drop",
        "priority": "1",
        "body": "Since this morning.",
    } | changes


def key_of(response):
    return re.search(r'name="key" value="([^"]*)"', response.content.decode())[1]


def choices(response):
    """Each priority of the form: what is promised, whether it is checked, whether it is barred."""
    found = {}
    for block in re.findall(r'(?s)<label class="choice.*?</label>', response.content.decode()):
        key = re.search(r'value="(\w+)"', block)[1]
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", block.split('class="promised"')[1][1:]))
        found[key] = (unescape(said).strip(), " checked" in block, " disabled" in block)
    return found


def test_beside_each_priority_stands_the_instant_by_which_we_will_have_answered(signed_in):
    assert choices(signed_in("anna").get(FORM)) == {
        "1": ("today 17:00 CET 1 hour, day and night", False, False),
        "2": ("Mon 11:00 CET 3 business hours", False, False),
        "3": ("Mon 14:00 CET 6 business hours", True, False),
    }


def test_in_her_zone_and_language(signed_in, company):
    company.anna.zone_name = "America/New_York"
    company.anna.save()
    assert choices(signed_in("anna").get("/it/ticket/nuovo/"))["1"][0] == "oggi 11:00 EST 1 ora, giorno e notte"


def test_without_a_guarantee_it_says_why(signed_in):
    told = choices(signed_in("bruno").get(FORM))
    assert {said for said, _, _ in told.values()} == {"no guarantee No guaranteed time on this plan"}


def test_on_a_plan_that_the_agreement_does_not_have_the_form_is_there_and_promises_nothing(signed_in, company):
    company.advanced.contracts.update(plan="gold")
    response = signed_in("anna").get(FORM)
    assert "gold" in words(response)
    assert {said for said, _, _ in choices(response).values()} == {
        "no guarantee No guaranteed time without a contract in force"
    }
    assert signed_in("anna").post(FORM, filled()).status_code == 302
    assert signed_in("anna").get("/en/guarantee/").status_code == 200


def test_for_a_beta_product_it_says_so(signed_in, company):
    told = choices(signed_in("anna").get(TIMES, {"product": company.transcripts.pk}))
    assert {said for said, _, _ in told.values()} == {"no guarantee No guaranteed time for a product at this stage"}


@pytest.mark.parametrize("environment", ["staging", "development"])
def test_outside_production_the_urgent_priorities_are_barred_and_three_is_offered(signed_in, environment):
    told = choices(signed_in("anna").get(TIMES, {"environment": environment, "priority": "1"}))
    assert told["1"] == told["2"] == ("Only for: Production", False, True)
    assert told["3"] == ("Mon 14:00 CET 6 business hours", True, False)


@pytest.mark.parametrize(
    "asked",
    [
        {"environment": "moon"},
        {"product": "999999999999999999999"},
        {"product": "-1"},
        {"product": "\u0663"},
        {"product": "1; DROP TABLE"},
        {"priority": "\x00"},
        {"priority": "<script>"},
    ],
)
def test_nonsense_in_the_address_gets_the_usual_choices(signed_in, asked):
    response = signed_in("anna").get(TIMES, asked)
    assert response.status_code == 200
    assert choices(response)["3"][1]


def test_sending_leads_to_the_ticket_with_its_promise_and_sum(signed_in, company):
    response = signed_in("anna").post(FORM, filled(product=company.telephony.pk, priority="2"), follow=True)
    ticket = Ticket.objects.get()
    assert response.redirect_chain == [(f"/en/tickets/{ticket.number}/", 302)]
    said = words(response)
    for expected in (
        f"Ticket #{ticket.number} is in. A person answers by Mon 11:00 CET.",
        "Calls drop",
        "3:00 left",
        "answer by Mon 11:00 CET",
        "Why Mon 23 Nov 11:00 CET?",
        "Fri 20 Nov 16:00-17:00 1:00 Sat 21, Sun 22 Nov closed Mon 23 Nov 09:00-11:00 2:00 3 business hours 3:00",
        "Since this morning.",
        "Priority 2 · Degraded service",
    ):
        assert expected in said
    assert ticket.due_at == at("2026-11-23T11:00:00+01:00")


def test_no_priority_is_priority_three(signed_in):
    signed_in("anna").post(FORM, filled(priority=""))
    assert Ticket.objects.get().priority == "3"


def test_a_double_click_makes_one_ticket_and_shows_it_twice(signed_in):
    data = filled()
    first, second = (signed_in("anna").post(FORM, data) for _ in range(2))
    assert first.url == second.url
    assert Ticket.objects.count() == 1


def test_the_key_of_somebody_elses_submission_makes_nothing(signed_in, company):
    key = uuid4()
    company.ticket(key=key)
    response = signed_in("bruno").post(FORM, filled(key=str(key), body="my own words"))
    assert response.status_code == 422
    assert "my own words" in words(response)
    assert Ticket.objects.count() == 1
    again = filled(key=key_of(response), body="my own words")
    assert signed_in("bruno").post(FORM, again).status_code == 302
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("key", ["", "nonsense", "1" * 31])
def test_an_expired_key_is_replaced_when_the_form_is_shown_again(signed_in, key):
    response = signed_in("anna").post(FORM, filled(key=key))
    assert response.status_code == 422
    assert signed_in("anna").post(FORM, filled(key=key_of(response))).status_code == 302


def test_a_good_key_is_kept_when_something_else_is_refused(signed_in):
    data = filled(subject="")
    assert key_of(signed_in("anna").post(FORM, data)) == data["key"]


def test_an_unsent_ticket_comes_back_and_is_forgotten_when_it_is_sent(signed_in, company, now):
    drafts.keep(company.anna, place=PLACE, ticket=None, subject="Half a subject", body="Half a story", at=now.at)
    client = signed_in("anna")
    page = client.get(FORM)
    assert 'value="Half a subject"' in page.content.decode()
    assert "Half a story" in words(page)
    client.post(FORM, filled(version=Draft.objects.get().version))
    assert not Draft.objects.exists()
    assert "Half a" not in words(client.get(FORM))


def test_nobody_sees_the_draft_of_somebody_else(signed_in, company, now):
    drafts.keep(company.anna, place=PLACE, ticket=None, subject="SECRET", body="SECRET", at=now.at)
    for name in ("andrea", "bruno"):
        for address in (FORM, "/en/tickets/"):
            assert "SECRET" not in signed_in(name).get(address).content.decode()


def test_files_come_with_the_form_without_scripts(signed_in):
    files = [ContentFile(b"one", name="one.txt"), ContentFile(b"two", name="two.txt")]
    response = signed_in("anna").post(FORM, filled() | {"file": files}, follow=True)
    assert response.status_code == 200
    assert [one.name for one in Ticket.objects.get().messages.get().attachments.order_by("pk")] == [
        "one.txt",
        "two.txt",
    ]
    assert "one.txt" in words(response)


def test_files_are_still_there_after_something_else_was_refused(signed_in):
    client = signed_in("anna")
    response = client.post(FORM, filled(subject="") | {"file": ContentFile(b"kept", name="kept.txt")})
    assert response.status_code == 422
    found = re.search(r'name="files" value="([^"]+)" checked> kept.txt', response.content.decode())
    client.post(FORM, filled(files=found[1]))
    assert Ticket.objects.get().messages.get().attachments.get().name == "kept.txt"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "empty.txt is empty."),
        ("virus.exe", b"MZ", "virus.exe is a program"),
        ("huge.bin", b"x" * (LARGEST + 1), "huge.bin is too large; at most 25.0 MB can be sent."),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_are_kept(signed_in, name, content, said):
    files = [ContentFile(b"good", name="good.txt"), ContentFile(content, name=name)]
    response = signed_in("anna").post(FORM, filled() | {"file": files})
    assert response.status_code == 422
    assert said in words(response)
    assert "checked> good.txt" in response.content.decode()
    assert Ticket.objects.count() == 0


def test_the_eleventh_file_is_refused_and_ten_are_kept(signed_in):
    files = [ContentFile(b"x", name=f"{number}.txt") for number in range(11)]
    response = signed_in("anna").post(FORM, filled() | {"file": files})
    assert response.status_code == 422
    assert "At most 10 files can go with one message." in words(response)
    assert response.content.decode().count('name="files"') == 10


def test_a_file_of_somebody_else_cannot_be_sent(signed_in, company, now):
    theirs = attachments.take_in("theirs.txt", [b"x"], by=company.bruno, at=now.at)
    response = signed_in("anna").post(FORM, filled(files=theirs.key))
    assert response.status_code == 422
    assert "theirs.txt" not in response.content.decode()
    assert Ticket.objects.count() == 0


def test_colleagues_can_read_along_from_the_start(signed_in, company):
    signed_in("andrea").post("/it/ticket/nuovo/", filled(colleagues="  ANNA@northwind.test "))
    assert Ticket.objects.get().followers.get().person == company.anna


@pytest.mark.parametrize(
    "address", ["bruno@litware.test", "ada@puntuale.test", "nobody@nowhere.test", "anna@northwind.test"]
)
def test_nobody_from_elsewhere_can_be_named(signed_in, address):
    response = signed_in("anna").post(FORM, filled(colleagues=f"andrea@northwind.test, {address}"))
    assert response.status_code == 422
    assert f"Nobody else in your organisation has the address {address}." in words(response)
    assert f"andrea@northwind.test, {address}" in response.content.decode()
    assert Ticket.objects.count() == 0


def test_a_ticket_and_its_readers_are_taken_together_or_not_at_all(signed_in, company, monkeypatch):
    def fails(*_args, **_named):
        raise ConnectionError

    client, form = signed_in("andrea"), filled(colleagues="anna@northwind.test")
    with monkeypatch.context() as patch:
        patch.setattr("puntuale.tickets.following.follow", fails)
        with pytest.raises(ConnectionError):
            client.post("/it/ticket/nuovo/", form)
    assert not Ticket.objects.exists()
    client.post("/it/ticket/nuovo/", form)
    assert Ticket.objects.get().followers.get().person == company.anna


def test_only_colleagues_are_suggested(signed_in, company):
    shown = signed_in("anna").get(FORM).content.decode()
    assert '<option value="andrea@northwind.test">Andrea Rossi</option>' in shown
    assert "bruno@litware.test" not in shown


def test_an_urgent_priority_for_staging_is_refused_in_words_and_the_text_is_kept(signed_in):
    response = signed_in("anna").post(FORM, filled(environment="staging", body="my long story"))
    assert response.status_code == 422
    said = words(response)
    assert "Priority 1 is not available for Staging." in said
    assert "A production application is down" in said
    assert "You can choose: 3 · General issue." in said
    assert "my long story" in said
    assert choices(response)["3"][1]
    assert Ticket.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": ""}, "This field is required."),
        ({"subject": "s" * 256}, "This text has 256 characters; at most 255 characters fit."),
        ({"body": ""}, "This field is required."),
        ({"body": " \n "}, "Please write something here."),
        ({"body": "b" * 200_001}, "This text has 200,001 characters; at most 200,000 characters fit."),
        ({"environment": "moon"}, "Select a valid choice. moon is not one of the available choices."),
        ({"priority": "9"}, "Please choose one of these priorities."),
        ({"product": "424242"}, "Select a valid choice."),
        ({"key": "nonsense"}, "Enter a valid UUID."),
        ({"key": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_lost(signed_in, changes, said):
    data = filled(**({"subject": "my subject", "body": "my story"} | changes))
    response = signed_in("anna").post(FORM, data)
    assert response.status_code == 422
    told = words(response)
    assert "The ticket has not been sent yet." in told
    assert said in told
    page = response.content.decode()
    assert ("my subject" in page) or "subject" in changes
    assert ("my story" in page) or "body" in changes
    assert Ticket.objects.count() == 0


def test_fields_that_are_not_in_the_form_change_nothing(signed_in, company):
    data = filled(
        plan="advanced",
        organisation=company.advanced.pk,
        due_at="2020-01-01",
        state="answered",
        requester=1,
        is_staff=1,
    )
    signed_in("bruno").post(FORM, data)
    ticket = Ticket.objects.get()
    assert (ticket.organisation, ticket.requester, ticket.plan, ticket.due_at) == (
        company.basic,
        company.bruno,
        "basic",
        None,
    )
    assert PromiseMade.objects.get().no_guarantee == "plan"


def test_a_retired_product_is_no_longer_offered(signed_in, company, now):
    company.telephony.retired_at = now.at
    company.telephony.save()
    assert ">Telephony</option>" not in signed_in("anna").get(FORM).content.decode()
    assert signed_in("anna").post(FORM, filled(product=company.telephony.pk)).status_code == 422


def test_without_scripts_a_button_shows_the_times_for_another_choice(signed_in, company):
    response = signed_in("anna").post(FORM, filled(environment="staging", refresh="1", subject="kept", body="too"))
    assert response.status_code == 200
    assert choices(response)["1"][2]
    assert "kept" in response.content.decode()
    assert Ticket.objects.count() == 0


def test_a_form_that_is_gone_back_to_and_changed_loses_nothing(signed_in, company, now):
    client = signed_in("anna")
    first = filled()
    client.post(FORM, first)
    shown = client.post(FORM, first | {"body": "Something else happened."})
    assert shown.status_code == 422
    assert "Something else happened." in shown.content.decode()
    key = key_of(shown)
    assert key != first["key"]
    client.post(FORM, first | {"body": "Something else happened.", "key": key})
    assert Ticket.objects.count() == 2


def test_the_same_ticket_from_a_newer_page_is_sent_once(signed_in, company, now):
    client = signed_in("anna")
    for _ in range(2):
        client.post(FORM, filled())
    assert Ticket.objects.count() == 1
    client.post(FORM, filled() | {"subject": "Calls drop again"})
    assert Ticket.objects.count() == 2
    now.at += timedelta(hours=2)
    client.post(FORM, filled())
    assert Ticket.objects.count() == 3, "the same again later is meant"


def test_a_choice_that_is_barred_elsewhere_comes_back_with_its_environment(signed_in):
    anna, staged = signed_in("anna"), {"environment": "staging", "priority": "1"}
    aside = anna.get(TIMES, staged)
    assert "Priority 1 isn't available for this environment." in words(aside)
    assert 'name="wanted" value="1:3"' in aside.content.decode()
    again = anna.get(TIMES, {"environment": "staging", "priority": "3", "wanted": "1:3"})
    assert 'name="wanted" value="1:3"' in again.content.decode()
    back = anna.get(TIMES, {"environment": "production", "priority": "3", "wanted": "1:3"})
    assert [key for key, (_, checked, _) in choices(back).items() if checked] == ["1"]
    assert "wanted" not in back.content.decode()


@pytest.mark.parametrize("wanted", ["", ":", "1", "9:3", "3:1", "2:2:2", "<b>:3", "1:\x00"])
def test_what_no_page_of_ours_says_chooses_nothing(signed_in, wanted):
    told = choices(signed_in("anna").get(TIMES, {"environment": "production", "priority": "2", "wanted": wanted}))
    assert [key for key, (_, checked, _) in told.items() if checked] == ["2"]


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_without_scripts_the_choice_comes_back_as_well(signed_in, environment):
    said = filled(environment=environment, priority="3", wanted="1:3", refresh="1")
    told = choices(signed_in("anna").post(FORM, said))
    assert told["1"][1] is (environment == "production")
