"""TOML and JSON that somebody else wrote: bounded before it is parsed, in every door that reads it."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.test import Client

from puntuale.agreements import drafting
from puntuale.api.hooks import incoming_hook
from puntuale.cli.agreement import check
from puntuale.conf.backup import manifest
from puntuale.guarantee import document, evidence
from puntuale.guarantee.evidence import BundleRefused
from puntuale.guarantee.parsing import Unreadable, parse_json, parse_toml
from puntuale.moving import rows
from puntuale.moving.mapping import MappingRefused, read_mapping
from puntuale.people import tokens
from puntuale.people.models import Person
from puntuale.webhooks import incoming
from puntuale.whatif import calendars, written_rota
from puntuale.whatif.calendars import CalendarRefused
from puntuale.whatif.written_rota import WrittenRotaRefused
from tests.guarantee.documents import STANDARD, bent
from tests.guarantee.test_story import on
from tests.pages import words

AT = on("fri 16:00")
MANY_PARTS = ".".join("a" * 20_000) + " = 1\n"
SECONDS, MEGABYTES, LETTERS = 2.0, 100, 100_000
"""What reading any document may cost: a second on a machine that has nothing else to do."""


@pytest.fixture(scope="module")
def costs():
    program = [sys.executable, "-m", "tests.security.worst"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, check=True, env=os.environ)
    return json.loads(done.stdout)


def test_sec_s17_no_document_costs_much(costs):
    assert len(costs) > 40
    for name, (length, seconds, megabytes, letters, _) in costs.items():
        assert length <= 1_000_000, name
        assert seconds < SECONDS, (name, seconds)
        assert megabytes < MEGABYTES, (name, megabytes)
        assert letters < LETTERS, (name, letters)


@pytest.mark.parametrize(
    "text",
    [
        "a." * 10 + "a = 1", "[" + "a." * 10 + "a]", '"a".' * 10 + "a = 1", "'a'." * 10 + "a = 1", "a \t. " * 10 + "a = 1",
        "x = { " + "a." * 10 + "a = 1 }", "x = [1, { " + "a." * 10 + "a = 1 }]", 'x = "#" # \n' + "a." * 10 + "a = 1",
        'x = """\n# \\""" """\n' + "a." * 10 + "a = 1", "x = '''\n\"'''\n" + "a." * 10 + "a = 1", "[[" + "a." * 10 + "a]]",
        "k" * 201 + " = 1", "x = " + "9" * 201, "x = 0x" + "f" * 201, "x = " + "[" * 61 + "]" * 61,
        "x = " + "{a = " * 61 + "1" + "}" * 61, "x = [" + "1," * 100_001 + "]", "x = 1\n" * 100_001,
    ],
)  # fmt: skip
def test_sec_s17_toml_that_is_too_much_is_refused_before_it_is_parsed(text, monkeypatch):
    monkeypatch.setattr("tomllib.loads", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(Unreadable, match="more than"):
        parse_toml(text)


def test_the_line_of_what_is_too_much_is_told():
    with pytest.raises(Unreadable, match="at line 3, column 1"):
        parse_toml("x = 1\ny = 2\n" + "a." * 10 + "a = 1\n")
    (finding,) = document.read("x = 1\ny = 2\n" + MANY_PARTS).findings
    assert document.line_of(finding, "x = 1\ny = 2\n" + MANY_PARTS) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a.b.c.d.e.f.g.h.i.j = 1", {"a": {"b": {"c": {"d": {"e": {"f": {"g": {"h": {"i": {"j": 1}}}}}}}}}}),
        ('x = "a.b.c.d.e.f.g.h.i.j.k.l.m"', {"x": "a.b.c.d.e.f.g.h.i.j.k.l.m"}),
        ("x = 'a.b.c.d.e.f.g.h.i.j.k.l.m' # " + "a." * 50, {"x": "a.b.c.d.e.f.g.h.i.j.k.l.m"}),
        ('x = """\n' + "a." * 200 + '"""', {"x": "a." * 200}),
        ("x = '''" + "[" * 300 + "'''", {"x": "[" * 300}),
        ('x = """a"""" # four', {"x": 'a"'}),
        ('x = "' + "a" * 4_000 + '"', {"x": "a" * 4_000}),
    ],
)
def test_what_is_long_within_texts_and_comments_is_read(text, told):
    assert parse_toml(text) == parse_toml(text.encode()) == told


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "a": 2}', "'a' is there twice"), ('{"a": {"b": 1, "b": 1}}', "'b' is there twice"),
        ('[{"\\u0061": 1, "a": 2}]', "'a' is there twice"), ("[NaN]", "NaN is no number"), ("Infinity", "no number"),
        ("-Infinity", "no number"), ("1e999", "too large"), ("-1e999", "too large"), ("1" * 41, "digits"),
        ("-" + "1" * 41, "digits"), ('"\\ud800"', "half of a letter"), ('{"\\uDfff": 1}', "half of a letter"),
        ('"\\ud83d x \\ude00"', "half of a letter"), ("[" * 61 + "]" * 61, "deep"), ('{"a":' * 61 + "1" + "}" * 61, "deep"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"), ('{"a": 1}'.encode("utf-16-le"), "."), ('{"a": 1}'.encode("utf-16-be"), "."),
        ('{"a": 1}'.encode("utf-32"), "UTF-8"), ('{"a": 1}'.encode("utf-32-le"), "."), (b'"\xe9"', "UTF-8"), (b'"\xed\xa0\x80"', "UTF-8"),
        ('"\ud800"', "half of a letter"), ("", "value"), ("{} {}", "Extra"), ("x" * 1_000_001, "larger"),
    ],
)  # fmt: skip
def test_sec_s17_json_that_leaves_open_what_it_means_is_refused(text, why):
    with pytest.raises(Unreadable, match=why):
        parse_json(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": [1, 2.5, -3e2, true, null, "x"]}', {"a": [1, 2.5, -300.0, True, None, "x"]}),
        ('"\\ud83d\\ude00"', "\N{GRINNING FACE}"), ('"\\\\ud800"', "\\ud800"), ("9" * 40, int("9" * 40)),
        ('"' + "[" * 100 + '"', "[" * 100), ("[" * 60 + "]" * 60, json.loads("[" * 60 + "]" * 60)),
        ('{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}), ("\ufeff{}", {}),
    ],
)  # fmt: skip
def test_what_is_sound_is_read_as_ever(text, told):
    assert parse_json(text) == parse_json(text.encode()) == told


