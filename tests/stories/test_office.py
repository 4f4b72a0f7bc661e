"""The office on every screen: nothing to complain of, nothing wider than the screen; and a manager at work in it."""

import pytest

from puntuale.agreements import drafting, products
from puntuale.agreements.contracts import end
from puntuale.mail.models import Incoming, Mailbox
from puntuale.people.joining import found_organisation
from puntuale.people.models import Role
from tests.office.test_agreement import NEXT

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

LONG = "Averyveryverylongwordthatneverends" * 5


@pytest.fixture
def office(company, now):
    """Something of everything, in the longest words."""
    company.ticket(company.paola, "1", now.at, subject=LONG)
    drafting.save(company.mara, NEXT.replace('en = "When we answer"', f'en = "{LONG}"'), at=now.at)
    products.shape(None, name=LONG, stage="beta", by=company.mara, at=now.at)
    found_organisation(name=LONG, at=now.at)
    end(company.professional.contracts.get(), ends_at=now.at.replace(month=12, day=1), by=company.mara, at=now.at)
    Incoming.objects.create(
        mailbox="pipe", size=4_711, kept_at=now.at, received_at=now.at, outcome="review", because="stranger",
        sender="nora.of-a-very-long-name-indeed@elsewhere.test", subject=LONG, text=f"Hello.\n\n{LONG * 5}",
    )  # fmt: skip
    Mailbox.objects.create(name="support@mail.test:993/INBOX", looked_at=now.at, problem=LONG, problem_at=now.at)
    draft = "office/agreement/draft/"
    return [
        "office/",
        "office/set-up/",
        "office/settings/",
        "office/agreement/",
        "office/agreement/versions/1/",
        *(f"{draft}{tab}" for tab in ("", "preview/", "differences/", "consequences/", "publication/")),
        "office/organisations/",
        "office/organisations/new/",
        f"office/organisations/{company.professional.pk}/",
        "office/people/",
        f"office/people/{company.ada.pk}/",
        "office/holidays/",
        "office/holidays/target/",
        "office/products/",
        f"office/products/{company.telephony.pk}/",
        "office/texts/",
        "office/texts/how_to/de/",
        "office/audit/",
        "office/mail/",
    ]


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 390, "light"), ("de", 1280, "dark"), ("it", 390, "dark")]
)
def test_every_page_of_the_office_is_content(visitor, company, office, language, width, scheme):
    company.mara.language = language
    company.mara.save()
    mara = visitor(width=width, scheme=scheme).signs_in("mara@puntuale.test")
    for path in office:
        mara.opens(f"/{language}/{path}")
        mara.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        mara.is_content()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_customer_buys_a_better_plan(visitor, company, now, scripts):
    mara = visitor(scripts=scripts).signs_in("mara@puntuale.test").opens("/en/office/organisations/")
    mara.page.click("text=Litware")
    mara.sees("Basic")
    mara.page.select_option("#plan", "professional")
    mara.page.click("text=Sign >> nth=-1")
    mara.sees("Signed.", "Professional", "without an end")
    mara.opens("/en/office/audit/").sees("contract_signed", "contract_ended", "Mara Villa", "127.0.0.1")


def test_somebody_gets_another_role_and_has_to_sign_in_again(visitor, company, now):
    ada = visitor().signs_in("ada@puntuale.test").sees("Due next")
    mara = visitor().signs_in("mara@puntuale.test").opens(f"/en/office/people/{company.ada.pk}/")
    mara.chooses("manager")
    mara.page.click("main form[action*=role] button")
    mara.sees("Whoever gets another role has to sign in again.").is_content()
    ada.opens("/en/desk/").sees("Sign in")
    company.ada.refresh_from_db()
    assert company.ada.role == Role.MANAGER
