"""Programs with tokens."""

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from puntuale.people import tokens


class Program:
    """A program that acts for somebody."""

    def __init__(self, secret, **headers):
        self.client, self.secret, self.headers = Client(), secret, headers

    def get(self, path, asked=None, **headers):
        return self.client.get(f"/api/v1{path}", asked or {}, headers=self._headers(headers))

    def post(self, path, said=None, *, key=None, **headers):
        if key:
            headers["Idempotency-Key"] = key
        body = "" if said is None else said if isinstance(said, str) else json.dumps(said)
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=self._headers(headers))

    def _headers(self, more):
        ours = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return ours | self.headers | {name.replace("_", "-"): value for name, value in more.items()}


@pytest.fixture
def program(company, now):
    """A program of somebody in the company: `program("anna")`, `program("mara", "read")`."""

    def make(name, *scopes, **headers):
        person = getattr(company, name)
        _, secret = tokens.issue(
            person,
            name="A program",
            scopes=scopes or tokens.scopes_for(person),
            lasts=timedelta(days=365),
            at=now.at - timedelta(days=1),
        )
        return Program(secret, **headers)

    return make


@pytest.fixture
def kept_open(monkeypatch):
    """Let the connection of the test outlive the requests that are made on it, as Django's own client does.

    Taking the receiver from the signals is not enough: Django's client puts it back whenever a streamed answer ends,
    also one of an earlier test that is only now thrown away.
    """
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)
