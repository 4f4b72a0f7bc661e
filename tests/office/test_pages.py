"""The pages of the office: for managers only, and each of them there."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from puntuale.agreements import drafting
from tests.pages import words

AMONG = {
    "office": [],
    "office_set_up": [],
    "office_settings": [],
    "office_agreement": [],
    "office_version": [1],
    "office_draft": [],
    "office_draft_preview": [],
    "office_draft_differences": [],
    "office_draft_consequences": [],
    "office_draft_publication": [],
    "office_organisations": [],
    "office_new_organisation": [],
    "office_organisation": ["basic"],
    "office_people": [],
    "office_person": ["anna"],
    "office_holidays": [],
    "office_holiday": ["target"],
    "office_products": [],
    "office_new_product": [],
    "office_product": ["telephony"],
    "office_texts": [],
    "office_text": ["how_to", "it"],
    "office_audit": [],
    "office_webhooks": [],
    "office_new_webhook": [],
    "office_connectors": [],
    "office_new_hook": [],
    "office_tokens": [],
    "office_mail": [],
    "office_promises": [],
    "office_what_if": [],
    "office_reports": [],
    "office_report_workload": [],
    "office_report_fairness": [],
    "office_report_tickets": [],
    "office_report_export": ["csv"],
    "office_rotas": [],
}
ONLY_SENT = {
    "office_report_mail": [],
    "office_attainment_publication": [],
    "office_audit_export": [],
    "office_token_revocation": [1],
    "office_set_up_end": [],
    "office_mail_test": [],
    "office_mailbox_trial": [],
    "office_renewing": [1],
    "office_draft_findings": [],
    "office_draft_discarding": [],
    "office_organisation_name": ["basic"],
    "office_contract_end": [1],
    "office_person_role": ["anna"],
    "office_person_leaving": ["anna"],
    "office_person_return": ["anna"],
    "office_product_retirement": ["telephony"],
    "office_product_return": ["telephony"],
}


def address(route, arguments, company):
    with override("en"):
        return reverse(route, args=[getattr(getattr(company, str(one), one), "pk", one) for one in arguments])


@pytest.mark.parametrize("route", AMONG)
def test_managers_see_each_page_and_agents_and_customers_none(company, signed_in, route):
    page = address(route, AMONG[route], company)
    assert signed_in("mara").get(page).status_code == 200
    for name in ("ada", "anna", "andrea"):
        assert signed_in(name).get(page).status_code == 404


@pytest.mark.parametrize("route", ONLY_SENT)
def test_only_managers_send_anything(company, signed_in, route):
    page = address(route, ONLY_SENT[route], company)
    for name in ("ada", "anna", "andrea"):
        assert signed_in(name).post(page).status_code == 404
    assert signed_in("mara").get(page).status_code == 405


@pytest.mark.parametrize("language", ["it", "de", "fr", "es"])
def test_the_pages_are_there_in_every_language(company, signed_in, language):
    mara = signed_in("mara")
    for route in ("office", "office_agreement", "office_draft_differences", "office_holidays", "office_audit"):
        with override(language):
            assert mara.get(reverse(route)).status_code == 200


def test_the_first_page_tells_what_needs_a_manager(company, signed_in, now):
    drafting.save(company.mara, "x", at=now.at)
    said = words(signed_in("mara").get("/en/office/"))
    assert "Not all promises of the next thirty days can be kept." in said
    assert "The first steps are not done yet." in said
    assert "You have begun to write a version of the agreement." in said


def test_the_first_steps_can_be_left_aside(company, signed_in):
    mara = signed_in("mara")
    assert "Leave them aside" in words(mara.get("/en/office/set-up/"))
    mara.post("/en/office/set-up/end/")
    assert "The first steps" not in words(mara.get("/en/office/"))
