"""The managers' forms of rotas and chains."""

import pytest

from puntuale.oncall import reading
from puntuale.oncall.models import Chain, Rota
from tests.pages import words


@pytest.fixture
def browser(signed_in):
    return signed_in("mara")


def fields(company, **changed):
    said = {
        "name": "Nights", "name-0": "", "zone-0": "Europe/Rome", "since-0": "2026-11-16", "handover-0": "09:00", "days-0": "7",
        "duty-0": "always", "holidays-0": "", "people-0": [company.ada.pk, company.grace.pk, ""],
        "name-1": "", "zone-1": "Europe/Rome", "since-1": "", "handover-1": "09:00", "days-1": "7", "duty-1": "always", "people-1": ["", ""],
    }  # fmt: skip
    return said | changed


def steps(company, rota, **changed):
    said = {
        "name": "Night chain", "rounds": "3", "answer_within": "15", "wait-0": "5", "targets-0": [f"rota-{rota.pk}"],
        "wait-1": "10", "targets-1": [f"person-{company.mara.pk}"], "wait-2": "5",
    }  # fmt: skip
    return said | changed


def test_a_rota_is_made_shown_and_changed(browser, company):
    assert browser.get("/en/office/rotas/new/").status_code == 200
    assert browser.post("/en/office/rotas/new/", fields(company)).status_code == 302
    rota = Rota.objects.get()
    (layer,) = rota.layers.all()
    assert (layer.name, layer.handover, layer.days, layer.weekly) == ("Layer 1", 540, 7, None)
    assert [place.person for place in layer.places.all()] == [company.ada, company.grace]
    assert "Ada Byron is on call now" in browser.get("/en/office/rotas/").content.decode()
    changed = fields(
        company, **{"duty-0": "shifts", **{f"shifts-{day}-0": "20:00-24:00, 00:00-08:00" for day in range(7)}}
    )
    assert browser.post(f"/en/office/rotas/{rota.pk}/", changed).status_code == 302
    assert rota.layers.get().weekly == [["20:00-24:00", "00:00-08:00"]] * 7
    page = browser.get(f"/en/office/rotas/{rota.pk}/").content.decode()
    assert "20:00-24:00, 00:00-08:00" in page and "nobody" in page


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/it/office/rotas/", "Ada Byron è reperibile ora, fino a domani 09:00 CET"),
        ("/fr/office/rotas/", "Ada Byron est d’astreinte en ce moment, jusqu’à demain 09:00 CET"),
    ],
)
def test_until_when_is_part_of_the_sentence(browser, company, address, said):
    browser.post("/en/office/rotas/new/", fields(company, **{"days-0": "1"}))
    assert said in words(browser.get(address))


def test_the_turns_are_shown_before_anything_is_saved(browser, company):
    page = browser.post("/en/office/rotas/new/", fields(company, preview="on")).content.decode()
    assert "The next four weeks" in page and "Grace Hopper" in page
    assert not Rota.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": " "}, "It needs a name."),
        ({"since-0": "soon"}, "The first hand-over needs a date."),
        ({"handover-0": "25:00"}, "The hand-over needs a time of day"),
        ({"handover-0": "٠٩:٠٠"}, "The hand-over needs a time of day"),
        ({"days-0": "-1"}, "A turn lasts one day at least"),
        ({"zone-0": "Nowhere"}, "That is not a time zone."),
        ({"zone-0": "../../etc/passwd"}, "That is not a time zone."),
        ({"people-0": ["999999999999999999"]}, "does not work here any more"),
        ({"duty-0": "shifts"}, "It is never on duty."),
        ({"duty-0": "shifts", "shifts-0-0": "nine to five"}, "A shift is written as"),
        ({"holidays-0": "x"}, "There is no such list"),
        ({"people-0": [""]}, "A rota has one layer at least"),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(browser, company, changed, said):
    response = browser.post("/en/office/rotas/new/", fields(company, **changed))
    page = response.content.decode()
    assert response.status_code == 422 and said in page
    assert "Europe/Rome" in page and not Rota.objects.exists()


def test_a_person_twice_and_a_name_twice_are_refused(browser, company):
    twice = browser.post("/en/office/rotas/new/", fields(company, **{"people-0": [company.ada.pk, company.ada.pk]}))
    assert twice.status_code == 422 and "Somebody is in it twice." in twice.content.decode()
    browser.post("/en/office/rotas/new/", fields(company))
    again = browser.post("/en/office/rotas/new/", fields(company))
    assert again.status_code == 422 and "There is a rota of that name." in again.content.decode()


def test_a_chain_is_made_changed_and_taken_off_the_list(browser, company):
    browser.post("/en/office/rotas/new/", fields(company))
    rota = Rota.objects.get()
    assert (
        browser.post("/en/office/chains/new/", steps(company, rota, plans=["advanced", "nonsense"])).status_code == 302
    )
    chain = Chain.objects.get()
    assert (chain.plans, chain.rounds, chain.answer_within) == (["advanced"], 3, 900)
    assert [step.wait for step in chain.steps.all()] == [300, 600]
    assert "Night chain" in browser.get(f"/en/office/chains/{chain.pk}/").content.decode()
    refused = browser.post(f"/en/office/rotas/{rota.pk}/retirement/", follow=True)
    assert "The chain Night chain still asks this rota." in refused.content.decode()
    browser.post(f"/en/office/chains/{chain.pk}/retirement/")
    browser.post(f"/en/office/rotas/{rota.pk}/retirement/")
    assert not reading.chains().exists() and not reading.rotas().exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "It needs a name."),
        ({"rounds": "x"}, "It is gone through once at least"),
        ({"answer_within": "0"}, "An acknowledgement holds for a minute at least"),
        ({"wait-0": "0"}, "A step waits one minute at least"),
        ({"targets-1": []}, "The last step needs somebody by name"),
        ({"targets-0": ["rota-999"]}, "does not work here any more"),
        ({"targets-0": [], "targets-1": []}, "A chain has one step at least"),
    ],
)
def test_what_is_wrong_with_a_chain_is_said(browser, company, changed, said):
    browser.post("/en/office/rotas/new/", fields(company))
    response = browser.post("/en/office/chains/new/", steps(company, Rota.objects.get(), **changed))
    assert response.status_code == 422 and said in response.content.decode()
    assert not Chain.objects.exists()


@pytest.mark.parametrize("who", ["ada", "anna"])
def test_only_managers_come_in(signed_in, company, who, oncall):
    browser = signed_in(who)
    for path in ("rotas/", "rotas/new/", f"rotas/{oncall.rota.pk}/", "chains/new/", f"chains/{oncall.chain.pk}/"):
        assert browser.get(f"/en/office/{path}").status_code == 404
    for path in (f"rotas/{oncall.rota.pk}/retirement/", f"chains/{oncall.chain.pk}/retirement/"):
        assert browser.post(f"/en/office/{path}").status_code == 404
    assert reading.chains().exists()
