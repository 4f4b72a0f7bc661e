"""What a desk is run with as a service and in containers says what it has to, and names what there is."""

import configparser
import re
import shutil
import subprocess

import pytest

from tests.house.test_house import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
CLONE = "/opt/puntuale"
SHUT_IN = {
    "User": "puntuale",
    "UMask": "0077",
    "NoNewPrivileges": "true",
    "CapabilityBoundingSet": "",
    "PrivateTmp": "true",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "StateDirectoryMode": "0700",
    "SystemCallFilter": "@system-service",
}
MOST_EXPOSED = 2.0


def service(unit):
    told = configparser.RawConfigParser(strict=False)
    told.optionxform = str
    told.read(unit)
    return told["Service"]


def test_there_is_a_service_for_the_desk_for_workers_and_for_backups():
    assert [unit.name for unit in UNITS] == ["puntuale-backup.service", "puntuale-worker@.service", "puntuale.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_is_shut_in_and_starts_what_is_there(unit):
    told = service(unit)
    assert {name: told.get(name) for name in SHUT_IN} == SHUT_IN
    called = re.findall(rf"{CLONE}/(\S+) (\w+)", told["ExecStart"])
    assert called and all((ROOT / file).stat().st_mode & 0o111 for file, _ in called)
    # The clone is read only, so that what is installed and compiled has to go elsewhere.
    assert "PUNTUALE_VENV=/var/lib/puntuale/venv" in unit.read_text() and "ReadWritePaths" not in told


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_wrong_with_it(unit, tmp_path):
    here = tmp_path / unit.name.replace("@", "@1")
    here.write_text(unit.read_text().replace(CLONE, str(ROOT)))
    looked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", here], capture_output=True, text=True, timeout=60, check=False
    )
    assert (looked.returncode, looked.stdout + looked.stderr) == (0, "")
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", here],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", exposed.stdout)
    assert level is not None and float(level[1]) <= MOST_EXPOSED, exposed.stdout[-400:]


def test_an_image_gets_what_it_copies_and_no_home_of_a_desk():
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "deploy" / "Containerfile").read_text(), re.MULTILINE)
    assert let_in == {name for names in copied for name in names.split()}
    assert all((ROOT / name).exists() for name in let_in)
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def test_settings_of_the_containers_are_documented_and_all_of_them_reach_the_desk():
    compose = (ROOT / "deploy" / "compose.yaml").read_text()
    documented = set(re.findall(r"`((?:PUNTUALE|DATABASE)_\w+)`", (ROOT / "docs/reference/settings.md").read_text()))
    named = set(re.findall(r"^    ((?:PUNTUALE|DATABASE)_\w+):", compose, re.MULTILINE))
    assert {"DATABASE_URL", "PUNTUALE_SECRET_KEY"} <= named <= documented
    assert "env_file: .env" in compose
