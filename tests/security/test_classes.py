"""Every class of `docs/security.md` is named by a test, or has a line that tells why not."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROW = re.compile(r"^\| (S\d\d) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"def (test_sec_s(\d\d)_\w+)\(")


def named():
    """The named tests there are, by class."""
    found = {}
    for file in (ROOT / "tests").rglob("test_*.py"):
        for name, number in TEST.findall(file.read_text(encoding="utf-8")):
            found.setdefault(f"S{number}", set()).add(name)
    return found


def test_every_class_has_a_test_or_a_reason():
    rows = dict(ROW.findall((ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    assert sorted(rows) == [f"S{number:02}" for number in range(1, 40)]
    there = named()
    for name, told in rows.items():
        if told.startswith(("not yet:", "does not apply:")):
            continue
        assert name in there, f"{name} has no test of its name"


def test_every_test_is_of_a_class():
    assert set(named()) <= {f"S{number:02}" for number in range(1, 40)}
