"""Fifty kills each of web, worker and database, while customers and agents work: nothing they were told of is lost.

PUNTUALE_KILLS and PUNTUALE_SEED choose others; `./run torture` tells more.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.torture.desk import ROOT
from tests.torture.telling import table

pytestmark = pytest.mark.xdist_group("serving")

KILLS = int(os.environ.get("PUNTUALE_KILLS", "50"))
SEED = int(os.environ.get("PUNTUALE_SEED", "7"))
IN_MEMORY, ENOUGH = Path("/dev/shm"), 1_000_000_000


def folder():
    """Where the home goes: into memory where there is some, since what is killed here is processes and not the machine."""
    is_there = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK)
    return str(IN_MEMORY) if is_there and shutil.disk_usage(IN_MEMORY).free > ENOUGH else "/tmp"


def test_nothing_acknowledged_is_lost_whatever_is_killed():
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    asked = ["--kills", str(KILLS), "--seed", str(SEED), "--pace", "1", "--folder", folder(), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture", *asked],
        env=kept | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    violations = {name: found[:5] for name, found in report["violations"].items() if found}
    assert violations == {}, f"seed {SEED}\n{done.stderr}"
    told, figures = table(SEED, report), report["figures"]
    assert done.returncode == 0, told
    happened = figures["done"]
    assert happened["worker killed"] == happened["database killed"] == KILLS, told
    assert happened["web process killed"] + happened.get("web server killed", 0) == KILLS, told
    assert happened["worker stopped"] >= KILLS // 10, told
    assert min(happened["target went wrong"], happened["clock set"]) > 0, told
    # It was a load, and not a desk that everybody had left.
    assert figures["acknowledged"]["ticket"] >= KILLS // 2, told
    assert figures["alarms"] >= KILLS // 2, told
    assert min(figures["channels"]["email"], figures["channels"]["webhook"]) >= KILLS // 2, told
    assert figures["pages"] >= KILLS // 2, told
    assert figures["acknowledged"]["acknowledgement"] > 0, told
    assert figures["rung late"]["p50"] <= 1, told
