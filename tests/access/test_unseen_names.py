"""A name that nobody can see is no name, whatever has it and by whichever door it comes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from puntuale.agreements import desk as desk_settings
from puntuale.agreements import products
from puntuale.guarantee.document import read
from puntuale.oncall import chains, rotas
from puntuale.oncall.chains import DrawnStep
from puntuale.oncall.drawing import DrawnLayer
from puntuale.people import joining, membership, organisations, sign_up, tokens
from puntuale.people.models import Organisation, Person, Role
from puntuale.tickets import saved_filters, saved_replies
from puntuale.tickets.queues import Filter, View
from puntuale.webhooks import endpoints, incoming
from tests.company import PASSWORD
from tests.guarantee.documents import STANDARD
from tests.people.test_sign_up import proven

UNSEEN = {
    "zero width": "\u200b",
    "fillers": "\u3164\uffa0",
    "blank braille": "\u2800 \u2800",
    "marks": "\u0301",
    "tags": "\U000e0041",
}
ABOUT = {"password": PASSWORD, "language": "en", "zone_name": "UTC"}


@dataclass
class Case:
    company: Any
    name: str
    by: Person
    at: datetime


def layer(company):
    return DrawnLayer("Nights", (company.ada.pk,), "Europe/Rome", date(2026, 11, 16))


VERBS = {
    "a person": lambda x: joining.add_person(
        name=x.name, email="x@y.test", password=PASSWORD, role=Role.AGENT, at=x.at
    ),
    "an organisation": lambda x: organisations.found(name=x.name, by=x.by, at=x.at),
    "an organisation anew": lambda x: organisations.rename(x.company.basic, name=x.name, by=x.by, at=x.at),
    "an organisation that is moved in": lambda x: joining.found_organisation(name=x.name, at=x.at),
    "who joins": lambda x: membership.ask_to_join(
        x.company.basic, email="x@y.test", name=x.name, at=x.at, **ABOUT
    ),
    "who signs up": lambda x: sign_up.finish(
        proven("nora@acme.test", x.at), name=x.name, organisation="Acme", at=x.at, **ABOUT
    ),
    "what she founds": lambda x: sign_up.finish(
        proven("nora@acme.test", x.at), name="Nora", organisation=x.name, at=x.at, **ABOUT
    ),
    "the first manager": lambda x: joining.accept_invitation(
        membership.made(None, "z@y.test", Role.MANAGER, by=x.by, at=x.at)[1], name=x.name, at=x.at, **ABOUT
    ),
    "a product": lambda x: products.shape(None, name=x.name, stage="released", by=x.by, at=x.at),
    "the desk": lambda x: desk_settings.arrange(
        name=x.name, language="en", zone_name="UTC", by=x.by, at=x.at
    ),
    "a token": lambda x: tokens.issue(
        x.by, name=x.name, scopes=["read"], lasts=timedelta(days=1), at=x.at
    ),
    "a webhook": lambda x: endpoints.add(
        name=x.name, url="https://hooks.example.org/", types=["ping"], by=x.by, at=x.at
    ),
    "a hook": lambda x: incoming.add(
        name=x.name, kind="monitoring", person=x.company.anna, priority="1", environment="production", product=None, by=x.by, at=x.at
    ),
    "a rota": lambda x: rotas.shape(None, name=x.name, layers=[layer(x.company)], by=x.by, at=x.at),
    "a chain": lambda x: chains.shape(
        None, name=x.name, steps=[DrawnStep(300, people=(x.company.ada.pk,))], by=x.by, at=x.at
    ),
    "a saved reply": lambda x: saved_replies.save(title=x.name, body="Hello", by=x.by, at=x.at),
    "the text of one": lambda x: saved_replies.save(title="Hello", body=x.name, by=x.by, at=x.at),
    "a saved filter": lambda x: saved_filters.save(
        name=x.name, view=View.DUE, narrowed=Filter(priority="1"), by=x.by, at=x.at
    ),
}  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN.keys())
@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS.keys())
def test_no_verb_takes_a_name_that_nobody_can_see(company, now, verb, unseen):
    before = (Person.objects.count(), Organisation.objects.count())
    with pytest.raises((ValueError, LookupError)) as refused:
        verb(Case(company, unseen, company.mara, now.at))
    assert type(refused.value) not in {ValueError, KeyError}, refused.value
    assert (Person.objects.count(), Organisation.objects.count()) == before
    assert not Organisation.objects.filter(name=unseen).exists()


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN.keys())
def test_no_text_of_an_agreement_is_one_that_nobody_can_see(unseen):
    for written in ('name = { en = "Production"', 'name = { en = "Staging"', 'name = { en = "Released"'):
        assert written in STANDARD
        found = read(STANDARD.replace(written, f'name = {{ en = "{unseen}"'))
        assert "value.empty" in {one.rule for one in found.errors}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN.keys())
def test_the_repair_pages_refuse_it(company, signed_in, unseen):
    mara = signed_in("mara")
    for path, row in (
        (f"organisation/{company.basic.pk}", company.basic),
        (f"person/{company.anna.pk}", company.anna),
    ):
        said = {"name": unseen, "email": "anna@northwind.test", "language": "en", "zone_name": "UTC"}
        dates = {"joined_at_0": "2026-01-01", "joined_at_1": "00:00:00", "organisation": company.advanced.pk}
        page = mara.post(f"/repair/people/{path}/change/", said | dates)
        assert page.status_code == 200
        was = row.name
        row.refresh_from_db()
        assert row.name == was
    page = mara.post(
        f"/repair/agreements/product/{company.telephony.pk}/change/",
        {"name": unseen, "stage": "released", "added_at_0": "2026-01-01", "added_at_1": "00:00:00"},
    )
    assert page.status_code == 200
    company.telephony.refresh_from_db()
    assert company.telephony.name == "Telephony"


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN.keys())
def test_an_invitation_is_not_taken_up_under_it(company, client, now, unseen):
    _new, secret = membership.made(company.basic, "z@litware.test", Role.CUSTOMER, by=company.mara, at=now.at)
    page = client.post(f"/en/invitation/{secret}/", {"name": unseen, "password": PASSWORD, "zone_name": "UTC"})
    assert page.status_code == 422
    assert not Person.objects.filter(email="z@litware.test").exists()
