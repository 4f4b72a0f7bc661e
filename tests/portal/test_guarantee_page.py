"""The published page says what the agreement in force says, and nothing else."""

import json
from datetime import timedelta

import pytest

from puntuale.agreements.publication import publish
from tests.guarantee.documents import STANDARD
from tests.guarantee.tables import at
from tests.pages import words


def page(client, language="en"):
    address = {"en": "/en/guarantee/", "it": "/it/garanzia/"}[language]
    response = client.get(address)
    assert response.status_code == 200
    return words(response)


def facts(client, language="en"):
    return json.loads(client.get({"en": "/en/guarantee.json", "it": "/it/garanzia.json"}[language]).content)


def test_the_table_hours_and_exclusions_are_those_of_the_agreement(client, company, now):
    said = page(client)
    for expected in (
        "When we answer",
        "1 · Business critical production is down, with no way round it no guarantee 3 business hours sent now: Mon 11:00 CET 1 hour day and night sent now: today 17:00 CET",
        "2 · Degraded service it works, but badly or only now and then no guarantee 6 business hours sent now: Mon 14:00 CET 3 business hours sent now: Mon 11:00 CET",
        "3 · General issue questions, wishes, development no guarantee 9 business hours sent now: Mon 17:00 CET 6 business hours sent now: Mon 14:00 CET",
        "Monday to Friday, 09:00-17:00 Central European Time, Europe/Brussels",
        "Friday 25 December 2026 Christmas Day",
        "Monday 29 March 2027 Easter Monday",
        "Questions about beta products get an answer as soon as we can, but without a guaranteed time.",
        "Only for: Production.",
        "Version 1, in force since 1 January 2026",
        "open until 17:00",
    ):
        assert expected in said


def test_it_speaks_italian(client, company, now):
    said = page(client, "it")
    for expected in (
        "Quando rispondiamo",
        "3 ore lavorative",
        "1 ora giorno e notte inviato ora: oggi 17:00 CET",
        "nessuna garanzia",
        "Da lunedì a venerdì, 09:00-17:00 Ora dell’Europa centrale",
        "venerdì 25 dicembre 2026 Natale",
        "lunedì 29 marzo 2027 Lunedì dell'Angelo",
        "aperto fino alle 17:00",
    ):
        assert expected in said


def test_the_letters_of_a_zone_stay_beside_the_time(client, company, now):
    table = client.get("/fr/garantie/").content.decode().partition("<table")[2].partition("</table>")[0]
    assert "lun. 11:00\N{NO-BREAK SPACE}CET" in table
    assert " CET" not in table


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-11-20T16:59:59+01:00", "open until 17:00"),
        ("2026-11-20T17:00:00+01:00", "closed, opens Mon 09:00"),
        ("2026-11-23T08:59:00+01:00", "closed, opens today 09:00"),
        ("2026-12-24T18:00:00+01:00", "closed, opens Mon 09:00"),
        ("2026-12-23T23:00:00+01:00", "closed, opens tomorrow 09:00"),
    ],
)
def test_it_says_whether_the_desk_is_open_and_when_that_changes(client, company, now, moment, status):
    now.is_(moment)
    assert status in page(client)


def test_the_next_twelve_months_of_holidays_are_shown_and_no_others(client, company, now):
    now.is_("2026-12-26T12:00:00+01:00")
    said = page(client)
    assert "Saturday 26 December 2026" in said
    assert "Saturday 25 December 2027" in said
    assert "Friday 25 December 2026" not in said
    assert "Sunday 26 December 2027" not in said