@pytest.mark.parametrize("digits", ["٩", "９", "३", "৩", "𝟑"])
@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("first_response.professional.1", "{}h business"), ("first_response.professional.1", "1h{}m business"),
        ("hours.business.weekly", {"mon": ["0{}:00-17:00"]}), ("hours.business.weekly", {"mon": ["08:00-1{}:00"]}),
        ("hours.business.business_day", "{}h"), ("alarm.0.at", "{}5%"), ("alarm.0.at", "+{}1m"), ("alarm.0.at", "-{}h"),
    ],
)  # fmt: skip
def test_digits_of_other_scripts_are_none(path, written, digits):
    def filled(value):
        return (
            {key: [one.format(digits) for one in said] for key, said in value.items()}
            if isinstance(value, dict)
            else value.format(digits)
        )

    assert document.read(bent({path: filled(written)})).agreement is None
    assert document.read(
        bent({path: json.loads(json.dumps(filled(written), ensure_ascii=False).replace(digits, "3"))})
    ).agreement


@pytest.mark.parametrize(
    ("target", "weekly", "is_reached"),
    [
        ("8784h business", {"mon": ["09:00-09:01"]}, False), ("520h business", {"mon": ["09:00-10:00"]}, False),
        ("519h business", {"mon": ["09:00-10:00"]}, True), ("9h business", {"sun": ["00:00-00:01"]}, False),
        ("8m business", {"sun": ["00:00-00:01"]}, True), ("8784h business", {"mon-fri": ["09:00-17:00"]}, True),
        ("366d business", {"mon": ["09:00-09:01"]}, False),
    ],
)  # fmt: skip
def test_a_promise_that_takes_ten_years_of_business_hours_cannot_be_published(target, weekly, is_reached):
    changes = {"hours.business.weekly": weekly, "first_response.professional.3": target}
    found = {finding.rule for finding in document.read(bent(changes)).errors}
    assert ("target.out_of_reach" in found) is not is_reached


@pytest.mark.parametrize(
    "changes",
    [
        {"title": {"a" * 100_000: "x"}}, {"title": {"en": "x", "it": "y" * 100_000}}, {"a" * 100_000: 1},
        {"languages": ["a" * 100_000, "en"]}, {"default_priority": "b" * 100_000}, {"plan": [{"key": "c" * 100_000}]},
        {"hours.business.zone": "Europe/" + "d" * 100_000}, {"hours." + "e" * 100_000: {}}, {"alarm": [{"at": "f" * 100_000, "tell": ["g" * 100_000]}]},
    ],
)  # fmt: skip
def test_findings_are_short_however_long_the_words_are_that_they_are_about(changes):
    findings = document.read(bent(changes)).findings
    assert findings
    assert all(len(str(finding)) < 5_000 for finding in findings)
    assert sum(len(str(finding)) for finding in findings) < 50_000


