"""Settings that are missing or make no sense stop the desk, all of them told at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from puntuale.conf.environment import Environment, SettingsRefused

SECRET = "q8Zt1mS0r5vXw2yB4nC6dF8gH0jK2lM4"
GOOD = {"DATABASE_URL": "postgresql://desk:pw@db.test:5433/puntuale?sslmode=require", "PUNTUALE_SECRET_KEY": SECRET}


def test_a_connection_url_is_taken_apart():
    environment = Environment(GOOD)
    parts = environment.database("DATABASE_URL")
    environment.check()
    assert parts == {
        "dbname": "puntuale",
        "user": "desk",
        "password": "pw",
        "host": "db.test",
        "port": "5433",
        "sslmode": "require",
    }


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "DATABASE_URL is not set"),
        ("sqlite:///desk.db", "DATABASE_URL is for sqlite; Puntuale runs on PostgreSQL"),
        ("mysql://root@localhost/x", "DATABASE_URL is for mysql"),
        ("postgresql://host", "DATABASE_URL names no database"),
        ("postgresql://host/db?nonsense=1", "DATABASE_URL cannot be read"),
        ("postgresql://[bad/db", "DATABASE_URL cannot be read"),
    ],
)
def test_a_connection_url_that_will_not_do_is_told(url, said):
    environment = Environment({"DATABASE_URL": url})
    environment.database("DATABASE_URL")
    with pytest.raises(SettingsRefused, match=said):
        environment.check()


@pytest.mark.parametrize(
    "secret", ["", "short", "changeme" * 8, "my-secret-key-that-is-long-enough-to-pass", "insecure-" * 5]
)
def test_sec_s36_a_secret_that_could_be_guessed_is_refused(secret):
    environment = Environment({"KEY": secret})
    environment.secret("KEY")
    with pytest.raises(SettingsRefused, match="KEY"):
        environment.check()


@pytest.mark.parametrize(
    ("written", "is_on"), [("on", True), ("TRUE", True), ("1", True), ("off", False), ("no", False), ("", False)]
)
def test_a_flag_is_on_or_off(written, is_on):
    environment = Environment({"FLAG": written})
    assert environment.flag("FLAG") is is_on
    environment.check()


def test_a_flag_that_is_neither_is_refused():
    environment = Environment({"FLAG": "maybe"})
    environment.flag("FLAG")
    with pytest.raises(SettingsRefused, match='FLAG is "maybe"; it is either on or off'):
        environment.check()


def test_quotes_that_a_tool_left_in_are_taken_off():
    environment = Environment({"HOSTS": '"a.test, b.test,"'})
    assert environment.names("HOSTS", "") == ["a.test", "b.test"]


def run(*arguments, **environment):
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        [sys.executable, "-m", "puntuale", *arguments],
        capture_output=True,
        text=True,
        env=kept | environment,
        check=False,
    )


def test_everything_wrong_is_told_at_once_without_a_traceback(tmp_path):
    done = run(
        "doctor", PUNTUALE_HOME=str(tmp_path), DATABASE_URL="sqlite://", PUNTUALE_SECRET_KEY="x", PUNTUALE_DEBUG="maybe"
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in ("DATABASE_URL", "PUNTUALE_SECRET_KEY", "PUNTUALE_DEBUG"):
        assert f"  - {name}" in done.stderr


def test_a_database_that_does_not_answer_is_told_by_the_doctor(tmp_path):
    url = f"postgresql://nobody@/nowhere?host={tmp_path}&connect_timeout=1"
    done = run("doctor", PUNTUALE_HOME=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert "bad      the database does not answer" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_ends_other_commands(tmp_path):
    url = f"postgresql://nobody@/nowhere?host={tmp_path}&connect_timeout=1"
    done = run("explain", "1001", PUNTUALE_HOME=str(tmp_path), DATABASE_URL=url)
    assert done.returncode == 1
    assert "Error: The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("home", "said"), [("file", "is a file; it should be a folder"), ("file/below", "cannot be made: Not a directory")]
)
@pytest.mark.parametrize("command", [("explain", "1001"), ("serve", "--port", "58213")], ids=" ".join)
def test_a_home_that_cannot_be_is_told(tmp_path, home, said, command):
    (tmp_path / "file").touch()
    done = run(*command, PUNTUALE_HOME=str(tmp_path / home))
    assert done.returncode == 1
    assert f"Error: PUNTUALE_HOME {tmp_path / home} {said}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", ("mail.example.com", 25, "", "", False, False)),
        ("smtps://u%40x:p%3Aw@mail.example.com", ("mail.example.com", 465, "u@x", "p:w", True, False)),
        ("smtp+starttls://u:p@[::1]:2525", ("::1", 2525, "u", "p", False, True)),
    ],
)
def test_a_mail_server_is_a_url(url, expected):
    assert tuple(Environment({"PUNTUALE_SMTP": url}).mail_server("PUNTUALE_SMTP").values()) == expected


@pytest.mark.parametrize("url", ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://mail:99999"])
def test_a_mail_server_that_cannot_be_read_is_refused(url):
    environment = Environment({"PUNTUALE_SMTP": url})
    assert environment.mail_server("PUNTUALE_SMTP") == {}
    assert "it looks like smtp+starttls://" in environment.problems[0]


def test_the_sender_names_a_domain():
    environment = Environment({})
    assert environment.domain_of("PUNTUALE_MAIL_FROM", "Desk <desk@example.com>") == "example.com"
    assert environment.problems == []
    environment.domain_of("PUNTUALE_MAIL_FROM", "Desk")
    assert "PUNTUALE_MAIL_FROM" in environment.problems[0]


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("", {}),
        (
            "imaps://support%40x.example:p%2Fw@mail.example.com/INBOX",
            {"host": "mail.example.com", "port": 993, "user": "support@x.example", "password": "p/w", "folder": "INBOX", "security": "ssl"},
        ),
        (
            "imap+starttls://u:p@mail.example.com:1143/Support/New",
            {"host": "mail.example.com", "port": 1143, "user": "u", "password": "p", "folder": "Support/New", "security": "starttls"},
        ),
        ("imap://u@localhost", {"host": "localhost", "port": 143, "user": "u", "password": "", "folder": "INBOX", "security": ""}),
    ],
)  # fmt: skip
def test_a_mailbox(url, parts):
    read = Environment({"BOX": url})
    assert read.mailbox("BOX") == parts
    assert read.problems == []


@pytest.mark.parametrize(
    "url", ["pop3://u:p@x", "imaps://mail.example.com", "imaps://u:p@/INBOX", "imaps://u:p@x:no", "INBOX"]
)
def test_what_is_no_mailbox(url):
    read = Environment({"BOX": url})
    assert read.mailbox("BOX") == {}
    assert "looks like imaps://" in read.problems[0]


def test_where_to_listen():
    read = Environment({"AT": "127.0.0.1:8024", "SIX": "[::1]:8024", "NONE": "", "BAD": "8024", "FAR": "x:70000"})
    assert [read.listening(name) for name in ("AT", "SIX", "NONE")] == [("127.0.0.1", 8024), ("::1", 8024), None]
    assert [read.listening(name) for name in ("BAD", "FAR")] == [None, None]
    assert len(read.problems) == 2
