"""The description of the API is what the API does: Schemathesis finds no answer that is not in it, and no failure.

What it sends is made from the description, some of it on purpose not according to it. `SCHEMATHESIS_EXAMPLES` makes it
send more than the few requests that a run of all tests has the time for.
"""

import json
import os
from datetime import timedelta

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from puntuale.people import tokens
from puntuale.people.access import OPERATIONS
from tests.access import world as worlds
from tools.api import REFERENCE, written

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
"""Not whether everything that fits the description is taken: which priorities there are, only the agreement knows."""

ASIDE = {("POST /api/v1/files", checks.negative_data_rejection)}
"""Any bytes are a file."""


@pytest.fixture
def world(company, now, settings):
    settings.EMAIL_IS_SET = True
    settings.API_RATE = 1_000_000
    now.at = worlds.AT
    return worlds.made(company)


@pytest.fixture
def description(client, company, now):
    return json.loads(client.get("/api/v1/openapi.json").content)


def try_out(operation, mode, secret):
    """Send requests to an operation. Fails when an answer is not as described."""
    looked_at = [one for one in CHECKS if (operation.label, one) not in ASIDE]
    headers = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        # A host that is none never gets as far as the API.
        case.headers = {name: value for name, value in (case.headers or {}).items() if name.lower() != "host"}
        with transaction.atomic():
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=looked_at)
            transaction.set_rollback(True)

    send()


@pytest.mark.usefixtures("kept_open")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("role", ["requester", "manager"])
def test_every_answer_is_described(role, mode, world):
    person = world.people[role]
    _, secret = tokens.issue(person, name="x", scopes=tokens.scopes_for(person), lasts=timedelta(days=30), at=worlds.AT)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == len(OPERATIONS)
    for operation in operations:
        try_out(operation, mode, secret)


def test_every_operation_says_how_it_can_refuse(description):
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            statuses = set(operation["responses"])
            needed = {"401", "403", "422", "429"} | ({"404"} if "{" in path else set())
            needed |= {"400", "409", "412", "413", "415"} if method == "post" else set()
            assert needed <= statuses, operation["operationId"]
            for status in needed:
                assert list(operation["responses"][status]["content"]) == ["application/problem+json"]


def test_every_change_can_be_sent_again_and_insist_on_a_version(description):
    for methods in description["paths"].values():
        for method, operation in methods.items():
            headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
            assert headers == ({"Idempotency-Key", "If-Match"} if method == "post" else {"If-None-Match"})


def test_every_instant_of_an_answer_is_in_utc(world, client):
    """Asked for a ticket with everything in it."""
    _, secret = tokens.issue(world.company.ada, name="x", scopes=["read"], lasts=timedelta(days=30), at=worlds.AT)
    text = client.get(
        f"/api/v1/tickets/{world.open.pk}", headers={"Authorization": f"Bearer {secret}"}
    ).content.decode()
    assert "+00:00" not in text
    assert text.count("2026-11-20T1") == text.count('Z"')


def test_the_page_shows_every_operation_and_loads_nothing_foreign(client, company, now, description):
    page = client.get("/api/v1/docs").content.decode()
    for methods in description["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert "<script" not in page and "style=" not in page
    assert "http://" not in page.replace("http://localhost", "")
    for kind in ("not-found", "key-spent", "changed"):
        assert f'id="problem-{kind}"' in page


def test_the_reference_is_what_is_described_whatever_language_was_spoken_last():
    translation.activate("es")
    assert REFERENCE.read_text(encoding="utf-8") == written()
