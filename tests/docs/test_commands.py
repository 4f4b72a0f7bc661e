"""Every command that a document shows is called, on the demo's desk as it runs; or it is told where else it is."""

import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.docs.desk import ROOT, Desk, post
from tests.docs.test_docs import DOCUMENTS

pytestmark = pytest.mark.xdist_group("documents")
STANDARD = ROOT / "puntuale" / "agreements" / "standard.toml"

ELSEWHERE = {
    "git clone": "tests/conf/test_serving.py",
    "./run demo": "tests/conf/test_serving.py",
    "./run serve": "tests/conf/test_serving.py",
    "./run test": "tests/house/test_house.py",
    "./run check": "tests/house/test_house.py",
    "./run messages": "tools/translations.py",
    "./run bench": "tests/house/test_benchmarks.py",
    "./run torture": "tests/torture/test_torture.py",
    "puntuale receive": "tests/mail/incoming",
    "puntuale serve": "tests/conf/test_serving.py",
    "puntuale work": "tests/conf/test_working.py",
}
"""What starts something that does not end, or is too long for a test, and where it is tried."""
NEEDS_MORE = {
    "printf 'POSTGRES_PASSWORD": "writes the secrets of containers, which need an engine for containers",
    "docker compose": "needs an engine for containers",
    "PUNTUALE_MAIL_": "settings, not commands",
    "useradd": "makes an account of the machine; tests/house/test_deploy.py looks at the units",
    "touch /etc/puntuale.env": "writes what belongs to the machine, for the account above",
    "exec /opt/puntuale/run": "a line of the program that the page lets an administrator write",
    "cp deploy/systemd": "changes the services of the machine",
    "npx ": "needs the npm registry",
    "echo 'extends: [": "is for the command after it, which needs the npm registry",
    "systemctl": "changes the services of the machine",
    "journalctl": "reads of the services of the machine",
}
NAMES = {"puntuale quote", "puntuale restore", "./run explain"}
"""What names a command, which needs more to do anything."""
STATUS = {"puntuale doctor --deploy": 1, "puntuale doctor --promises": 1}
"""The demo is not set up as a desk in earnest is, and these say so."""
IN_ORDER = "/srv/new"
LEFT_OVER = "lucia@alborada.example"


def shown():
    """Each command of a block or within a line, once."""
    found = []
    for document in DOCUMENTS:
        if "decisions" in document.parts:
            continue
        text = document.read_text(encoding="utf-8")
        for block in re.findall(r"(?ms)^```sh\n(.*?)^```", text):
            lines = re.sub(r"\\\n\s*", "", block).splitlines()
            # What stands on the line before is there for the next one.
            found += ["\n".join(lines)] if IN_ORDER in block else lines
        for block in re.findall(r"(?ms)^```console\n(.*?)^```", text):
            found += re.findall(r"(?m)^\$ (.*)$", block)
        found += re.findall(r"`((?:puntuale|\./run) [^`\n]+)`", text)
    return [one for one in dict.fromkeys(found) if one.strip() and not one.endswith("COMMAND")]


def place_of(command):
    return next((place for begins, place in ELSEWHERE.items() if command.startswith(begins)), None)


CALLED = [one for one in shown() if place_of(one) is None and not one.startswith(tuple(NEEDS_MORE))]


@pytest.fixture(scope="module")
def desk():
    with tempfile.TemporaryDirectory(prefix="puntuale-") as aside:
        Path(aside).chmod(0o711)
        folder = Path(aside) / "folder"
        folder.mkdir()
        running = Desk(Path(aside) / "home", folder)
        try:
            prepared(running.wait())
            yield running
        finally:
            running.stop()


