"""Organisations and their contracts, people and their roles, products, holidays, texts, settings."""

import smtplib

import pytest
from django.core import mail

from puntuale.agreements import desk, drafting
from puntuale.agreements.reading import plan_in_force
from puntuale.guarantee import document
from puntuale.people.models import Organisation
from puntuale.tickets.suggested_texts import suggestion
from tests.pages import words


@pytest.fixture
def mara(signed_in):
    return signed_in("mara")


def test_an_organisation_is_taken_in_and_gets_a_contract(mara, company, now):
    page = mara.post("/en/office/organisations/new/", {"name": " Rising "})["Location"]
    assert mara.post("/en/office/organisations/new/", {"name": "Rising"}).status_code == 422
    assert (
        mara.post(page, {"plan": "basic", "starts": "2026-11-20T16:00", "ends": "2026-12-10T00:00"}).status_code == 302
    )
    rising = Organisation.objects.get(name="Rising")
    assert plan_in_force(rising, now.at) == "basic"
    assert "The contract ends" in words(mara.get(page))
    assert "Rising" in words(mara.get("/en/office/organisations/?ending=on"))
    assert "Litware" not in words(mara.get("/en/office/organisations/?ending=on"))
    assert "1 contract ends within thirty days" in words(mara.get("/en/office/"))


def test_another_plan_takes_the_place_of_the_one_in_force(mara, company, now):
    page = f"/en/office/organisations/{company.basic.pk}/"
    assert mara.post(page, {"plan": "professional"}).status_code == 302
    assert plan_in_force(company.basic, now.at) == "professional"
    response = mara.post(page, {"plan": "advanced", "starts": "2027-01-01T00:00"})
    assert response.status_code == 422
    assert "at times nobody is on call" in words(response) and "I answer for promises" in words(response)
    assert mara.post(page, {"plan": "advanced", "starts": "2027-01-01T00:00", "answers": "on"}).status_code == 302
    assert company.basic.contracts.count() == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"plan": "gold"}, "does not have this plan"),
        ({"plan": "professional", "starts": "nonsense"}, "This is no date and time."),
        (
            {"plan": "professional", "starts": "2026-12-02T00:00", "ends": "2026-12-01T00:00"},
            "A contract ends after it starts.",
        ),
        ({"plan": "professional", "starts": "2026-11-01T00:00"}, "A contract cannot end in the past"),
    ],
)
def test_a_contract_that_cannot_be_signed_is_told_and_nothing_changes(mara, company, sent, said):
    response = mara.post(f"/en/office/organisations/{company.basic.pk}/", sent)
    assert response.status_code == 422 and said in words(response)
    assert company.basic.contracts.get().ends_at is None


def test_a_contract_ends_and_open_promises_stay(mara, company, now):
    ticket = company.ticket(company.paola, at=now.at)
    contract = company.professional.contracts.get()
    mara.post(f"/en/office/contracts/{contract.pk}/end/")
    assert plan_in_force(company.professional, now.at) is None
    assert ticket.promises.get().due_at is not None
    said = words(mara.post(f"/en/office/contracts/{contract.pk}/end/", {"ends": "2027-01-01T00:00"}, follow=True))
    assert "This contract has ended already." in said


def test_people_are_found_and_get_other_roles(mara, company):
    assert "Ada Byron" in words(mara.get("/en/office/people/?q=byron"))
    assert "Anna Conti" in words(mara.get("/en/office/people/?q=northwind"))
    assert "Ada Byron" not in words(mara.get("/en/office/people/?role=customer&q=a"))
    mara.post(f"/en/office/people/{company.ada.pk}/role/", {"role": "manager"})
    company.ada.refresh_from_db()
    assert company.ada.role == "manager"
    said = words(mara.post(f"/en/office/people/{company.mara.pk}/role/", {"role": "agent"}, follow=True))
    assert "Nobody changes her own role." in said


