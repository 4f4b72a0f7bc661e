"""The description is valid, and a client that is made from it works against a desk that serves."""

import importlib
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from puntuale.people import tokens


@pytest.fixture
def description(client, company):
    return json.loads(client.get("/api/v1/openapi.json").content)


def schemas_referred_to(part):
    if isinstance(part, dict) and isinstance(part.get("$ref"), str):
        yield part["$ref"].rpartition("/")[2]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from schemas_referred_to(inner)


def test_the_description_is_valid(description):
    assert description["openapi"].startswith("3.1")
    assert [str(problem) for problem in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_it_says_its_licence_and_what_each_subject_is(description):
    assert description["info"]["license"]["identifier"] == "Apache-2.0"
    subjects = {one["name"]: one["description"] for one in description["tags"]}
    used = {tag for methods in description["paths"].values() for one in methods.values() for tag in one["tags"]}
    assert set(subjects) == used and all(subjects.values())


def test_no_schema_is_there_for_nothing(description):
    assert set(description["components"]["schemas"]) == set(schemas_referred_to(description))


def test_a_parameter_lists_no_examples_but_its_schema_may(description):
    parameters = [
        one for methods in description["paths"].values() for each in methods.values() for one in each["parameters"]
    ]
    assert not [one for one in parameters if not isinstance(one.get("examples", {}), dict)]
    assert next(one["schema"]["examples"] for one in parameters if one["name"] == "priority") == ["2"]


def test_files_are_bytes_both_ways(description):
    paths = description["paths"]
    for content in (
        paths["/api/v1/files"]["post"]["requestBody"]["content"],
        paths["/api/v1/files/{key}"]["get"]["responses"]["200"]["content"],
    ):
        assert content == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@pytest.fixture
def generated(description, tmp_path, monkeypatch):
    """The package that openapi-python-client makes from the description: `generated("api.files.upload_file")`."""
    document, configuration = tmp_path / "openapi.json", tmp_path / "configuration.json"
    document.write_text(json.dumps(description), encoding="utf-8")
    configuration.write_text('{"post_hooks": []}', encoding="utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", document, "--meta", "none"]
    made = subprocess.run(
        [*command, "--output-path", tmp_path / "desk_client", "--config", configuration, "--fail-on-warning"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: importlib.import_module(f"desk_client.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "desk_client"]:
        del sys.modules[name]


def test_a_generated_client_submits_uploads_lists_and_answers(live_server, company, now, generated):
    def desk(name):
        person = getattr(company, name)
        scopes = tokens.scopes_for(person)
        _, secret = tokens.issue(person, name="x", scopes=scopes, lasts=timedelta(days=30), at=now.at)
        return generated("client").AuthenticatedClient(base_url=live_server.url, token=secret)

    def call(operation, *path, **said):
        answer = generated(f"api.{operation}").sync_detailed(*path, **said)
        assert answer.status_code in {200, 201}, answer.content
        return answer.parsed

    models, content = generated("models"), bytes(range(256))
    with desk("anna") as anna, desk("ada") as ada:
        sent = generated("types").File(payload=content)
        file = call("files.upload_file", client=anna, body=sent, name="trace.bin")
        ticket = call(
            "tickets.submit_ticket",
            client=anna,
            body=models.NewTicket(subject="Calls drop", body="Since this morning.", priority="1", files=[file.key]),
            idempotency_key="one",
        )
        listed = call("tickets.list_tickets", client=ada)
        assert [one.number for one in listed.items] == [ticket.number]
        answer = models.NewMessage(body="Try this.", then=models.Then.WAITING)
        call("conversation.write_message", ticket.number, client=ada, body=answer)
        messages = call("conversation.list_messages", ticket.number, client=anna).items
        assert [one.body for one in messages] == ["Since this morning.", "Try this."]
        assert call("files.download_file", file.key, client=ada).payload.read() == content
        assert call("tickets.read_ticket", ticket.number, client=anna).promise.state == "met"
