"""A pooler that lends connections by transaction is refused, before anything is written through it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.conf.test_serving import free_port

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed")


@pytest.fixture
def pooled(empty):
    """Starts PgBouncer before a server of PostgreSQL, and gives the address to reach that through it."""
    home, url = empty
    started = []

    def start(mode):
        port, folder = free_port(), home.parent / mode
        folder.mkdir(mode=0o755)
        socket = psycopg.conninfo.conninfo_to_dict(url)["host"]
        (folder / "pgbouncer.ini").write_text(
            f"[databases]\npuntuale = host={socket} port=5432 user=puntuale\n"
            f"[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={port}\nunix_socket_dir=\nauth_type=any\n"
            f"pool_mode={mode}\nignore_startup_parameters=options\n"
        )
        owner = Path(socket).stat()
        whoever = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        started.append(subprocess.Popen([PGBOUNCER, folder / "pgbouncer.ini"], stderr=subprocess.DEVNULL, **whoever))
        address = f"postgresql://puntuale@127.0.0.1:{port}/puntuale"
        for _ in range(100):
            try:
                psycopg.connect(address).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return home.parent / "desk", address
        raise AssertionError("PgBouncer does not answer")

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


def puntuale(home, url, *command):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    settings = {
        "PUNTUALE_HOME": str(home),
        "DATABASE_URL": url,
        "PUNTUALE_SECRET_KEY": "k" * 16 + "0123456789abcdef" * 2,
    }
    return subprocess.run(
        [sys.executable, "-m", "puntuale", *command],
        env=kept | settings | {"PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


@needs_pgbouncer
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_connections_that_do_not_last_are_refused_in_one_sentence(pooled, empty, mode):
    home, url = pooled(mode)
    for command in (["prepare"], ["work"], ["serve", "--port", str(free_port())]):
        refused = puntuale(home, url, *command)
        assert refused.returncode == 1
        assert "Set pool_mode=session" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert "bad      The database is reached through a pooler" in puntuale(home, url, "doctor").stdout
    with psycopg.connect(empty[1]) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


@needs_pgbouncer
def test_connections_that_last_are_as_good_as_none_between(pooled):
    home, url = pooled("session")
    prepared = puntuale(home, url, "prepare")
    assert prepared.returncode == 0, prepared.stderr
    assert "schema up to date" in puntuale(home, url, "doctor").stdout


def test_a_server_without_a_pooler_is_not_refused(empty, tmp_path):
    looked = puntuale(tmp_path, empty[1], "doctor")
    assert "pooler" not in looked.stdout
    assert "migrations; run puntuale prepare" in looked.stdout
