"""`./run` works from any folder: files are named as seen from there, and the home stays in the clone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def venv(tmp_path):
    """A folder of packages that needs no installing, whose python is ours."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    python = folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    lock = (ROOT / "requirements" / "run.txt").read_bytes()
    state = subprocess.run(["cksum"], input=lock, capture_output=True, check=True).stdout
    (folder / ".installed-run").write_bytes(state)
    return folder


@pytest.fixture
def run(venv, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def call(*arguments):
        return subprocess.run(
            [ROOT / "run", *arguments],
            cwd=elsewhere,
            env={"PATH": "/usr/bin:/bin", "PUNTUALE_VENV": str(venv)},
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_a_file_is_named_as_seen_from_where_it_was_called(run, tmp_path):
    rows = tmp_path / "elsewhere" / "rows.csv"
    rows.write_text("submitted_at,plan,priority\n2026-03-20T10:00:00Z,advanced,1\n")
    done = run("quote", "--input", "rows.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1] == "2026-03-20T10:00:00Z,advanced,1,2026-03-20T11:00:00Z,"


def test_modules_that_lie_about_where_it_was_called_are_not_taken_for_ours(run, tmp_path):
    (tmp_path / "elsewhere" / "json.py").write_text("raise SystemExit('not this one')")
    assert run("quote", "--help").returncode == 0


@pytest.mark.parametrize(("command", "folder"), [("serve", "desk"), ("demo", "demo")])
def test_the_home_stays_in_the_clone(run, venv, command, folder):
    (venv / "bin" / "python").write_text('#!/bin/sh\necho "$PUNTUALE_HOME"\n')
    assert run(command).stdout.strip() == str(ROOT / "var" / folder)
