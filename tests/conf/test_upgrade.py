"""A newer program takes over the database of the release before, while that one still writes into it.

`releases/` holds the demo's desk as each release left it. When a release is made, its own is added there:
`pg_dump --no-owner --no-privileges`, without the rows of sessions and caches.
"""

import gzip
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from puntuale.conf.postgres import Server
from puntuale.conf.postgres.binaries import find

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql.gz"))
AT_LEAST = 20
pytestmark = pytest.mark.xdist_group("upgrade")

LIKE = """
SELECT t.id FROM tickets_ticket t
JOIN tickets_promisemade p ON p.ticket_id = t.id AND p.number = 1 AND p.metric = 'first_response'
WHERE p.hours = (SELECT max(hours) FROM tickets_promisemade) AND p.basis = 'submitted' LIMIT 1
"""


# What the releases before write for a ticket that is sent, in their own columns.
SENT = (
    """
    INSERT INTO tickets_ticket (id, submission_key, subject, organisation_id, requester_id, product_id, environment,
        priority, plan, submitted_at, due_at, due_metric, phase, phase_since, last_event, last_event_at, last_digest)
    SELECT %(key)s, gen_random_uuid(), 'Sent meanwhile', t.organisation_id, t.requester_id, t.product_id, t.environment,
        p.priority, p.plan, t.submitted_at, p.due_at, 'first_response', 'open', t.submitted_at, 1, t.submitted_at,
        puntuale_digest('', %(key)s, 1, e.kind, e.at, e.by_id, e.facts)
    FROM tickets_ticket t
    JOIN tickets_promisemade p ON p.ticket_id = t.id AND p.number = 1 AND p.metric = 'first_response'
    JOIN tickets_event e ON e.ticket_id = t.id AND e.number = 1
    WHERE t.id = %(like)s
    """,
    """
    INSERT INTO tickets_message (ticket_id, author_id, audience, body, written_at)
    SELECT %(key)s, author_id, audience, 'Words.', written_at FROM tickets_message WHERE ticket_id = %(like)s
    ORDER BY id LIMIT 1
    """,
    """
    INSERT INTO tickets_event (ticket_id, number, kind, at, by_id, facts, digest)
    SELECT %(key)s, 1, kind, at, by_id, facts, puntuale_digest('', %(key)s, 1, kind, at, by_id, facts)
    FROM tickets_event WHERE ticket_id = %(like)s AND number = 1
    """,
    """
    INSERT INTO tickets_promisemade (ticket_id, metric, number, publication_id, plan, priority, made_at, start_at, due_at,
        target, target_seconds, hours, no_guarantee, basis, pauses, made_by_id)
    SELECT %(key)s, metric, 1, publication_id, plan, priority, made_at, start_at, due_at, target, target_seconds, hours,
        no_guarantee, basis, pauses, currval('tickets_event_id_seq')
    FROM tickets_promisemade WHERE ticket_id = %(like)s AND number = 1 AND metric = 'first_response'
    """,
)


def program(home, *command):
    """The command in a process of its own, on a home."""
    settings = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "puntuale", *command],
        env=settings | {"PUNTUALE_HOME": str(home), "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="puntuale-") as aside:
        Path(aside).chmod(0o711)
        yield Path(aside) / "home"


class Writer:
    """Goes on writing as the release before does, and notes what was committed."""

    def __init__(self, url):
        self.url, self.written, self.problem = url, [], None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            with psycopg.connect(self.url) as base:
                (like,) = base.execute(LIKE).fetchone()
                while not self.stopping.is_set():
                    self.written.append(self.write(base, like))
                    base.commit()
        except psycopg.Error as problem:
            self.problem = problem

    def write(self, base, like):
        """Send a ticket as another was, with its message, event and promise, and return its number."""
        key = base.execute("SELECT nextval('tickets_ticket_id_seq')").fetchone()[0]
        told = {"key": key, "like": like}
        for statement in SENT:
            base.execute(statement, told)
        return key


def left_by(release, url):
    """Bring the desk of a release into an empty database."""
    done = subprocess.run(
        [find().program("psql"), f"--dbname={url}", "--quiet", "--set=ON_ERROR_STOP=1"],
        input=gzip.decompress(release.read_bytes()).decode(),
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name.removesuffix(".sql.gz"))
def test_a_desk_of_a_release_before_is_taken_over_while_it_is_written_to(release, home):
    with Server(home, options={"fsync": "off"}) as server:
        left_by(release, server.url())
        with psycopg.connect(server.url()) as base:
            before = base.execute("SELECT count(*) FROM tickets_ticket").fetchone()[0]
        writer = Writer(server.url())
        writer.thread.start()
        try:
            # As several containers that start at once do.
            upgrading = [program(home, "prepare") for _ in range(2)]
            told = [(process.communicate(timeout=240)[0], process.returncode) for process in upgrading]
        finally:
            writer.stopping.set()
            writer.thread.join(30)
        assert [status for _, status in told] == [0, 0], told
        assert writer.problem is None and len(writer.written) >= AT_LEAST
        with psycopg.connect(server.url()) as base:
            kept = base.execute(
                "SELECT count(*) FROM tickets_ticket t JOIN tickets_promisemade p ON p.ticket_id = t.id"
                " JOIN tickets_message m ON m.ticket_id = t.id WHERE t.id = ANY(%s)",
                [writer.written],
            ).fetchone()[0]
            after = base.execute("SELECT count(*) FROM tickets_ticket").fetchone()[0]
            invalid = base.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid").fetchall()
        assert (kept, after) == (len(writer.written), before + len(writer.written))
        assert invalid == [], "an index that was made meanwhile is whole"
        looked, status = (
            (doctor := program(home, "doctor", "--evidence")).communicate(timeout=240)[0],
            doctor.returncode,
        )
        assert status == 0, looked


def test_there_is_a_release_to_come_from():
    assert RELEASES
