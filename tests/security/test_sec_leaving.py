"""Whoever leaves, is given less to do, or is erased comes back by nothing that they made, got or set up before."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.urls import reverse

from puntuale.accounts.backend import ResetLinks
from puntuale.mail.threads import Thread, reply_address, thread_of
from puntuale.oncall import acknowledging
from puntuale.oncall import feeds as turns
from puntuale.oncall.models import Page, Paging
from puntuale.people import calendar_links as promises
from puntuale.people import colleagues, membership, roles, sign_on, tokens
from puntuale.people.joining import InvitationInvalid, accept_invitation, open_invitation
from puntuale.people.models import AuditEntry, IdentityProvider, Person, Role, Scope
from puntuale.privacy import erasing
from puntuale.webhooks import endpoints, incoming
from tests.company import LONG_AGO, PASSWORD
from tests.pages import words

pytestmark = pytest.mark.django_db
ABOUT = {"name": "Nina Due", "password": PASSWORD, "language": "en", "zone_name": "Europe/Rome"}


@pytest.fixture
def max_(company, now):
    """An administrator, beside Mara, who manages."""
    roles.give_role(company.grace, Role.ADMINISTRATOR, by=company.mara, at=LONG_AGO)
    company.grace.refresh_from_db()
    return company.grace


def leave(person, by, at):
    roles.leave(person, by=by, at=at)


def demote(person, by, at):
    if person.works_for_vendor:
        roles.give_role(person, Role.AGENT, by=by, at=at)
    else:
        membership.give_role(person, Role.CUSTOMER, by=by, at=at)


def erase(person, by, at):
    erasing.erase(person, by=by, at=at)


def demote_in_the_office(person, by, at):
    roles.give_role(person, Role.CUSTOMER if person.organisation_id else Role.AGENT, by=by, at=at)


WAYS = [leave, demote, demote_in_the_office]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
def test_sec_s25_a_manager_comes_back_by_no_invitation_of_their_own(company, now, max_, way, role):
    secret = colleagues.invite(to="mara.private@freemail.test", role=role, by=company.mara, at=now.at)
    way(company.mara, max_, now.at)
    with pytest.raises(InvitationInvalid):
        accept_invitation(secret, at=now.at, **ABOUT)
    assert not Person.objects.filter(email="mara.private@freemail.test").exists()
    roles_now = AuditEntry.objects.get(action="access_revoked")
    assert (roles_now.by, roles_now.details["invitations"]) == (max_, 1)


def test_sec_s21_whom_somebody_let_in_stands_on_their_page(signed_in, company, now, max_):
    secret = colleagues.invite(to="mara.private@freemail.test", role=Role.MANAGER, by=company.mara, at=now.at)
    accept_invitation(secret, at=now.at, **ABOUT)
    page = words(signed_in("grace").get(reverse("office_person", args=[company.mara.pk])))
    assert "Invited by this person Nina Due mara.private@freemail.test" in page


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ORGANISATION_ADMIN])
def test_sec_s25_an_organisations_administrator_does_not_either(company, now, way, role):
    secret = membership.invite(company.advanced, to="a@freemail.test", role=role, by=company.andrea, at=now.at)
    way(company.andrea, company.mara, now.at)
    with pytest.raises(InvitationInvalid):
        open_invitation(secret, at=now.at)
    if way is leave:
        roles.come_back(company.andrea, by=company.mara, at=now.at)
        with pytest.raises(InvitationInvalid):
            open_invitation(secret, at=now.at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["mara", "andrea"])
def test_sec_s25_nor_does_somebody_who_is_erased(company, now, max_, name):
    person = getattr(company, name)
    secret = membership.invite(company.advanced, to="a@freemail.test", role=Role.CUSTOMER, by=person, at=now.at)
    token, _secret = tokens.issue(person, name="x", scopes=["read"], lasts=timedelta(days=30), at=now.at)
    provider(company, person, now)
    erase(person, max_, now.at)
    with pytest.raises(InvitationInvalid):
        open_invitation(secret, at=now.at)
    assert not tokens.alive(now.at).filter(pk=token.pk).exists()
    assert not IdentityProvider.objects.filter(retired_at=None).exists()


def test_sec_s25_an_invitation_counts_only_while_its_sender_may_make_it(client, company, now, max_):
    """Also where the rights went another way than by our verbs: by hand in the database, or in an older version."""
    for change in ({"left_at": now.at}, {"role": Role.AGENT}):
        secret = colleagues.invite(to="x@freemail.test", role=Role.MANAGER, by=company.mara, at=now.at)
        link = f"/en/invitation/{secret}/"
        assert client.get(link).status_code == 200
        Person.objects.filter(pk=company.mara.pk).update(**change)
        answers = [client.get(link), client.post(link, {"name": "N", "password": PASSWORD, "zone_name": "UTC"})]
        for answer in answers:
            assert (answer.status_code, "This invitation is no longer valid" in words(answer)) == (404, True)
        Person.objects.filter(pk=company.mara.pk).update(left_at=None, role=Role.MANAGER)


def test_sec_s25_what_somebody_may_still_give_stays(company, now, max_):
    lower = colleagues.invite(to="a@freemail.test", role=Role.AGENT, by=max_, at=now.at)
    higher = colleagues.invite(to="b@freemail.test", role=Role.ADMINISTRATOR, by=max_, at=now.at)
    mine = membership.invite(company.basic, to="c@freemail.test", role=Role.CUSTOMER, by=company.mara, at=now.at)
    roles.give_role(company.mara, Role.ADMINISTRATOR, by=max_, at=now.at)
    assert open_invitation(mine, at=now.at).made_by == company.mara
    company.mara.refresh_from_db()
    roles.give_role(max_, Role.MANAGER, by=company.mara, at=now.at)
    assert open_invitation(lower, at=now.at)
    with pytest.raises(InvitationInvalid):
        open_invitation(higher, at=now.at)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["mara", "andrea"])
def test_sec_s25_their_tokens_end(company, now, max_, way, name):
    person = getattr(company, name)
    _token, secret = tokens.issue(person, name="x", scopes=[Scope.READ], lasts=timedelta(days=90), at=now.at)
    way(person, max_, now.at)
    assert tokens.shown(secret, at=now.at) is None


def provider(company, by, now):
    told = {"name": "Northwind", "server": "https://id.northwind.test", "client_id": "x", "secret": "y"}
    return sign_on.add_provider(company.advanced, by=by, at=now.at, **told)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["mara", "andrea"])
def test_sec_s23_a_server_of_theirs_speaks_for_nobody_and_others_are_told(company, now, max_, way, name):
    made = provider(company, getattr(company, name), now)
    mail.outbox.clear()
    way(getattr(company, name), max_, now.at)
    made.refresh_from_db()
    assert made.retired_at == now.at
    letters = [one for one in mail.outbox if "Northwind Telephony" in one.body]
    assert letters
    assert not any(one.to == [getattr(company, name).email] for one in letters)


def test_sec_s23_a_server_of_somebody_who_still_looks_after_the_organisation_stays(company, now, max_):
    made = provider(company, company.mara, now)
    roles.give_role(company.mara, Role.ADMINISTRATOR, by=max_, at=now.at)
    roles.give_role(company.mara, Role.MANAGER, by=max_, at=now.at)
    made.refresh_from_db()
    assert made.retired_at is None


@pytest.fixture
def set_up(company, now):
    """What Mara set up: a webhook, and an address that opens tickets."""
    endpoint = endpoints.add(name="Bridge", url="https://mara.test/hook", types=[], by=company.mara, at=now.at)
    hook, _secret = incoming.add(
        name="Nagios", kind="monitoring", person=company.anna, priority="2", environment="production", product=None,
        by=company.mara, at=now.at,
    )  # fmt: skip
    return endpoint, hook


@pytest.mark.parametrize("way", WAYS)
def test_sec_s25_webhooks_of_theirs_wait_for_a_manager_and_hooks_are_listed(signed_in, company, now, max_, set_up, way):
    endpoint, hook = set_up
    office = signed_in("grace")
    assert "no longer manages" not in words(office.get("/en/office/"))
    assert "Bridge" in words(office.get(reverse("office_person", args=[company.mara.pk])))
    way(company.mara, max_, now.at)
    endpoint.refresh_from_db()
    assert (endpoint.is_served, endpoint.disabled_because) == (False, "maker_left")
    page = words(office.get("/en/office/"))
    assert "1 webhook is off because" in page and "1 address that opens tickets is known" in page
    assert "no longer manages the desk" in words(office.get("/en/office/webhooks/"))
    assert "replace it" in words(office.get("/en/office/connectors/"))
    # A monitoring that fell silent would be worse.
    assert incoming.IncomingHook.objects.filter(pk=hook.pk, retired_at=None).exists()
    endpoints.switch_on(endpoint, by=max_, at=now.at)
    incoming.retire(hook, by=max_, at=now.at)
    endpoint.refresh_from_db()
    assert (endpoint.is_served, endpoint.made_by) == (True, max_)
    assert "no longer manages" not in words(office.get("/en/office/"))


def test_sec_s25_whoever_chose_where_a_webhook_leads_answers_for_it(company, now, max_, set_up):
    endpoint, _hook = set_up
    endpoints.change(endpoint, name="Bridge", url="https://max.test/hook", types=[], by=max_, at=now.at)
    leave(company.mara, max_, now.at)
    endpoint.refresh_from_db()
    assert endpoint.is_served


def links_of(person, ticket, page=None):
    """Every signed link that somebody may hold, by name, each with how it is asked whether it is good."""
    sealed = reply_address(Thread(ticket.pk, person.pk))
    reset = ResetLinks().make_token(person)
    calendar = promises.token_of(person)
    found = {
        "reply address": lambda: thread_of(sealed),
        "reset link": lambda: ResetLinks().check_token(Person.objects.get(pk=person.pk), reset),
        "calendar of promises": lambda: opens(promises.person_of, calendar, promises.NoSuchFeed),
    }
    if person.works_for_vendor:
        mine = turns.token_of(person)
        found["calendar of turns"] = lambda: opens(turns.person_of, mine, turns.NoSuchFeed)
    if page is not None:
        link = acknowledging.token_of(page)
        found["link of a page"] = lambda: opens(acknowledging.page_of, link, acknowledging.NothingToAcknowledge)
    return found


def opens(read, token, refusal):
    try:
        return read(token)
    except refusal:
        return None


@pytest.mark.usefixtures("oncall")
@pytest.mark.parametrize("name", ["ada", "mara", "anna", "andrea"])
def test_sec_s26_nothing_of_before_works_again_when_somebody_comes_back(client, company, now, max_, settings, name):
    settings.MAIL_TO = "support@vendor.example"
    person = getattr(company, name)
    ticket = company.ticket(at=now.at)
    page = Page.objects.filter(paging=Paging.objects.first(), person=person).first()
    client.force_login(person)
    links = links_of(person, ticket, page)
    assert [called for called, good in links.items() if not good()] == []
    assert client.get("/en/preferences/").status_code == 200
    now.at += timedelta(minutes=1)
    leave(person, max_, now.at)
    roles.come_back(person, by=max_, at=now.at)
    assert [called for called, good in links.items() if good()] == []
    assert client.get("/en/preferences/").status_code == 302
    again = links_of(Person.objects.get(pk=person.pk), ticket)
    assert [called for called, good in again.items() if not good()] == []


def test_sec_s27_a_passkey_of_before_opens_nothing_and_an_app_still_has_to_be_shown(company, now, max_):
    for kind in (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP):
        Authenticator.objects.create(user=company.ada, type=kind, data={})
    UserSession.objects.create(user=company.ada, session_key="x", ip="127.0.0.1", user_agent="")
    leave(company.ada, max_, now.at)
    assert list(Authenticator.objects.values_list("type", flat=True)) == ["totp"]
    assert not UserSession.objects.exists()


def test_sec_s26_a_promotion_ends_no_token_and_no_link_but_the_session(client, company, now, max_):
    _token, secret = tokens.issue(company.ada, name="x", scopes=["read"], lasts=timedelta(days=9), at=now.at)
    calendar = turns.token_of(company.ada)
    client.force_login(company.ada)
    roles.give_role(company.ada, Role.MANAGER, by=max_, at=now.at)
    assert tokens.shown(secret, at=now.at)
    assert turns.person_of(calendar) == company.ada
    assert client.get("/en/preferences/").status_code == 302
