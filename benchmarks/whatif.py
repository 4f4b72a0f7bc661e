"""`puntuale what-if`: a million tickets replayed under two agreements, with its calls, and with reading the log; then the people it takes.

`./run bench whatif` prints the figures that stand in docs/performance.md.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from puntuale.cli.asking import agreement_from
from puntuale.guarantee.agreement import Agreement
from puntuale.guarantee.rota import Layer, Rota
from puntuale.whatif.histories import Gathering, Question
from puntuale.whatif.replaying import replay
from puntuale.whatif.staffing import Asked, staffing

TICKETS = 1_000_000
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ROTA = Rota((Layer(1, (1, 2, 3, 4, 5), "Europe/Rome", date(2024, 1, 1)),))
MONDAY = 1_780_264_800
KINDS = [Question(plan, priority) for plan in ("basic", "professional", "advanced") for priority in "123"]


def tickets() -> list[tuple[Question, int, int]]:
    pick = random.Random(1)
    sent = ((pick.choice(KINDS), 1_704_067_200 + pick.randrange(90_000_000)) for _ in range(TICKETS))
    return [(kind, at, at + pick.randrange(200_000)) for kind, at in sent]


def written(folder: Path, told: list[tuple[Question, int, int]]) -> Path:
    file = folder / "log.csv"
    with file.open("w") as out:
        out.write("submitted_at,plan,priority,answered_at\n")
        for kind, sent, answered in told:
            instants = (datetime.fromtimestamp(second, UTC).isoformat() for second in (sent, answered))
            at, by = instants
            out.write(f"{at},{kind.plan},{kind.priority},{by}\n")
    return file


def staffed(agreement: Agreement) -> None:
    """Tell how long the search for staff takes, for a small desk and a large one, most of whose tickets come by day."""
    pick, handling = random.Random(2), np.array([300, 600, 900, 1_800], dtype=np.int64)
    for a_week in (100, 1_000):
        gathering = Gathering()
        for week in range(26):
            for _ in range(a_week):
                hour = pick.choices(range(24), [1] * 8 + [9] * 9 + [2] * 7)[0]
                at = MONDAY + (week * 168 + pick.randrange(7) * 24 + hour) * 3_600 + pick.randrange(3_600)
                gathering.add(pick.choice(KINDS), at, at)
        began = time.perf_counter()
        found = staffing(gathering.histories(), agreement, Asked(0.99, handling, growth=1.2), at=NOW)
        took = time.perf_counter() - began
        said = f"{found.hours} hours a week, {found.simulated:,} tickets in proof"
        print(f"people for {a_week:,} tickets a week, 99 % with 1.2 times as many: {took:.0f} s ({said})")


def main() -> int:
    told, agreement, gathering = tickets(), agreement_from(None), Gathering()
    for kind, sent, answered in told:
        gathering.add(kind, sent, answered)
    histories = gathering.histories()
    replay(histories, agreement, now=NOW)
    for said, rota in (("", None), (", and its calls on a rota", ROTA)):
        began = time.perf_counter()
        replay(histories, agreement, now=NOW, rota=rota)
        print(f"{TICKETS:,} tickets replayed under one agreement{said}: {time.perf_counter() - began:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        file, new = written(Path(folder), told), Path(folder) / "new.toml"
        standard = Path(__file__).parent.parent / "puntuale" / "agreements" / "standard.toml"
        new.write_text(standard.read_text(encoding="utf-8").replace('"6h business"', '"2h business"'), encoding="utf-8")
        command = [sys.executable, "-m", "puntuale", "what-if", "--agreement", str(new), "--input", str(file), "--json"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    staffed(agreement)
    print(f"the command, with a log of {TICKETS:,} rows under two agreements: {took:.1f} s, {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
