"""Tokens: shown once, kept as a hash, good for no more than their person, and over when she says so or leaves."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from puntuale.people import roles, tokens
from puntuale.people.models import AuditEntry, Role, Scope, Token
from puntuale.people.tokens import TokenRefused

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


def issued(person, scopes=("read",), lasts=MONTH, name="Monitoring"):
    return tokens.issue(person, name=name, scopes=scopes, lasts=lasts, at=AT)


def test_sec_s25_only_the_hash_of_the_secret_is_kept(company):
    token, secret = issued(company.anna)
    assert secret.startswith("pun_") and len(secret) == 47
    row = Token.objects.values().get(pk=token.pk)
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row)
    assert secret not in str(list(AuditEntry.objects.values()))
    assert len(row["begins"]) == 10


def test_no_two_secrets_are_alike(company):
    assert len({issued(company.anna)[1] for _ in range(5)}) == 5


def test_a_token_is_known_until_it_is_over(company):
    token, secret = issued(company.anna)
    assert tokens.shown(secret, at=AT) == token
    assert tokens.shown(secret, at=AT + MONTH - timedelta(seconds=1)) == token
    assert tokens.shown(secret, at=AT + MONTH) is None
    assert tokens.shown(secret[:-1], at=AT) is None
    assert tokens.shown("", at=AT) is None


def test_a_revoked_token_is_good_for_nothing_and_that_is_written_down(company):
    token, secret = issued(company.anna)
    tokens.revoke(token, by=company.mara, at=AT)
    tokens.revoke(token, by=company.mara, at=AT)
    assert tokens.shown(secret, at=AT) is None
    assert AuditEntry.objects.filter(action="token_issued", by=company.anna).count() == 1
    assert AuditEntry.objects.filter(action="token_revoked", by=company.mara).count() == 1


def test_nobody_revokes_anothers_token_unless_she_manages(company):
    token, _ = issued(company.anna)
    for other in (company.andrea, company.bruno, company.ada):
        with pytest.raises(tokens.NotHers):
            tokens.revoke(token, by=other, at=AT)


def test_whoever_leaves_takes_her_tokens_along_even_if_she_comes_back(company):
    _, secret = issued(company.anna)
    roles.leave(company.anna, by=company.mara, at=AT)
    assert tokens.shown(secret, at=AT) is None
    roles.come_back(company.anna, by=company.mara, at=AT)
    assert tokens.shown(secret, at=AT) is None


def test_a_token_follows_the_role_of_its_person(company):
    _, secret = issued(company.grace)
    roles.give_role(company.grace, Role.MANAGER, by=company.mara, at=AT)
    assert tokens.shown(secret, at=AT).person.role == Role.MANAGER


def test_only_managers_have_something_to_manage(company):
    assert tokens.scopes_for(company.anna) == tokens.scopes_for(company.ada) == [Scope.READ, Scope.WRITE]
    assert tokens.scopes_for(company.mara) == list(Scope)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["manage"]}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"name": " \0 "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"lasts": timedelta(days=366)}, "lasts"),
        ({"lasts": timedelta()}, "lasts"),
    ],
)
def test_what_makes_no_sense_is_refused(company, said, field):
    with pytest.raises(TokenRefused) as refused:
        issued(company.anna, **said)
    assert refused.value.field == field
    assert not Token.objects.exists()


def test_there_is_an_end_to_tokens(company):
    for _ in range(tokens.MOST_ALIVE):
        issued(company.anna)
    with pytest.raises(TokenRefused):
        issued(company.anna)


def test_use_is_noted_once_a_minute(company, django_assert_num_queries):
    token, secret = issued(company.anna)
    tokens.note_use(token, at=AT)
    token = tokens.shown(secret, at=AT)
    assert token.last_used_at == AT
    with django_assert_num_queries(0):
        tokens.note_use(token, at=AT + timedelta(seconds=59))
    tokens.note_use(token, at=AT + timedelta(seconds=60))
    assert tokens.shown(secret, at=AT).last_used_at == AT + timedelta(seconds=60)
