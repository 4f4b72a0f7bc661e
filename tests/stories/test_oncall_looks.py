"""Being on call, and the managers' pages about it, on every screen: nothing to complain of, nothing wider than the screen."""

from datetime import timedelta

import pytest

from puntuale.oncall import acknowledging, contacts, paging, rotas
from puntuale.oncall.models import Acknowledgement, Page

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]

LONG = "Averyveryverylongwordthatneverends" * 6


@pytest.fixture
def night(company, oncall, now):
    """Something of everything: pagings in every state, a cover, time off, ways that are proved and that are not."""
    quiet = company.ticket(company.anna, "1", now.at, subject=LONG)
    held = company.ticket(company.andrea, "1", now.at, subject="Held")
    while paging.go_round(now.at) == 0:
        pass
    row = held.pagings.get()
    acknowledging.acknowledge(row, by=company.grace, via=Acknowledgement.Via.DESK, at=now.at)
    day = timedelta(days=1)
    rotas.cover(
        oncall.rota, person=company.mara, start_at=now.at + day, end_at=now.at + 2 * day, by=company.ada, at=now.at
    )
    rotas.take_time_off(company.mara, start_at=now.at + day, end_at=now.at + 9 * day, by=company.mara, at=now.at)
    address = f"https://hooks.example/{LONG}"
    contacts.add(company.mara, channel="webhook", address=address, at=now.at)
    return {
        "page": f"page/{acknowledging.token_of(Page.objects.filter(paging__ticket=quiet).first())}/",
        "desk": ["desk/oncall/", f"desk/{quiet.number}/", f"desk/{held.number}/", "desk/alarms/", "preferences"],
        "office": [
            "office/promises/",
            "office/rotas/",
            "office/rotas/new/",
            f"office/rotas/{oncall.rota.pk}/",
            f"office/chains/{oncall.chain.pk}/",
            "office/chains/new/",
        ],
    }


PREFERENCES = {"en": "preferences/", "it": "preferenze/", "de": "einstellungen/"}
EVERYWHERE = [
    ("en", 390, "light"),
    ("en", 1280, "dark"),
    ("it", 390, "dark"),
    ("de", 1280, "light"),
]


@pytest.mark.parametrize(("language", "width", "scheme"), EVERYWHERE)
def test_every_page_about_being_on_call_is_content(visitor, company, night, language, width, scheme):
    company.mara.language = language
    company.mara.save()
    visitor(width=width, scheme=scheme).opens(f"/{language}/{night['page']}").is_content()
    mara = visitor(width=width, scheme=scheme).signs_in("mara@puntuale.test")
    for path in night["desk"] + night["office"]:
        mara.opens(f"/{language}/{PREFERENCES[language] if path == 'preferences' else path}")
        mara.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        mara.is_content()


def test_whoever_was_woken_says_so_with_one_tap_and_without_scripts(visitor, company, night):
    phone = visitor(width=390, scripts=False).opens(f"/en/{night['page']}")
    phone.page.click("text=I am on it")
    phone.sees("You are on it.", "The customer still waits for your answer.").does_not_see("I take over")
    ada = visitor().signs_in("ada@puntuale.test").opens("/en/desk/oncall/")
    ada.sees("Ada Byron is on it.", "Grace Hopper is on it.")


def test_a_turn_is_swapped_by_somebody_who_uses_the_page(visitor, company, night):
    ada = visitor().signs_in("ada@puntuale.test").opens("/en/desk/oncall/")
    ada.page.click("text=Swap two turns")
    ada.page.select_option("select[name=other]", index=1)
    ada.page.click("text=Swap them")
    ada.sees("The turns are swapped.", "a swap arranged by Ada Byron").is_content()
