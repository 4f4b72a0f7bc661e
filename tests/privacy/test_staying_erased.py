"""Whoever was erased stays erased: no button, command or page by hand brings them back, or does it again."""

from contextlib import nullcontext

import pytest

from puntuale.cli import privacy
from puntuale.cli.asking import Call, Failed
from puntuale.people import membership, roles
from puntuale.people.models import AuditEntry, Person, Role
from puntuale.privacy import erasing
from tests.access.world import AT
from tests.pages import words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["anna", "ada", "max"])
def erased(request, company, now, settings, tmp_path):
    """A customer, an agent and an administrator, each erased."""
    settings.ERASURES = [tmp_path / "erasures.jsonl"]
    if request.param == "max":
        roles.give_role(company.grace, Role.ADMINISTRATOR, by=company.mara, at=AT)
        roles.give_role(company.mara, Role.ADMINISTRATOR, by=Person.objects.get(pk=company.grace.pk), at=AT)
    person = {"anna": company.anna, "ada": company.ada, "max": company.grace}[request.param]
    company.mara.refresh_from_db()
    erasing.erase(Person.objects.get(pk=person.pk), by=company.mara, at=AT)
    return Person.objects.get(pk=person.pk)


def as_it_was(person):
    return Person.objects.filter(pk=person.pk).values().get()


def test_the_page_says_when_and_offers_nothing(signed_in, erased):
    page = signed_in("mara").get(f"/en/office/people/{erased.pk}/")
    shown, source = words(page), page.content.decode()
    assert "Erased" in shown and "20 Nov" in shown and "This can't be undone." in shown
    for word in ("Role", "erased.invalid", "has left", "Download everything", "May sign in again"):
        assert word not in shown
    assert f"/en/office/people/{erased.pk}/" not in source.replace('hreflang="', "").split("<main", 1)[1]
    listed = words(signed_in("mara").get("/en/office/people/"))
    assert f"[{erased.pk}] Erased" in listed and "erased.invalid" not in listed


@pytest.mark.parametrize(
    ("act", "sent"),
    [
        ("return", {}),
        ("role", {"role": "manager"}),
        ("role", {"role": "customer"}),
        ("leaving", {}),
        ("data", {}),
        ("erasure", {"email": "{email}"}),
    ],
)
def test_no_form_changes_or_hands_out_anything(signed_in, erased, act, sent):
    before, entries = as_it_was(erased), AuditEntry.objects.count()
    sent = {name: value.format(email=erased.email) for name, value in sent.items()}
    answer = signed_in("mara").post(f"/en/office/people/{erased.pk}/{act}/", sent, follow=True)
    assert "This person was erased. This can't be undone." in words(answer)
    assert as_it_was(erased) == before and AuditEntry.objects.count() == entries


def test_no_rule_of_roles_or_organisations_lets_it(company, erased, now):
    before, mara = as_it_was(erased), company.mara
    assert roles.roles_for(erased, by=mara) == []
    for act in (roles.come_back, roles.leave):
        with pytest.raises(roles.RoleRefused):
            act(erased, by=mara, at=now.at)
    with pytest.raises(roles.RoleRefused):
        roles.give_role(erased, Role.AGENT, by=mara, at=now.at)
    for act in (membership.remove, lambda who, **how: membership.give_role(who, Role.ORGANISATION_ADMIN, **how)):
        with pytest.raises(membership.NotHers):
            act(erased, by=mara, at=now.at)
    erasing.erase(erased, by=mara, at=now.at)
    assert as_it_was(erased) == before
    assert AuditEntry.objects.filter(action="person_erased").count() == 1


def test_the_repair_page_changes_nothing_of_them(signed_in, erased):
    mara, before = signed_in("mara"), as_it_was(erased)
    page = f"/repair/people/person/{erased.pk}/change/"
    assert mara.get(page).status_code in {200, 403}
    assert mara.post(page, {"name": "Back", "email": "back@acme.test", "language": "en"}).status_code == 403
    assert as_it_was(erased) == before


@pytest.mark.parametrize("arguments", [["erase", "--by", "mara@puntuale.test", "--yes"], ["export"]])
def test_no_command_hands_out_or_erases_again(erased, now, tmp_path, arguments):
    act, *rest = arguments
    file = tmp_path / "about.zip"
    call = [act, erased.email, *([str(file)] if act == "export" else []), *rest]
    with pytest.raises(Failed, match=f"person {erased.pk} was erased"):
        privacy.command.main(call, obj=Call(now.at, nullcontext), standalone_mode=False)
    assert not file.exists()