def test_programs_get_the_same_in_utc(client, company, now):
    told = facts(client)
    assert (told["version"], told["effective_from"], told["open_now"]) == (1, "2026-01-01T00:00:00Z", True)
    assert (told["opens_at"], told["closes_at"]) == (None, "2026-11-20T16:00:00Z")
    first = told["priorities"][0]
    assert first["environments"] == ["production"]
    assert first["first_response"] == {
        "basic": {"target": None, "no_guarantee": "plan"},
        "professional": {
            "target": "3h business",
            "seconds": 10800,
            "hours": "business",
            "due_if_sent_now": "2026-11-23T10:00:00Z",
        },
        "advanced": {
            "target": "1h always",
            "seconds": 3600,
            "hours": "always",
            "due_if_sent_now": "2026-11-20T16:00:00Z",
        },
    }
    assert {"date": "2026-12-25", "name": "Christmas Day"} in told["hours"][0]["days_off"]
    assert [excluded["product_stage"] for excluded in told["exclusions"]] == ["beta", "preview"]
    assert facts(client, "it")["priorities"][0]["name"] == "Attività bloccata"
    now.is_("2026-11-21T12:00:00+01:00")
    told = facts(client)
    assert (told["open_now"], told["opens_at"], told["closes_at"]) == (False, "2026-11-23T08:00:00Z", None)


def test_change_a_figure_in_the_document_and_page_form_and_engine_change_together(signed_in, company, now):
    client = signed_in("paola")
    form = "/it/ticket/nuovo/"
    assert "3 ore lavorative" in page(client, "it")
    assert "lun 11:00 CET 3 ore lavorative" in words(client.get(form))
    before = company.ticket(company.paola, "1", now.at)

    changed = STANDARD.replace("version = 1", "version = 2").replace('1 = "3h business"', '1 = "2h30m business"')
    publish(changed, effective_from=now.at + timedelta(minutes=1), at=now.at)
    now.at += timedelta(minutes=1)

    assert "2 ore lavorative e 30 minuti lavorativi inviato ora: lun 10:31 CET" in page(client, "it")
    assert facts(client)["priorities"][0]["first_response"]["professional"]["target"] == "2h30m business"
    assert "lun 10:31 CET 2 ore lavorative e 30 minuti lavorativi" in words(client.get(form))
    after = company.ticket(company.paola, "1", now.at)
    assert after.due_at == at("2026-11-23T10:31:00+01:00")
    before.refresh_from_db()
    assert before.due_at == at("2026-11-23T11:00:00+01:00"), "a promise already made stays as it was"


def test_whoever_is_signed_in_sees_which_plan_is_hers(signed_in):
    assert "Professional · il tuo piano" in page(signed_in("paola"), "it")


def test_before_anything_is_published_there_is_no_page(client, db):
    assert client.get("/en/guarantee/").status_code == 404
    assert client.get("/en/guarantee.json").status_code == 404


def test_markup_in_the_agreement_is_shown_as_text(client, company, now):
    said = "<script>alert(1)</script>"
    changed = STANDARD.replace("version = 1", "version = 2").replace("When we answer", said)
    publish(changed, effective_from=now.at, at=now.at)
    response = client.get("/en/guarantee/")
    assert said in words(response)
    assert said not in response.content.decode()


def test_a_special_day_is_told(client, company, now):
    eve = '\n[hours.business.overrides.2026-12-24]\nopen = ["09:00-13:00"]\nname = { en = "Christmas Eve", it = "Vigilia", de = "Heiligabend", fr = "Veille de Noël", es = "Nochebuena" }\n'
    changed = STANDARD.replace("version = 1", "version = 2").replace("\n[hours.always]", eve + "\n[hours.always]")
    publish(changed, effective_from=now.at, at=now.at)
    assert "Other hours Thursday 24 December 2026 09:00-13:00" in page(client)


@pytest.mark.parametrize(
    ("asked", "sent"), [("it-IT,it;q=0.9", "/it/garanzia/"), ("en", "/en/guarantee/"), ("xx", "/en/guarantee/")]
)
def test_the_front_door_leads_to_the_page_in_the_readers_language(client, company, now, asked, sent):
    assert client.get("/", headers={"accept-language": asked}).url == sent


def test_the_page_leads_to_itself_in_the_other_language(client, company, now):
    assert 'href="/it/garanzia/" lang="it"' in client.get("/en/guarantee/").content.decode()
