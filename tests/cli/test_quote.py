"""`puntuale quote` and `explain`, as the outside relies on them: no database, no settings, clear errors."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from puntuale.conf.main import main
from tests.guarantee.documents import STANDARD

EVE = "2026-12-24T15:30:00+01:00"


@pytest.fixture
def call(capsys):
    """Run a command: `status, out, err = call("quote", "--plan", "basic")`."""

    def run(*arguments):
        status = main(arguments)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def program(*arguments, stdin="", **environment):
    """Run the real program in an environment that has no settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    kept["PYTHONPATH"] = str(Path.cwd())
    return subprocess.run(
        [sys.executable, "-m", "puntuale", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        env={**kept, "LANG": "C", **environment},
        check=False,
    )


def test_the_example_of_the_documentation(call):
    status, out, _ = call("quote", "--plan", "advanced", "--priority", "2", "--at", EVE, "--json")
    assert status == 0
    assert json.loads(out) == {
        "plan": "advanced",
        "priority": "2",
        "submitted_at": "2026-12-24T14:30:00Z",
        "due_at": "2026-12-28T09:30:00Z",
        "target": "3h business",
        "no_guarantee": None,
        "sum": [
            {"from": "2026-12-24T14:30:00Z", "to": "2026-12-24T16:00:00Z", "seconds": 5400},
            {"date": "2026-12-25", "holiday": "Christmas Day"},
            {"date": "2026-12-26", "holiday": "26 December"},
            {"from": "2026-12-28T08:00:00Z", "to": "2026-12-28T09:30:00Z", "seconds": 5400},
        ],
    }


def test_people_get_the_sum_line_by_line(call):
    status, out, _ = call(
        "quote", "--plan", "advanced", "--priority", "2", "--at", "2026-12-24T16:30:00+01:00", "--lang", "en"
    )
    assert status == 0
    assert out.splitlines() == [
        "2 Degraded service, Advanced plan: 3 business hours",
        "  Thu 24 Dec 16:30-17:00  0:30",
        "  Fri 25 Dec              closed: Christmas Day",
        "  Sat 26 Dec              closed: 26 December",
        "  Sun 27 Dec              closed",
        "  Mon 28 Dec 09:00-11:30  2:30",
        "                          ----",
        "                          3:00",
        "due Mon 28 Dec 11:30 CET",
    ]


def test_in_italian_too(call):
    _, out, _ = call(
        "quote", "--plan", "advanced", "--priority", "2", "--at", "2026-12-24T16:30:00+01:00", "--lang", "it"
    )
    assert out.splitlines() == [
        "2 Servizio degradato, piano Advanced: 3 ore lavorative",
        "  gio 24 dic 16:30-17:00  0:30",
        "  ven 25 dic              chiuso: Natale",
        "  sab 26 dic              chiuso: Santo Stefano",
        "  dom 27 dic              chiuso",
        "  lun 28 dic 09:00-11:30  2:30",
        "                          ----",
        "                          3:00",
        "entro lun 28 dic 11:30 CET",
    ]


def test_the_night_the_clocks_change_is_told_with_both_names(call):
    _, out, _ = call(
        "quote", "--plan", "advanced", "--priority", "1", "--at", "2026-10-25T02:30:00+02:00", "--lang", "en"
    )
    assert "Sun 25 Oct 02:30 CEST-02:30 CET  1:00" in out
    assert "due Sun 25 Oct 02:30 CET" in out


def test_seconds_are_told_where_there_are_any(call):
    _, out, _ = call(
        "quote", "--plan", "professional", "--priority", "1", "--at", "2026-11-23T14:00:01+01:00", "--lang", "en"
    )
    assert "Mon 23 Nov 14:00:01-17:00  2:59:59" in out
    assert "Tue 24 Nov 09:00-09:00:01  0:00:01" in out
    assert "due Tue 24 Nov 09:00:01 CET" in out


@pytest.mark.parametrize(
    ("options", "reason"),
    [(["--plan", "basic"], "plan"), (["--plan", "advanced", "--product-stage", "beta"], "product_stage")],
)
def test_no_guarantee_has_a_reason(call, options, reason):
    status, out, _ = call("quote", *options, "--at", EVE, "--json")
    told = json.loads(out)
    assert (status, told["due_at"], told["target"], told["no_guarantee"], told["sum"]) == (0, None, None, reason, [])
    assert "No guaranteed time" in call("quote", *options, "--at", EVE, "--lang", "en")[1]


def test_no_priority_is_priority_three_and_no_instant_is_now(call, monkeypatch):
    assert json.loads(call("quote", "--plan", "advanced", "--at", EVE, "--json")[1])["priority"] == "3"
    assert json.loads(call("quote", "--plan", "advanced", "--json")[1])["submitted_at"] > "2026"


def test_another_agreement_can_be_asked(call, tmp_path):
    file = tmp_path / "agreement.toml"
    file.write_text(STANDARD.replace('2 = "3h business"', '2 = "30m business"'))
    told = json.loads(
        call("quote", "--plan", "advanced", "--priority", "2", "--at", EVE, "--agreement", str(file), "--json")[1]
    )
    assert told["due_at"] == "2026-12-24T15:00:00Z"


def test_an_agreement_whose_holidays_are_only_named_is_looked_up(call, tmp_path):
    file = tmp_path / "agreement.toml"
    named = (
        STANDARD[: STANDARD.index("[holidays.target.days.new-year]")] + STANDARD[STANDARD.index("# --- who is told") :]
    )
    file.write_text(named.replace('source = "financial:XECB"', 'propose = "country:IT"'))
    told = json.loads(
        call(
            "quote",
            "--plan",
            "advanced",
            "--priority",
            "2",
            "--at",
            "2027-10-01T16:00:00+02:00",
            "--agreement",
            str(file),
            "--json",
        )[1]
    )
    assert told["due_at"] == "2027-10-05T09:00:00Z", "4 October has been a holiday again since 2026"


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--priority", "1"], 2, "--plan is needed; the plans are basic, professional, advanced"),
        (["--plan", "gold"], 2, "--plan: 'gold' is not one of basic, professional, advanced"),
        (["--plan", "advanced", "--priority", "4"], 2, "--priority: '4' is not one of 1, 2, 3"),
        (["--plan", "advanced", "--environment", "moon"], 2, "--environment: 'moon' is not one of production, staging"),
        (
            ["--plan", "advanced", "--product-stage", "alpha"],
            2,
            "--product-stage: 'alpha' is not one of released, beta",
        ),
        (["--plan", "advanced", "--at", "2026-02-30T10:00:00Z"], 2, '"2026-02-30T10:00:00Z" is no instant'),
        (
            ["--plan", "advanced", "--at", "2026-10-25T02:30"],
            2,
            "has no zone; add Z or an offset such as +01:00 [date.zone_required]",
        ),
        (["--plan", "advanced", "--at", "now"], 2, "[date.invalid]"),
        (["--plan", "advanced", "--at", "9999-01-01T00:00:00Z"], 1, "the clock knows the years 1970 to 2199"),
        (["--plan", "basic", "--at", "0001-01-01T00:00:00+23:59"], 2, "[date.out_of_range]"),
        (["--plan", "basic", "--at", "9999-12-31T23:59:59-23:59"], 2, "[date.out_of_range]"),
        (["--plan", "basic", "--at", "1969-12-31T23:59:59Z"], 1, "the clock knows the years 1970 to 2199"),
        (
            ["--plan", "advanced", "--priority", "1", "--environment", "staging", "--lang", "en"],
            1,
            "Priority 1 is not available for Staging. A production application is down",
        ),
        (["--plan", "advanced", "--agreement", "no/such/file"], 2, "'no/such/file' does not exist"),
        (["--plan", "advanced", "--agreement", "/"], 2, "is a directory"),
        (
            ["--plan", "advanced", "--input", "no/such/file"],
            2,
            "--input takes plan, priority and instant from its rows",
        ),
        (["--input", "no/such/file", "--priority", "1"], 2, "--input takes plan, priority and instant from its rows"),
        (["--input", "no/such/file", "--at", EVE], 2, "--input takes plan, priority and instant from its rows"),
        (["--input", "no/such/file", "--environment", "staging"], 2, "as it does environment and stage"),
        (["--input", "no/such/file", "--product-stage", "beta"], 2, "as it does environment and stage"),
        (["--input", "no/such/file"], 1, "no/such/file cannot be read: No such file or directory"),
        (["--pln", "advanced"], 2, "No such option"),
        (["--plan"], 2, "requires an argument"),
        (["--plan", "advanced", "--lang", "xx"], 2, "'xx' is not one of 'de', 'en', 'es', 'fr', 'it'"),
    ],
)
def test_mistakes_name_the_field_the_value_and_the_rule(call, options, status, said):
    answer, out, err = call("quote", *options)
    assert (answer, out) == (status, "")
    assert said in err