def test_many_findings_are_told_in_part_and_errors_never_hide_behind_warnings():
    found = document.read(
        bent({"environment": [{"key": f"e{number}", "name": {"xx": "x"}} for number in range(90)] + [{"key": "UPPER"}]})
    )
    assert found.agreement is None
    assert 1 <= len(found.errors) <= 200
    assert len(found.warnings) <= 200


def test_sec_s17_each_door_that_reads_toml_is_bounded(company, signed_in, tmp_path):
    with pytest.raises(CalendarRefused, match="more than"):
        calendars.with_calendar(document.read(STANDARD).sound(), MANY_PARTS)
    with pytest.raises(WrittenRotaRefused, match="more than"):
        written_rota.read(MANY_PARTS)
    file = tmp_path / "mapping.toml"
    file.write_text(MANY_PARTS)
    with pytest.raises(MappingRefused, match="more than"):
        read_mapping(file)
    told = CliRunner().invoke(check, [str(file)])
    assert told.exit_code == 1
    assert "more than" in told.output
    mara = signed_in("mara")
    assert "more than" in words(mara.post("/en/office/agreement/draft/findings/", {"source": MANY_PARTS}))
    drafting.save(Person.objects.get(pk=company.mara.pk), MANY_PARTS, at=AT)
    assert "more than" in words(mara.get("/en/office/agreement/draft/"))


TWICE, WIDE = b'{"format": 1, "format": 1}', '{"format": 1}'.encode("utf-16")


@pytest.mark.parametrize("body", [TWICE, WIDE, b'{"format": NaN}', b'{"format": "\\ud800"}', b"[" * 100_000])
def test_sec_s17_each_door_that_reads_json_is_bounded(body, tmp_path):
    with pytest.raises(BundleRefused):
        evidence.read(body)
    (tmp_path / manifest.NAME).write_bytes(body)
    with pytest.raises(manifest.BackupRefused):
        manifest.read(tmp_path)
    file = tmp_path / "rows.jsonl"
    file.write_bytes(body)
    found = list(rows.Source(file).rows())
    # Rows may be in any encoding that spreadsheets write.
    assert found and all(row.problem or body == WIDE for row in found)


@pytest.mark.parametrize(
    "body",
    [b'{"title": "x", "title": "y"}', '{"title": "x"}'.encode("utf-16"), b'{"title": "\\udc00"}', b'{"title": 1e999}'],
)
def test_sec_s17_an_incoming_hook_refuses_what_leaves_open_what_it_means(company, rf, body):
    made = {"name": "x", "person": company.anna, "priority": "1", "environment": "production", "product": None}
    _, secret = incoming.add(kind="monitoring", by=company.mara, at=AT, **made)
    request = rf.post("/", body, content_type="application/json")
    request.at = AT
    assert incoming_hook(request, secret).status_code == 400
    request = rf.post("/", b'{"title": "x"}', content_type="application/json")
    request.at = AT
    assert incoming_hook(request, secret).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"k{number}": number for number in range(50_000)}),
        json.dumps({"subject": [1] * 50_000}),
        json.dumps({"subject": "," * 5_000, "files": [{}] * 50_000}),
        json.dumps([{}] * 50_000),
    ],
)
def test_sec_s17_a_program_cannot_have_each_of_many_fields_looked_at_and_told(company, now, body):
    answer = sent(company, body, now.at)
    assert answer.status_code == 400
    assert "more than 1,000 keys and values" in answer.json()["detail"]


def test_sec_s17_of_many_wrong_fields_some_are_told(company, now):
    answer = sent(company, json.dumps({f"k{number}": number for number in range(900)}), now.at)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 100)


def test_a_text_may_have_as_many_commas_as_it_likes(company, now):
    text = 'a, "b", ' * 5_000
    assert sent(company, json.dumps({"subject": "Calls drop", "body": text}), now.at).status_code == 201


def sent(company, body, at):
    """Return the answer to a body that a program of Anna's sends as a ticket."""
    _token, secret = tokens.issue(company.anna, name="x", scopes=["write"], lasts=timedelta(days=9), at=at)
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().post("/api/v1/tickets", body, content_type="application/json", headers=headers)
