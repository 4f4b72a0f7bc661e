"""The evidence story: a customer doubts a verdict, and checks it on a machine of her own."""

import json
import subprocess
import sys

import pytest

from puntuale.tickets import anchoring, conversation
from tests.guarantee.tables import at

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.django_db(transaction=True)]


def verify(file):
    """Check a file as its reader would: no settings, no database, nothing of this desk but the program."""
    return subprocess.run(
        [sys.executable, "-m", "puntuale", "verify", str(file)],
        env={"PATH": "/usr/bin:/bin", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_customer_checks_the_verdict_without_us(visitor, company, now, tmp_path):
    ticket = company.ticket(company.anna, "1", at("2026-11-20T15:30:00+01:00"))
    conversation.answer(ticket, body="Restart it.", by=company.ada, at=at("2026-11-20T18:40:00+01:00"))
    anchor = anchoring.anchor(at=at("2026-11-21T02:00:00+01:00"))

    now.at = at("2026-11-21T09:00:00+01:00")
    mara = visitor(width=1280).signs_in("mara@puntuale.test").opens(f"/en/desk/{ticket.number}/")
    with mara.page.expect_download() as download:
        mara.page.click("text=Evidence that can be checked elsewhere")
    file = tmp_path / "bundle.json"
    download.value.save_as(file)

    told = verify(file)
    assert (told.returncode, told.stderr) == (0, "")
    assert f"anchored on 2026-11-21 by {anchor.digest}" in told.stdout
    assert "the verdict is the same: first_response met_late" in told.stdout

    bundle = json.loads(file.read_text())
    bundle["events"][1]["at"] = "2026-11-20T16:00:00.000000Z"
    file.write_text(json.dumps(bundle))
    told = verify(file)
    assert told.returncode == 1
    assert "bad      event 2 is not what was recorded" in told.stdout