def prepared(desk):
    """Lay there what the documents' commands name: agreements, a log, exports of other desks, a bundle, a backup."""
    agreement = STANDARD.read_text(encoding="utf-8")
    (desk.folder / "my-agreement.toml").write_text(agreement.replace("version = 1", "version = 2"), encoding="utf-8")
    (desk.folder / "third.toml").write_text(agreement.replace("version = 1", "version = 3"), encoding="utf-8")
    shutil.copy(desk.folder / "my-agreement.toml", desk.folder / "next.toml")
    (desk.folder / "tickets.csv").write_text(
        "id,subject,requester_email,submitted_at,plan,priority\n"
        "7,Calls drop,zoe@elsewhere.example,2026-03-20T10:00:00Z,advanced,1\n"
    )
    (desk.folder / "old.toml").write_text('source = "old"\n')
    zendesk = desk.folder / "zendesk"
    zendesk.mkdir()
    (zendesk / "tickets.json").write_text('{"tickets": []}')
    (zendesk / "users.json").write_text('{"users": []}')
    (zendesk / "organizations.json").write_text('{"organizations": []}')
    helpdesk(desk.folder / "helpdesk.sqlite3")
    made = desk.call(f'"{sys.executable}" "{ROOT}/tests/docs/secrets_of_the_demo.py"')
    assert made.returncode == 0, made.stderr
    desk.environment["TOKEN"], desk.hook = made.stdout.split()
    assert desk.call("puntuale evidence 1001 --output bundle.json").returncode == 0
    assert desk.call("puntuale backup backup").returncode == 0


def helpdesk(path):
    """A django-helpdesk without tickets."""
    with closing(sqlite3.connect(path)) as base:
        base.executescript(HELPDESK)


HELPDESK = """
CREATE TABLE auth_user (id INTEGER, email TEXT, is_staff BOOL, first_name TEXT, last_name TEXT);
CREATE TABLE helpdesk_queue (id INTEGER, title TEXT);
CREATE TABLE helpdesk_ticket (id INTEGER, title TEXT, description TEXT, created TEXT, modified TEXT, submitter_email TEXT,
    assigned_to_id INTEGER, queue_id INTEGER, status INTEGER, priority INTEGER, resolution TEXT, on_hold BOOL);
CREATE TABLE helpdesk_followup (id INTEGER, ticket_id INTEGER, date TEXT, comment TEXT, public BOOL, new_status INTEGER,
    user_id INTEGER);
"""


def in_place(command, desk):
    """A command with the names of what is there, instead of those of somebody's desk."""
    for written, meant in {
        "/srv/backups/2026-11-26": "backup-of-the-day" if command.startswith("puntuale backup") else "backup",
        "/var/lib/puntuale": str(desk.home.parent / "another"),
        "/srv/new": str(desk.home.parent / "moved"),
        "/srv/out": "moved-out",
        "mara@example.com": "mara@desk.example",
        "MANAGER": "mara@desk.example",
        "privacy export EMAIL FILE": "privacy export liam@harbourlane.example about-liam.zip",
        "privacy erase EMAIL": f"privacy erase {LEFT_OVER}",
        "--growth 1.2": "--growth 1.2 --handling 15m",
        "FOLDER --format zendesk": "zendesk --format zendesk --by mara@desk.example",
        "--format django-helpdesk": "--format django-helpdesk --by mara@desk.example",
        "export FOLDER": "export exported",
        "check FILE": "check my-agreement.toml",
        "publish FILE": "publish third.toml",
        "4711": "1001",
        "https://support.example.com": desk.url,
        "http://localhost:8000": desk.url,
        "hook_...": desk.hook,
        "curl ": "curl --fail-with-body ",
    }.items():
        command = command.replace(written, meant)
    return f"{command} --help" if command in NAMES else command


@pytest.mark.parametrize("command", CALLED)
def test_a_command_of_the_documents_does_what_it_is_for(command, desk):
    done = desk.call(in_place(command, desk))
    assert done.returncode == STATUS.get(command, 0), done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_not_called_here_is_called_elsewhere_or_needs_more_than_there_is():
    for command in shown():
        if (place := place_of(command)) is not None:
            assert (ROOT / place).exists(), command
    assert len(CALLED) > 25


def test_the_first_promise_in_five_minutes(desk):
    """As the tutorial tells it: a customer sends, an agent answers, and whoever doubts it checks the evidence."""
    told = {"environment": "production", "subject": "No calls", "body": "Nothing rings.", "priority": "1"}
    with desk.browser("liam@harbourlane.example") as liam:
        sent = post(liam, "/en/tickets/new/", **told)
    number = re.search(r"/tickets/(\d+)/", str(sent.url))[1]
    assert "1 hour, day and night" in sent.text
    with desk.browser("ada@desk.example") as ada:
        assert f"/desk/{number}/" in ada.get("/en/desk/").text
        post(ada, f"/en/desk/{number}/", body="We are on it.", then="open")
    assert desk.call(f"./run evidence {number} --output bundle-{number}.json").returncode == 0
    told = desk.call(f"./run verify bundle-{number}.json")
    assert told.returncode == 0 and "first_response met" in told.stdout, told.stdout
