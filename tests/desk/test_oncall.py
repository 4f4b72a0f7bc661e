"""The page On call, and the link of a page, as a browser sees them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from puntuale.oncall import acknowledging, feeds, paging, reading
from puntuale.oncall.contacts import ways_to
from puntuale.oncall.models import Acknowledgement, Contact, Cover, Page, Paging, TimeOff
from puntuale.sending.models import Intent
from puntuale.tickets import conversation
from tests.guarantee.test_story import on

AT = on("fri 22:00")
MINUTE = timedelta(minutes=1)
PAGE = "/en/desk/oncall/"


@pytest.fixture(autouse=True)
def friday_night(now):
    now.at = AT


def at_the_desk(person):
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def urgent(company, oncall, friday_night):
    ticket = company.ticket(company.anna, "1", AT)
    paging.go_round(AT)
    return ticket


@pytest.fixture
def ada(company):
    return at_the_desk(company.ada)


@pytest.fixture
def grace(company):
    return at_the_desk(company.grace)


@pytest.fixture
def mara(company):
    return at_the_desk(company.mara)


@pytest.fixture
def link(urgent):
    return f"/en/page/{acknowledging.token_of(Page.objects.get())}/"


def text(answer):
    return answer.content.decode()


def answer(ticket, *, by, at):
    conversation.answer(ticket, body="We are on it.", by=by, at=at)


# --- the link of a page ----------------------------------------------------------------------------------------------


def test_one_tap_without_a_login_stops_the_pages(link, urgent, company):
    browser = Client(enforce_csrf_checks=True)
    seen = browser.get(link)
    assert seen.status_code == 200 and "I am on it" in text(seen) and urgent.subject in text(seen)
    assert seen["Referrer-Policy"] == "no-referrer" and "no-store" in seen["Cache-Control"]
    assert not Acknowledgement.objects.exists(), "looking at a link acknowledges nothing"
    # A browser that is told to send no referrer sends `null` as the origin, and one may keep no cookies.
    browser.cookies.clear()
    done = browser.post(link, headers={"Origin": "null"}, follow=True)
    assert "You are on it." in text(done) and "I am on it" not in text(done)
    (said,) = Acknowledgement.objects.all()
    assert (said.person, said.via, said.at) == (company.ada, "link", AT)
    assert not Intent.objects.filter(kind="page", try_at__isnull=False).exists()
    urgent.refresh_from_db()
    assert urgent.due_at == AT + 60 * MINUTE, "it keeps no promise"


def test_the_link_is_told_in_the_language_of_whoever_was_paged(link):
    assert "Ci sono io" in text(Client().get(link.replace("/en/", "/it/")))


@pytest.mark.parametrize("token", ["1", "1:x", "999999:abc", "%00", "a" * 300, "..", "1%3A" + "x" * 27])
def test_a_link_that_nobody_was_given_leads_nowhere(token, link):
    assert Client().get(f"/en/page/{token}/").status_code == 404
    assert Client().post(f"/en/page/{token}/").status_code == 404
    assert not Acknowledgement.objects.exists()


def test_another_may_take_over_and_the_first_one_sees_it(link, urgent, company, grace):
    Client().post(link)
    row = Paging.objects.get()
    assert "Ada Byron is on it" in text(grace.get(PAGE))
    grace.post(f"{PAGE}pagings/{row.pk}/acknowledgement/")
    seen = text(Client().get(link))
    assert "Grace Hopper is on it." in seen and "I take over" in seen


def test_after_the_answer_nothing_is_left_to_do(link, urgent, company, now):
    answer(urgent, by=company.ada, at=AT + 9 * MINUTE)
    now.at = AT + 10 * MINUTE
    assert "Nothing is left to do" in text(Client().get(link))
    late = Client().post(link)
    assert late.status_code == 409 and "Nothing is left to do" in text(late)
    assert not Acknowledgement.objects.exists()


def test_somebody_who_has_left_has_no_link_any_more(link, company):
    company.ada.left_at = AT
    company.ada.save()
    assert Client().get(link).status_code == 404


# --- at the desk -----------------------------------------------------------------------------------------------------


def test_the_desk_shows_what_is_paged_and_takes_that_somebody_is_on_it(urgent, ada):
    row = Paging.objects.get()
    seen = text(ada.get(PAGE))
    assert urgent.subject in seen and "Nobody is on it yet." in seen and "I am on it" in seen
    done = ada.post(f"{PAGE}pagings/{row.pk}/acknowledgement/")
    assert (done.status_code, done["Location"]) == (302, f"/en/desk/{urgent.pk}/")
    assert Acknowledgement.objects.get().via == "desk"
    assert "Ada Byron is on it." in text(ada.get(f"/en/desk/{urgent.pk}/"))


def test_what_is_over_is_not_acknowledged(urgent, ada, company, now):
    row = Paging.objects.get()
    answer(urgent, by=company.grace, at=AT + MINUTE)
    refused = ada.post(f"{PAGE}pagings/{row.pk}/acknowledgement/")
    assert refused.status_code == 409 and "Nothing is left to do there" in text(refused)


def test_customers_and_strangers_see_nothing_of_it(urgent, signed_in):
    assert signed_in("anna").get(PAGE).status_code == 404
    assert signed_in("anna").get(f"{PAGE}now/").status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_who_is_on_call_is_told_to_people_and_programs(oncall, ada):
    assert "Ada Byron is on call until" in text(ada.get(PAGE))
    told = json.loads(ada.get(f"{PAGE}now/").content)
    assert told["rotas"] == [
        {
            "rota": "First line",
            "on_call": {"name": "Ada Byron", "email": "ada@puntuale.test"},
            "until": "2026-11-23T08:00:00Z",
            "then": {"name": "Grace Hopper", "email": "grace@puntuale.test"},
        }
    ]


def test_without_a_rota_the_page_says_so(company, ada):
    assert "There is no rota yet" in text(ada.get(PAGE))
    assert json.loads(ada.get(f"{PAGE}now/").content)["rotas"] == []


# --- covers, swaps, time off -----------------------------------------------------------------------------------------


def test_a_cover_is_read_on_the_clock_of_whoever_arranges_it(oncall, company, ada):
    said = {"person": company.grace.pk, "from": "2026-11-21T20:00", "until": "2026-11-22T08:00"}
    assert ada.post(f"{PAGE}rotas/{oncall.rota.pk}/covers/", said).status_code == 302
    (found,) = Cover.objects.all()
    assert (found.person, found.start_at) == (company.grace, datetime(2026, 11, 21, 19, tzinfo=UTC))
    assert reading.on_call(oncall.rota, at=found.start_at) == company.grace
    assert "arranged by Ada Byron" in text(ada.get(PAGE))
    ada.post(f"{PAGE}covers/{found.pk}/withdrawal/")
    assert reading.on_call(oncall.rota, at=found.start_at) == company.ada


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("", "2026-11-22T08:00", "Please give a day and a time."),
        ("2026-11-31T20:00", "2026-12-22T08:00", "Please give a day and a time."),
        ("2026-11-21T20:00", "٢٠٢٦-11-22T08:00", "Please give a day and a time."),
        ("2026-11-22T20:00", "2026-11-22T08:00", "It has to end after it begins."),
        ("2026-11-02T20:00", "2026-11-03T08:00", "That time is over already."),
        ("2026-11-21T20:00", "9999-12-31T23:59", "That is more than two years ahead."),
    ],
)
def test_a_span_that_makes_no_sense_is_refused_and_kept_in_the_form(oncall, company, ada, since, until, told):
    said = {"person": company.grace.pk, "from": since, "until": until}
    refused = ada.post(f"{PAGE}rotas/{oncall.rota.pk}/covers/", said)
    assert refused.status_code == 422 and told in text(refused)
    assert f'value="{until}"' in text(refused) and not Cover.objects.exists()


def test_a_turn_is_taken_over_with_one_click(oncall, company, grace):
    key = re.search(r'name="turn" value="([^"]+)"', text(grace.get(PAGE)))[1]
    assert grace.post(f"{PAGE}rotas/{oncall.rota.pk}/turns/", {"turn": key}).status_code == 302
    assert reading.on_call(oncall.rota, at=AT + 5 * MINUTE) == company.grace
    stale = grace.post(f"{PAGE}rotas/{oncall.rota.pk}/turns/", {"turn": "1-2-3"})
    assert stale.status_code == 422 and "The rota has changed meanwhile" in text(stale)


def test_two_turns_are_swapped_and_swapped_back(oncall, company, ada):
    keys = re.findall(r'<option value="(\d+-\d+-\d+)"', text(ada.get(PAGE)))
    assert ada.post(f"{PAGE}rotas/{oncall.rota.pk}/swaps/", {"one": keys[0], "other": keys[1]}).status_code == 302
    assert reading.on_call(oncall.rota, at=AT + MINUTE) == company.grace
    assert reading.on_call(oncall.rota, at=on("mon 12:00") + timedelta(days=7)) == company.ada
    ada.post(f"{PAGE}covers/{Cover.objects.first().pk}/withdrawal/")
    assert reading.on_call(oncall.rota, at=AT + MINUTE) == company.ada
    same = ada.post(f"{PAGE}rotas/{oncall.rota.pk}/swaps/", {"one": keys[0], "other": keys[0]})
    assert same.status_code == 422 and "A swap needs the turns of two people." in text(same)


def test_time_off_lets_the_next_one_step_in(oncall, company, ada):
    said = {"from": "2026-11-20T23:00", "until": "2026-11-21T23:00"}
    assert ada.post(f"{PAGE}away/", said).status_code == 302
    (off,) = TimeOff.objects.all()
    assert off.person == company.ada
    assert reading.on_call(oncall.rota, at=off.start_at) == company.grace
    ada.post(f"{PAGE}away/{off.pk}/withdrawal/")
    assert reading.on_call(oncall.rota, at=off.start_at) == company.ada


def test_time_off_says_when_nobody_is_left(oncall, company, ada, mara):
    span = {"from": "2026-11-20T23:00", "until": "2026-11-21T23:00"}
    assert "Saved. Someone else is on call during that time." in text(ada.post(f"{PAGE}away/", span, follow=True))
    later = {"person": company.grace.pk, "from": "2026-11-21T08:00", "until": "2026-11-22T08:00"}
    told = text(mara.post(f"{PAGE}away/", later, follow=True))
    assert "Saved. Nobody is on call tomorrow 08:00" in told
    assert "23:00 CET: arrange cover." in told


def test_only_managers_enter_time_off_for_others(oncall, company, ada, mara):
    said = {"person": company.grace.pk, "from": "2026-11-24T08:00", "until": "2026-11-25T08:00"}
    refused = ada.post(f"{PAGE}away/", said)
    assert refused.status_code == 403 and "Only managers" in text(refused)
    assert mara.post(f"{PAGE}away/", said).status_code == 302
    (off,) = TimeOff.objects.all()
    assert ada.post(f"{PAGE}away/{off.pk}/withdrawal/").status_code == 403


@pytest.mark.parametrize("who", ["", "x", "0", "9" * 30, "٣"])
def test_a_person_that_is_none_is_not_found(oncall, ada, who):
    said = {"person": who, "from": "2026-11-24T08:00", "until": "2026-11-25T08:00"}
    assert ada.post(f"{PAGE}away/", said).status_code == 404


# --- ways to be reached ----------------------------------------------------------------------------------------------


def test_a_way_is_added_proved_and_removed(oncall, company, ada):
    assert "Fewer than two ways are proved" in text(ada.get(PAGE))
    ada.post(f"{PAGE}contacts/", {"channel": "sms", "address": "twilio://AC1:tok@390001/390123456789"})
    (contact,) = Contact.objects.all()
    assert "not yet proved" in text(ada.get(PAGE))
    wrong = ada.post(f"{PAGE}contacts/{contact.pk}/proof/", {"code": "x"})
    assert wrong.status_code == 422 and "That is not the code that was sent." in text(wrong)
    assert ada.post(f"{PAGE}contacts/{contact.pk}/proof/", {"code": contact.code}).status_code == 302
    assert len(ways_to([company.ada])[company.ada.pk]) == 2
    assert "Fewer than two ways are proved" not in text(ada.get(PAGE))
    ada.post(f"{PAGE}contacts/{contact.pk}/removal/")
    assert len(ways_to([company.ada])[company.ada.pk]) == 1


@pytest.mark.parametrize(
    ("channel", "address", "told"),
    [
        ("pigeon", "home", "Please choose how you want to be reached."),
        ("email", "nobody", "That is not an e-mail address."),
        ("webhook", "javascript:alert(1)", "A webhook is an address that begins with https://."),
        ("sms", "file:///etc/passwd", "That is not an address of such a service."),
        ("chat", "tgram://", "Something is missing in this address."),
        ("webhook", "https://hooks.example/" + "a" * 600, "This address is too long."),
        ("webhook", "https://hooks.example/\x00", "A webhook is an address that begins with https://."),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(oncall, ada, channel, address, told):
    refused = ada.post(f"{PAGE}contacts/", {"channel": channel, "address": address})
    assert refused.status_code == 422 and told in text(refused) and not Contact.objects.exists()


def test_what_somebody_typed_is_shown_escaped(oncall, ada):
    refused = ada.post(f"{PAGE}contacts/", {"channel": "webhook", "address": '"><script>alert(1)</script>'})
    assert "<script>alert(1)" not in text(refused) and "&lt;script&gt;" in text(refused)


def test_nobody_proves_or_removes_the_way_of_another(oncall, company, ada, grace):
    ada.post(f"{PAGE}contacts/", {"channel": "email", "address": "ada@home.test"})
    (contact,) = Contact.objects.all()
    assert grace.post(f"{PAGE}contacts/{contact.pk}/proof/", {"code": contact.code}).status_code == 404
    assert grace.post(f"{PAGE}contacts/{contact.pk}/removal/").status_code == 404
    assert grace.post(f"{PAGE}contacts/{contact.pk}/code/").status_code == 404
    contact.refresh_from_db()
    assert contact.removed_at is None and contact.verified_at is None


def test_another_code_is_sent_after_half_a_minute(oncall, ada, now):
    ada.post(f"{PAGE}contacts/", {"channel": "email", "address": "ada@home.test"})
    (contact,) = Contact.objects.all()
    soon = ada.post(f"{PAGE}contacts/{contact.pk}/code/")
    assert soon.status_code == 422 and "Please wait for half a minute." in text(soon)
    now.at = AT + MINUTE
    assert ada.post(f"{PAGE}contacts/{contact.pk}/code/").status_code == 302
    assert Contact.objects.get().code_until == AT + 16 * MINUTE


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_the_calendar_has_a_secret_address_that_can_be_changed(oncall, company, ada, settings):
    address = re.search(rf'value="{re.escape(settings.BASE_URL)}(/en/oncall/[^"]+\.ics)"', text(ada.get(PAGE)))[1]
    calendar = Client().get(address)
    assert calendar["Content-Type"] == "text/calendar; charset=utf-8" and "BEGIN:VEVENT" in text(calendar)
    ada.post(f"{PAGE}calendar/")
    assert Client().get(address).status_code == 404
    assert Client().get(f"/en/oncall/{feeds.token_of(company.ada)}.ics").status_code == 200


@pytest.mark.parametrize("token", ["1.1", "1.1:x", "x", "%00"])
def test_a_calendar_address_that_was_given_to_nobody_leads_nowhere(token, oncall, now):
    assert Client().get(f"/en/oncall/{token}.ics").status_code == 404
