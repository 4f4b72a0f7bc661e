"""Programs with tokens."""

import json
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
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
def kept_open():
    """Let the connection of the test outlive the requests that are made on it, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