def test_whoever_leaves_is_told_of_with_what_she_leaves_behind(mara, company, oncall, now):
    from puntuale.tickets import assignment  # noqa: PLC0415

    assignment.assign(company.ticket(at=now.at), to=company.ada, by=company.ada, at=now.at)
    page = f"/en/office/people/{company.ada.pk}/"
    said = words(mara.get(page))
    assert "1 open ticket is in these hands" in said and "There are turns to take over" in said
    assert "can no longer sign in" in words(mara.post(f"{page}leaving/", follow=True))
    assert "may sign in again" in words(mara.post(f"{page}return/", follow=True))


def test_products_are_added_changed_and_taken_off(mara, company):
    assert mara.post("/en/office/products/new/", {"name": "Video", "stage": "beta"}).status_code == 302
    page = f"/en/office/products/{company.telephony.pk}/"
    assert "There is a product of that name." in words(mara.post(page, {"name": "Video", "stage": "beta"}))
    assert "does not have this stage" in words(mara.post(page, {"name": "Telephony", "stage": "alpha"}))
    mara.post(f"{page}retirement/")
    assert "not on offer" in words(mara.get("/en/office/products/"))
    mara.post(f"{page}return/")
    assert "not on offer" not in words(mara.get("/en/office/products/"))


def test_further_holidays_are_confirmed_into_the_draft(mara, company):
    page = "/en/office/holidays/target/"
    assert "Friday 19 April 2041 Good Friday" in words(mara.get(page))
    response = mara.post(page, {"up_to": "2041", "day": ["2041-04-19", "2041-12-25", "1999-01-01"]}, follow=True)
    assert "Friday 19 April 2041" in words(response)
    days = document.read(drafting.draft_of(company.mara).source).sound().holiday_lists["target"]
    assert sorted(day.isoformat() for day in days.days if day.year == 2041) == ["2041-04-19", "2041-12-25"]
    assert mara.get("/en/office/holidays/mars/").status_code == 404


def test_less_than_twelve_months_of_holidays_is_a_warning(mara, company, now):
    assert "Less than twelve months are confirmed." not in words(mara.get("/en/office/holidays/"))
    now.is_("2040-06-01T10:00:00+02:00")
    assert "Less than twelve months are confirmed." in words(mara.get("/en/office/holidays/"))


def test_texts_are_written_by_reason_and_language(mara, company):
    page = "/en/office/texts/how_to/it/"
    assert mara.post(page, {"text": "Ora è {{ to }}."}).status_code == 302
    assert suggestion("how_to", "it", was="1", to="3") == "Ora è 3."
    assert "your own text" in words(mara.get("/en/office/texts/"))
    response = mara.post(page, {"text": "{{ secret }}"})
    assert response.status_code == 422 and "There is no variable secret." in words(response)
    assert mara.get("/en/office/texts/nonsense/it/").status_code == 404
    assert mara.get("/en/office/texts/how_to/tlh/").status_code == 404


def test_the_desk_gets_a_name_that_pages_show(mara, client, company):
    mara.post("/en/office/settings/", {"name": "Acme Help", "language": "it", "zone_name": "Europe/Rome"})
    assert desk.settings().name == "Acme Help"
    client.logout()
    assert "<title>When we answer · Acme Help</title>" in client.get("/en/guarantee/").content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"name": " "}, "A desk needs a name"), ({"name": "Acme", "zone_name": "CET"}, "CET is not a time zone.")],
)
def test_settings_that_cannot_be_are_told(mara, company, sent, said):
    response = mara.post("/en/office/settings/", sent)
    assert response.status_code == 422 and said in words(response)


def test_a_letter_tells_whether_mail_works(mara, company, settings, monkeypatch):
    assert "No mail server is set" in words(mara.post("/en/office/settings/mail/", follow=True))
    settings.EMAIL_IS_SET = True
    assert "took a letter to mara@puntuale.test" in words(mara.post("/en/office/settings/mail/", follow=True))
    assert mail.outbox[0].to == ["mara@puntuale.test"]

    def refuse(_self):
        raise smtplib.SMTPResponseException(535, b"authentication failed")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert "535 authentication failed" in words(mara.post("/en/office/settings/mail/", follow=True))


def test_the_contract_of_somebody_else_is_not_touched_by_a_number(mara, company):
    assert mara.post("/en/office/contracts/999999/end/").status_code == 404
    assert mara.get("/en/office/organisations/999999/").status_code == 404
