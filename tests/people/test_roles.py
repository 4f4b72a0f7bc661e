"""Who may give which role to whom, and that whoever loses one is signed out at once."""

import pytest

from puntuale.people.joining import add_person
from puntuale.people.models import AuditEntry, Role
from puntuale.people.roles import RoleRefused, come_back, give_role, leave, roles_for
from tests.company import LONG_AGO
from tests.tickets.deeds import FRIDAY


@pytest.fixture
def root(company):
    return add_person(name="Rita Root", email="rita@puntuale.test", password=None, role=Role.ADMINISTRATOR, at=LONG_AGO)


def rule(verb, *what, **how):
    with pytest.raises(RoleRefused) as refused:
        verb(*what, at=FRIDAY, **how)
    return refused.value.rule


def test_a_manager_makes_a_manager_and_the_log_tells_it(company):
    give_role(company.ada, Role.MANAGER, by=company.mara, at=FRIDAY, address="192.0.2.1")
    company.ada.refresh_from_db()
    assert company.ada.manages
    entry = AuditEntry.objects.first()
    assert (entry.action, entry.about, entry.by, entry.details) == (
        "person_role_changed", f"person {company.ada.pk}", company.mara, {"was": "agent", "now": "manager"},
    )  # fmt: skip


def test_nobody_changes_her_own_role_or_lets_herself_go(company, root):
    for verb, more in ((give_role, [Role.AGENT]), (leave, [])):
        assert rule(verb, company.mara, *more, by=company.mara) == "role.own"
        assert rule(verb, root, *more, by=root) == "role.own"


def test_only_administrators_make_administrators_once_there_is_one(company, root):
    assert rule(give_role, company.ada, Role.ADMINISTRATOR, by=company.mara) == "role.administrators_only"
    assert rule(give_role, root, Role.AGENT, by=company.mara) == "role.administrators_only"
    assert Role.ADMINISTRATOR not in roles_for(company.ada, by=company.mara)
    give_role(company.ada, Role.ADMINISTRATOR, by=root, at=FRIDAY)
    company.ada.refresh_from_db()
    assert company.ada.role == Role.ADMINISTRATOR


def test_as_long_as_there_is_none_a_manager_makes_the_first(company):
    give_role(company.ada, Role.ADMINISTRATOR, by=company.mara, at=FRIDAY)
    assert rule(give_role, company.grace, Role.ADMINISTRATOR, by=company.mara) == "role.administrators_only"


def test_the_last_administrator_stays(company, root):
    second = give_role(company.ada, Role.ADMINISTRATOR, by=root, at=FRIDAY)
    leave(root, by=second, at=FRIDAY)
    assert rule(give_role, second, Role.AGENT, by=company.mara) == "role.administrators_only"


def test_agents_give_nobody_anything_and_customers_do_not_become_colleagues(company):
    assert rule(give_role, company.grace, Role.MANAGER, by=company.ada) == "role.managers_only"
    assert rule(give_role, company.anna, Role.AGENT, by=company.mara) == "role.other_side"
    assert rule(give_role, company.ada, Role.CUSTOMER, by=company.mara) == "role.other_side"
    assert set(roles_for(company.anna, by=company.mara)) == {Role.CUSTOMER, Role.ORGANISATION_ADMIN}


def test_another_role_signs_her_out_everywhere(company, client, now):
    client.force_login(company.grace)
    assert client.get("/en/desk/").status_code == 200
    give_role(company.grace, Role.MANAGER, by=company.mara, at=FRIDAY)
    assert client.get("/en/desk/").status_code == 302


def test_leaving_signs_her_out_and_coming_back_lets_her_in(company, client, now):
    client.force_login(company.grace)
    leave(company.grace, by=company.mara, at=FRIDAY)
    assert client.get("/en/desk/").status_code == 302
    assert not client.login(username="grace@puntuale.test", password="a long enough secret")
    come_back(company.grace, by=company.mara, at=FRIDAY)
    assert [entry.action for entry in AuditEntry.objects.all()[:2]] == ["person_came_back", "person_left"]
