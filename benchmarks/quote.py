"""`puntuale quote`: how fast it starts, and a million rows through `--input`.

`./run bench quote` prints the figures that stand in docs/performance.md.
"""

import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROWS = 1_000_000
PROGRAM = [sys.executable, "-m", "puntuale", "quote"]


def written(folder: Path) -> Path:
    pick = random.Random(1)
    zone = timezone(timedelta(hours=1))
    file = folder / "tickets.csv"
    with file.open("w") as out:
        out.write("submitted_at,plan,priority,environment\n")
        for _ in range(ROWS):
            at = datetime.fromtimestamp(1_704_067_200 + pick.randrange(120_000_000), zone)
            out.write(
                f"{at.isoformat()},{pick.choice(('basic', 'professional', 'advanced'))},{pick.choice('123')},production\n"
            )
    return file


def start(*options: str) -> float:
    command = [*PROGRAM, "--plan", "advanced", "--priority", "2", "--at", "2026-12-24T15:30:00+01:00", *options]
    took = []
    for _ in range(11):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> int:
    print(f"one quote, from start to end of the program: {start('--json'):.2f} s as JSON, {start():.2f} s in words")
    with tempfile.TemporaryDirectory() as folder:
        file = written(Path(folder))
        took = []
        for _ in range(3):
            with Path(os.devnull).open("w") as nowhere:
                began = time.perf_counter()
                subprocess.run([*PROGRAM, "--input", str(file)], check=True, stdout=nowhere)
                took.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{ROWS:,} rows: {statistics.median(took):.1f} s ({min(took):.1f} to {max(took):.1f}), peak memory {peak:.0f} MB"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