def test_a_bad_agreement_tells_everything_wrong_with_it(call, tmp_path):
    file = tmp_path / "agreement.toml"
    file.write_text(STANDARD.replace("Europe/Brussels", "CET").replace('"1h always"', '"1h alway"'))
    status, out, err = call("quote", "--plan", "advanced", "--agreement", str(file))
    assert (status, out) == (1, "")
    assert "[zone.ambiguous]" in err
    assert '"1h alway" counts on hours that are not there' in err
    assert "is not an agreement that can be used" in err


def test_explain_tells_what_a_quote_rests_on(call):
    status, out, _ = call("explain", "--plan", "advanced", "--priority", "2", "--at", EVE, "--lang", "en")
    assert status == 0
    assert out.splitlines()[:8] == [
        "Sent         Thu 24 Dec 15:30 CET",
        "Agreement    When we answer, version 1",
        "Plan         Advanced",
        "Priority     2 Degraded service",
        "Environment  Production",
        "Product      Released",
        "Promise      3 business hours",
        "Counted      Monday to Friday, 09:00-17:00, Europe/Brussels",
    ]
    assert out.splitlines()[-1] == "due Mon 28 Dec 10:30 CET"


def test_explain_refuses_instants_that_no_clock_knows(call):
    for written in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59Z"):
        status, _, err = call("explain", "--plan", "basic", "--at", written)
        assert status in {1, 2}
        assert "years" in err


def test_explain_needs_a_number_or_a_plan_and_not_both(call):
    assert call("explain")[0] == 2
    assert call("explain", "1001", "--plan", "basic")[0] == 2


def test_the_commands_are_listed_and_a_mistyped_one_is_guessed(call):
    status, out, _ = call("--help")
    assert status == 0
    assert "What would be promised to a ticket." in out
    assert call("quot") == (
        2,
        "",
        "Usage: puntuale [OPTIONS] COMMAND [ARGS]...\nTry 'puntuale --help' for help.\n\nError: No such command 'quot'. Did you mean quote?\n",
    )
    assert call("--version")[1].startswith("puntuale")


# --- the real program


def test_it_runs_without_database_and_settings():
    done = program("quote", "--plan", "advanced", "--priority", "2", "--at", EVE, "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["due_at"] == "2026-12-28T09:30:00Z"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_that_cannot_show_a_letter_gets_an_escape(encoding):
    done = program(
        "quote", "--plan", "advanced", "--priority", "1", "--at", EVE, "--lang", "it", PYTHONIOENCODING=encoding
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert b"Attivit" in done.stdout


def test_the_language_of_the_terminal_is_spoken():
    assert b"ore lavorative" in program("quote", "--plan", "advanced", "--at", EVE, LANG="it_IT.UTF-8").stdout
    assert b"business hours" in program("quote", "--plan", "advanced", "--at", EVE, LANG="nl_NL.UTF-8").stdout


def test_whoever_stops_reading_causes_no_complaint(tmp_path):
    rows = "submitted_at,plan,priority\n" + "2026-03-20T10:00:00Z,advanced,1\n" * 50_000
    file = tmp_path / "rows.csv"
    file.write_text(rows)
    done = subprocess.run(
        f"{sys.executable} -m puntuale quote --input {file} | head -2", shell=True, capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.stdout.splitlines()[1] == b"2026-03-20T10:00:00Z,advanced,1,2026-03-20T11:00:00Z,"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_an_answer_that_cannot_be_written_is_told(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("submitted_at,plan,priority\n2026-03-20T10:00:00Z,advanced,1\n")
    for options in (f"--plan advanced --at {EVE}", f"--input {file}"):
        for place, said in (
            ("/dev/full", b"Error: the answer cannot be written: No space left on device\n"),
            ("&-", b"Error: standard output is closed, so there is nowhere to answer\n"),
        ):
            command = f"{sys.executable} -m puntuale quote {options} >{place}"
            done = subprocess.run(command, shell=True, capture_output=True, check=False)
            assert (done.returncode, done.stderr) == (1, said)


def test_the_documents_of_this_test_are_the_ones_that_ship():
    assert tomllib.loads(STANDARD)["version"] == 1
